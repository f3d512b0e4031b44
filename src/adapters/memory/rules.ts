import type { RulesSnapshot } from "../../domain/queue.ts";
import {
  ROOM_STATE_POLICIES,
  type RoomStatePolicy,
  type Rules,
  STATE_AFTER_OPENING,
} from "../../domain/room.ts";
import type { JoinRefusal } from "../../ports/queue_store.ts";

/** The rules of a room: of all applied rules those with the highest version. */
export interface RoomRules {
  current: Rules;
  /** What the present state allows. */
  allows: RoomStatePolicy;
  snapshot: RulesSnapshot;
  /** When the room opens by itself; Infinity for never. */
  opensAtMs: number;
  /** Whether the opening time has passed while `current` names the state before it. */
  hasOpened: boolean;
  /** When rules were applied last, these or older ones. */
  checkedAtMs: number;
  /** A longer polling interval of earlier rules, and until when fans may follow it. */
  oldPollMs: number;
  oldPollUntilMs: number;
  /** The draw whose seed may be known. Nobody gathers for it any more. */
  openedDraw: string | null;
}

export function createRoomRules(rules: Rules, nowMs: number): RoomRules {
  return {
    ...inForce(rules, null),
    checkedAtMs: nowMs,
    oldPollMs: 0,
    oldPollUntilMs: 0,
    openedDraw: null,
  };
}

/** Fans were answered with a longest polling interval of so much. */
export function toldMs({ current, oldPollMs, oldPollUntilMs }: RoomRules, nowMs: number): number {
  return Math.max(current.pollMaxSeconds * 1000, nowMs < oldPollUntilMs ? oldPollMs : 0);
}

export function replaceRules(rules: RoomRules, next: Rules, nowMs: number, showUpMs: number): void {
  if (next.pollMaxSeconds < rules.current.pollMaxSeconds) {
    rules.oldPollMs = toldMs(rules, nowMs);
    rules.oldPollUntilMs = nowMs + rules.oldPollMs + showUpMs;
  }
  Object.assign(rules, inForce(next, rules.openedDraw));
}

export function openByTime(rules: RoomRules): void {
  rules.allows = ROOM_STATE_POLICIES[STATE_AFTER_OPENING];
  rules.snapshot = { ...rules.snapshot, state: STATE_AFTER_OPENING };
  rules.opensAtMs = Infinity;
  rules.hasOpened = true;
  rules.openedDraw = rules.current.draw?.id ?? null;
}

export function closed({ snapshot: { state, opensAtMs } }: RoomRules): JoinRefusal {
  return { refused: "CLOSED", state, opensAtMs };
}

/** The state of these rules. Fans who join a lobby whose draw was opened get tickets behind it. */
function inForce(rules: Rules, openedDraw: string | null) {
  const policy = ROOM_STATE_POLICIES[rules.state];
  const isOpened = rules.draw !== null && rules.draw.id === openedDraw;
  return {
    current: rules,
    allows: { ...policy, gathers: policy.gathers && !isOpened },
    snapshot: {
      state: rules.state,
      opensAtMs: rules.opensAtMs,
      capacity: rules.capacity,
      admissionsPerMinute: rules.admissionsPerMinute,
      holdTtlMs: rules.holdTtlMs,
      pollMinSeconds: rules.pollMinSeconds,
      pollMaxSeconds: rules.pollMaxSeconds,
    },
    opensAtMs: policy.opensByItself ? rules.opensAtMs ?? Infinity : Infinity,
    hasOpened: false,
  };
}
