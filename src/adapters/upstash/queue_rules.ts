import type { RulesSnapshot, StockOutlook } from "../../domain/queue.ts";
import { admissionPace, type Draw, type RoomState, type Rules } from "../../domain/room.ts";

/** How a room's rules go into its record and out of it again; see `rules.lua`. */

const LETTERS: Readonly<Record<RoomState, string>> = {
  CLOSED: "C",
  LOBBY: "L",
  OPEN: "O",
  HELD: "H",
  DRAINING: "D",
};
/** A room whose time has come, so that it is open, whatever state its settings name. */
const OPENED = "o";
const STATES: Readonly<Record<string, RoomState>> = {
  ...Object.fromEntries(Object.entries(LETTERS).map(([state, letter]) => [letter, state])),
  [OPENED]: "OPEN",
};
const SEATS: Readonly<Record<string, StockOutlook>> = { S: "SOME", H: "HELD", N: "NONE" };
const UNSET = "-";

/** The rules as the record has them, but for the seats to hope for. */
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
  const [hold, pollMin, pollMax, seats] = rest;
  return {
    state: known(STATES, letter),
    opensAtMs: opensAt === UNSET ? null : Number(opensAt),
    capacity: Number(capacity),
    admissionsPerMinute: perMinute === UNSET ? null : Number(perMinute),
    holdTtlMs: Number(hold),
    pollMinSeconds: Number(pollMin),
    pollMaxSeconds: Number(pollMax),
    seats: known(SEATS, seats),
  };
}

function known<Value>(values: Readonly<Record<string, Value>>, letter: string | undefined): Value {
  const value = values[letter ?? ""];
  if (value === undefined) throw new Error(`the room's record says ${JSON.stringify(letter)}`);
  return value;
}

const HMAC_BLOCK_BYTES = 64;
const [INNER, OUTER] = [0x36, 0x5c];

/** Id, salt, and the seed as the two keys of HMAC-SHA-1 in hex, which a script does not make. */
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
