import {
  type AnswerContext,
  estimatedWaitSeconds,
  gatheredPollAfterSeconds,
  pollAfterSeconds,
} from "./polling.ts";
import {
  type GoneReason,
  type RulesSnapshot,
  type Standing,
  type StockOutlook,
  ticketOf,
} from "./queue.ts";
import { ROOM_STATE_POLICIES } from "./room.ts";

/** Why nobody is promoted at the moment. */
export type WaitReason = "LOBBY" | "HELD" | "CLOSED" | "SOLD_OUT";

/** What a fan learns about their own place. Times are epoch milliseconds. */
export type LineStatus =
  | {
    readonly state: "WAITING";
    /** Null until the draw. */
    readonly ticket: number | null;
    readonly ahead: number;
    readonly aheadIsExact: boolean;
    readonly estimatedWaitSeconds: number;
    readonly pollAfterSeconds: number;
    readonly expiresAtMs: number;
    readonly reason: WaitReason | null;
    /** Null unless the room opens by itself later. */
    readonly opensAtMs: number | null;
    /** With SOLD_OUT: whether held seats may come back. */
    readonly seatsMayReturn: boolean;
  }
  | {
    readonly state: "GATHERED";
    /** Identifies the fan's ticket in the published list of the draw. */
    readonly pseudonym: string;
    readonly pollAfterSeconds: number;
    readonly reason: WaitReason;
    readonly opensAtMs: number | null;
  }
  | { readonly state: "ADMITTED"; readonly ticket: number; readonly expiresAtMs: number }
  | { readonly state: "GONE"; readonly ticket: number | null; readonly reason: GoneReason };

function waitReason({ state }: RulesSnapshot, seats: StockOutlook): WaitReason | null {
  if (state === "CLOSED" || state === "LOBBY") return state;
  if (seats !== "SOME") return "SOLD_OUT";
  return state === "HELD" ? state : null;
}

function openingAhead({ state, opensAtMs }: RulesSnapshot): number | null {
  return ROOM_STATE_POLICIES[state].opensByItself ? opensAtMs : null;
}

/** The status of a standing. `order` is that of the queue token; a GONE standing has no other. */
export function lineStatus(order: number, standing: Standing, context: AnswerContext): LineStatus {
  switch (standing.state) {
    case "WAITING": {
      const { ahead, aheadIsExact, expiresAtMs, pace, rules, seats } = standing;
      return {
        state: "WAITING",
        ticket: standing.order === null ? null : ticketOf(standing.order),
        ahead,
        aheadIsExact,
        estimatedWaitSeconds: estimatedWaitSeconds(ahead, pace, rules),
        pollAfterSeconds: pollAfterSeconds(ahead, pace, rules, context),
        expiresAtMs,
        reason: waitReason(rules, seats),
        opensAtMs: openingAhead(rules),
        seatsMayReturn: seats === "HELD",
      };
    }
    case "GATHERED":
      return {
        state: "GATHERED",
        pseudonym: standing.pseudonym,
        pollAfterSeconds: gatheredPollAfterSeconds(standing.rules, context),
        reason: standing.rules.state === "CLOSED" ? "CLOSED" : "LOBBY",
        opensAtMs: openingAhead(standing.rules),
      };
    case "ADMITTED":
      return {
        state: "ADMITTED",
        ticket: ticketOf(standing.order),
        expiresAtMs: standing.expiresAtMs,
      };
    case "GONE":
      return {
        state: "GONE",
        ticket: order < 0 ? null : ticketOf(order),
        reason: standing.reason,
      };
  }
}
