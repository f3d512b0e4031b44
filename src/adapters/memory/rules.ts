import { type RulesSnapshot, showUpWindowMs } from "../../domain/queue.ts";
import {
  type AdmissionPace,
  admissionPace,
  type RoomState,
  type Rules,
  stateAt,
} from "../../domain/room.ts";
import type { JoinRefusal } from "../../ports/queue_store.ts";

interface OldWindow {
  readonly windowMs: number;
  readonly untilMs: number;
}

/** What a room follows: the rules of the highest version that it was given. */
export function roomRules(given: Rules, showUpMs: number) {
  let rules = given;
  /** Of fans who were told, by rules that have gone, to ask again later than fans are now. */
  let oldWindows: readonly OldWindow[] = [];

  const windowOf = ({ pollMaxSeconds }: Rules) => showUpWindowMs(showUpMs, pollMaxSeconds);

  return {
    follow(next: Rules, nowMs: number): void {
      if (next.version <= rules.version) return;
      oldWindows = oldWindows.filter(({ untilMs }) => nowMs < untilMs);
      if (next.pollMaxSeconds < rules.pollMaxSeconds) {
        const untilMs = nowMs + rules.pollMaxSeconds * 1000;
        oldWindows = [...oldWindows, { windowMs: windowOf(rules), untilMs }];
      }
      rules = next;
    },
    get now(): Rules {
      return rules;
    },
    state: (nowMs: number): RoomState => stateAt(rules, nowMs),
    /** Whether the opening time has passed, and the rules do not say so yet. */
    hasOpened: (nowMs: number): boolean => stateAt(rules, nowMs) !== rules.state,
    pace: (): AdmissionPace | null => admissionPace(rules.admissionsPerMinute),
    /** How long a fan whom another call promotes now has to show up. */
    windowMs(nowMs: number): number {
      const inForce = oldWindows.filter(({ untilMs }) => nowMs < untilMs);
      return Math.max(windowOf(rules), ...inForce.map(({ windowMs }) => windowMs));
    },
    /** Why nobody new may join now; null if they may. A lobby without a draw would not be fair. */
    refusal(nowMs: number): JoinRefusal | null {
      const state = stateAt(rules, nowMs);
      const mayJoin = state === "OPEN" || state === "HELD" ||
        (state === "LOBBY" && rules.draw !== null);
      return mayJoin ? null : closed(state, rules);
    },
    told(nowMs: number): RulesSnapshot {
      return {
        state: stateAt(rules, nowMs),
        opensAtMs: rules.opensAtMs,
        capacity: rules.capacity,
        admissionsPerMinute: rules.admissionsPerMinute,
        holdTtlMs: rules.holdTtlMs,
        pollMinSeconds: rules.pollMinSeconds,
        pollMaxSeconds: rules.pollMaxSeconds,
      };
    },
  };
}

export type RoomRules = ReturnType<typeof roomRules>;

export function closed(state: RoomState, { opensAtMs }: Rules): JoinRefusal {
  return { refused: "CLOSED", state, opensAtMs };
}
