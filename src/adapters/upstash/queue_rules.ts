import type { RulesSnapshot } from "../../domain/queue.ts";
import {
  admissionPace,
  type Draw,
  ROOM_STATE_POLICIES,
  type RoomState,
  type Rules,
  STATE_AFTER_OPENING,
} from "../../domain/room.ts";

/** The fields of the room's hash that come from its rules; see `room.lua`. */
export function ruleFields(rules: Rules): (string | number)[] {
  const rate = admissionPace(rules.admissionsPerMinute);
  const { opensByItself } = ROOM_STATE_POLICIES[rules.state];
  const opened = { ...rules, state: STATE_AFTER_OPENING };
  return Object.entries({
    made_at: rules.madeAtMs,
    rules: snapshotText(rules),
    opening_rules: snapshotText(opened),
    ...flags(rules.state, ""),
    ...flags(opened.state, "opening_"),
    opens_at: opensByItself ? rules.opensAtMs ?? 0 : 0,
    capacity: rules.capacity,
    interval: rate?.intervalMs ?? 0,
    tolerance: rate?.toleranceMs ?? 0,
    admission_ms: rules.admissionTtlMs,
    poll_min: rules.pollMinSeconds,
    poll_max: rules.pollMaxSeconds,
    challenge: Number(rules.challengeAtJoin),
  }).flat();
}

function flags(state: RoomState, prefix: string): Record<string, number> {
  const { mayJoin, gathers, promotes, isReleasable } = ROOM_STATE_POLICIES[state];
  return {
    [`${prefix}joins`]: Number(mayJoin),
    [`${prefix}gathers`]: Number(gathers),
    [`${prefix}promotes`]: Number(promotes),
    [`${prefix}releases`]: Number(isReleasable),
  };
}

/** The part of the rules that answers need. Only this program reads it. */
function snapshotText(rules: RulesSnapshot): string {
  const { state, opensAtMs, capacity, admissionsPerMinute, holdTtlMs } = rules;
  const { pollMinSeconds, pollMaxSeconds } = rules;
  const limits = { capacity, admissionsPerMinute, holdTtlMs, pollMinSeconds, pollMaxSeconds };
  return JSON.stringify({ state, opensAtMs, ...limits } satisfies RulesSnapshot);
}

const HMAC_BLOCK_BYTES = 64;
const [INNER, OUTER] = [0x36, 0x5c];

/** Id, seed, salt, and the inner and outer key of HMAC-SHA-1 in hex, which Lua cannot compute. */
export function drawArgs(draw: Draw | null): string[] {
  if (!draw) return ["", "", "", "", ""];
  const key = new Uint8Array(HMAC_BLOCK_BYTES);
  key.set(new TextEncoder().encode(draw.seed));
  const padded = [INNER, OUTER].map((pad) => key.map((byte) => byte ^ pad).toHex());
  return [draw.id, draw.seed, draw.salt, ...padded];
}
