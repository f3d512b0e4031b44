import { type AnswerContext, gatheredPollAfterSeconds } from "./polling.ts";
import {
  type EndCause,
  type GoneReason,
  type PositionIs,
  type QueueToken,
  type RulesSnapshot,
  type Standing,
  type StockOutlook,
  ticketOf,
} from "./queue.ts";
import { renewedToken } from "./queue_token.ts";
import { ROOM_STATE_POLICIES } from "./room.ts";
import { estimateWait, type WaitEstimate } from "./wait.ts";

/** Why nobody is promoted at the moment. */
export type WaitReason = "LOBBY" | "HELD" | "CLOSED" | "SOLD_OUT";

/** What a fan learns about their own place. Times are epoch milliseconds. */
export type LineStatus =
  | {
    readonly state: "WAITING";
    /** Null until the draw. */
    readonly ticket: number | null;
    /** Null during an outage, and `positionIs` with it. */
    readonly ahead: number | null;
    readonly positionIs: PositionIs | null;
    /** Null while it is unknown. */
    readonly wait: WaitEstimate | null;
    readonly pollAfterSeconds: number;
    readonly expiresAtMs: number;
    readonly reason: WaitReason | null;
    /** Null unless the room opens by itself later. */
    readonly opensAtMs: number | null;
    /** With SOLD_OUT: whether held seats may come back. */
    readonly seatsMayReturn: boolean;
    readonly newToken: QueueToken | null;
  }
  | {
    readonly state: "GATHERED";
    /** Identifies the fan's ticket in the published list of the draw. */
    readonly pseudonym: string;
    readonly pollAfterSeconds: number;
    readonly reason: WaitReason;
    readonly opensAtMs: number | null;
    readonly newToken: QueueToken | null;
  }
  | {
    readonly state: "ADMITTED";
    readonly ticket: number;
    readonly expiresAtMs: number;
    readonly newToken: QueueToken | null;
  }
  | {
    readonly state: "GONE";
    readonly ticket: number | null;
    readonly reason: GoneReason;
    /** Null when it is not known any more. */
    readonly endedBecause: EndCause | null;
  };

export function waitReason({ state }: RulesSnapshot, seats: StockOutlook): WaitReason | null {
  if (state === "CLOSED" || state === "LOBBY") return state;
  if (seats !== "SOME") return "SOLD_OUT";
  return state === "HELD" ? state : null;
}

function openingAhead({ state, opensAtMs }: RulesSnapshot): number | null {
  return ROOM_STATE_POLICIES[state].opensByItself ? opensAtMs : null;
}

/** The status of the place of a token. */
export function lineStatus(
  token: QueueToken,
  standing: Standing,
  context: AnswerContext,
): LineStatus {
  const newToken = renewedToken(token, standing, context);
  switch (standing.state) {
    case "WAITING": {
      const { ahead, positionIs, pollAfterSeconds, expiresAtMs, speed, rules, seats } = standing;
      return {
        state: "WAITING",
        ticket: standing.order === null ? null : ticketOf(standing.order),
        ahead,
        positionIs,
        wait: ahead === null ? null : estimateWait(ahead, speed, rules, seats),
        pollAfterSeconds,
        expiresAtMs,
        reason: waitReason(rules, seats),
        opensAtMs: openingAhead(rules),
        seatsMayReturn: seats === "HELD",
        newToken,
      };
    }
    case "GATHERED":
      return {
        state: "GATHERED",
        pseudonym: standing.pseudonym,
        pollAfterSeconds: gatheredPollAfterSeconds(standing, context),
        reason: standing.rules.state === "CLOSED" ? "CLOSED" : "LOBBY",
        opensAtMs: openingAhead(standing.rules),
        newToken,
      };
    case "ADMITTED":
      return {
        state: "ADMITTED",
        ticket: ticketOf(standing.order),
        expiresAtMs: standing.expiresAtMs,
        newToken,
      };
    case "GONE":
      return {
        state: "GONE",
        ticket: token.order < 0 ? null : ticketOf(token.order),
        reason: standing.reason,
        endedBecause: standing.endedBecause,
      };
  }
}
