import { type RulesSnapshot, showUpWindowMs } from "../../domain/queue.ts";
import {
  type AdmissionPace,
  admissionPace,
  ROOM_STATE_POLICIES,
  type RoomState,
  type Rules,
  stateAt,
} from "../../domain/room.ts";
import type { JoinRefusal } from "../../ports/queue_store.ts";

/** The rules of a room: of all applied rules those with the highest version. */
export interface RoomRules {
  readonly current: Rules;
  apply(next: Rules, nowMs: number): void;
  state(nowMs: number): RoomState;
  /** Whether the opening time has passed while the rules still name the state before it. */
  hasOpened(nowMs: number): boolean;
  pace(): AdmissionPace | null;
  /** The time to show up for a fan whom another fan's call promotes now, in milliseconds. */
  windowMs(nowMs: number): number;
  /** Why a new fan may not join now; null if joining is allowed. */
  refusal(nowMs: number): JoinRefusal | null;
  snapshot(nowMs: number): RulesSnapshot;
}

interface OldWindow {
  readonly windowMs: number;
  readonly untilMs: number;
}

export function createRoomRules(initial: Rules, showUpMs: number): RoomRules {
  let rules = initial;
  /** The windows of earlier rules whose longer polling intervals are still in use. */
  let oldWindows: readonly OldWindow[] = [];

  const windowOf = ({ pollMaxSeconds }: Rules) => showUpWindowMs(showUpMs, pollMaxSeconds);

  return {
    get current() {
      return rules;
    },
    apply(next, nowMs) {
      if (next.version <= rules.version) return;
      oldWindows = oldWindows.filter(({ untilMs }) => nowMs < untilMs);
      if (next.pollMaxSeconds < rules.pollMaxSeconds) {
        const untilMs = nowMs + rules.pollMaxSeconds * 1000;
        oldWindows = [...oldWindows, { windowMs: windowOf(rules), untilMs }];
      }
      rules = next;
    },
    state: (nowMs) => stateAt(rules, nowMs),
    hasOpened: (nowMs) => stateAt(rules, nowMs) !== rules.state,
    pace: () => admissionPace(rules.admissionsPerMinute),
    windowMs(nowMs) {
      const inForce = oldWindows.filter(({ untilMs }) => nowMs < untilMs);
      return Math.max(windowOf(rules), ...inForce.map(({ windowMs }) => windowMs));
    },
    refusal(nowMs) {
      const state = stateAt(rules, nowMs);
      // A lobby without a draw has no fair order.
      const { mayJoin, gathers } = ROOM_STATE_POLICIES[state];
      return mayJoin && (!gathers || rules.draw !== null) ? null : closed(state, rules);
    },
    snapshot: (nowMs) => ({
      state: stateAt(rules, nowMs),
      opensAtMs: rules.opensAtMs,
      capacity: rules.capacity,
      admissionsPerMinute: rules.admissionsPerMinute,
      holdTtlMs: rules.holdTtlMs,
      pollMinSeconds: rules.pollMinSeconds,
      pollMaxSeconds: rules.pollMaxSeconds,
    }),
  };
}

export function closed(state: RoomState, { opensAtMs }: Rules): JoinRefusal {
  return { refused: "CLOSED", state, opensAtMs };
}
