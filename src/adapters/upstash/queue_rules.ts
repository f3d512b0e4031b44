import type { RulesSnapshot, StockOutlook } from "../../domain/queue.ts";
import { admissionPace, type Draw, type RoomState, type Rules } from "../../domain/room.ts";

/** Converts the rules of a room to their text in the record and back; see `rules.lua`. */

const LETTERS: Readonly<Record<RoomState, string>> = {
  CLOSED: "C",
  LOBBY: "L",
  OPEN: "O",
  HELD: "H",
  DRAINING: "D",
};
/** The state of a CLOSED or LOBBY room after its opening time. */
const OPENED = "o";
const STATES: Readonly<Record<string, RoomState>> = {
  ...Object.fromEntries(Object.entries(LETTERS).map(([state, letter]) => [letter, state])),
  [OPENED]: "OPEN",
};
const OUTLOOKS: Readonly<Record<string, StockOutlook>> = { S: "SOME", H: "HELD", N: "NONE" };
const UNSET = "-";

/** The rules as in the record, without the stock outlook. */
export function rulesText(rules: Rules): string {
  const pace = admissionPace(rules.admissionsPerMinute);
  return [
    LETTERS[rules.state],
    rules.version,
    rules.opensAtMs ?? UNSET,
    rules.capacity,
    rules.admissionsPerMinute ?? UNSET,
    pace?.intervalMs ?? UNSET,
    pace?.toleranceMs ?? UNSET,
    rules.admissionTtlMs,
    rules.holdTtlMs,
    rules.pollMinSeconds,
    rules.pollMaxSeconds,
  ].join(":");
}

export function readRules(text: string): RulesSnapshot & { readonly seats: StockOutlook } {
  const [
    letter,
    _version,
    opensAt,
    capacity,
    perMinute,
    _interval,
    _tolerance,
    _admission,
    ...rest
  ] = text.split(":");
  const [hold, pollMin, pollMax, outlook] = rest;
  return {
    state: known(STATES, letter),
    opensAtMs: opensAt === UNSET ? null : Number(opensAt),
    capacity: Number(capacity),
    admissionsPerMinute: perMinute === UNSET ? null : Number(perMinute),
    holdTtlMs: Number(hold),
    pollMinSeconds: Number(pollMin),
    pollMaxSeconds: Number(pollMax),
    seats: known(OUTLOOKS, outlook),
  };
}

function known<Value>(values: Readonly<Record<string, Value>>, letter: string | undefined): Value {
  const value = values[letter ?? ""];
  if (value === undefined) {
    throw new Error(`unknown letter in the record of a room: ${JSON.stringify(letter)}`);
  }
  return value;
}

const HMAC_BLOCK_BYTES = 64;
const [INNER, OUTER] = [0x36, 0x5c];

/** Id, salt, and the inner and outer key of HMAC-SHA-1 in hex, which Lua cannot compute. */
export function drawArgs(draw: Draw | null): string[] {
  if (!draw) return ["", "", "", ""];
  const key = new Uint8Array(HMAC_BLOCK_BYTES);
  key.set(new TextEncoder().encode(draw.seed));
  return [
    draw.id,
    draw.salt,
    ...[INNER, OUTER].map((pad) => key.map((byte) => byte ^ pad).toHex()),
  ];
}
