import type { LineStatus, WaitReason } from "../domain/line_status.ts";
import type { EndCause, GoneReason, PositionIs, QueueToken } from "../domain/queue.ts";
import type { SignQueueToken } from "./auth/queue_tokens.ts";

/** The line answer of the API. A member that does not apply is null, or absent if optional. */
export interface LineAnswer {
  readonly state: "WAITING" | "ADMITTED" | "GONE";
  readonly ticket: number | null;
  readonly position: number | null;
  readonly ahead: number | null;
  readonly positionIsExact: boolean | null;
  readonly positionIs: PositionIs | null;
  readonly estimatedWaitSeconds: number | null;
  readonly estimatedWaitRange: { readonly low: number; readonly high: number } | null;
  readonly pollAfterSeconds: number | null;
  readonly expiresAt: string | null;
  readonly reason: GoneReason | WaitReason | null;
  /** RFC 3339; while the room is to open by itself. */
  readonly opensAt?: string;
  /** Before the draw. */
  readonly pseudonym?: string;
  /** With SOLD_OUT. */
  readonly seatsMayReturn?: boolean;
  /** A newer token of the same place. */
  readonly token?: string;
  /** With ENDED, while it is known. */
  readonly endedBecause?: EndCause;
}

const NOTHING = {
  ticket: null,
  position: null,
  ahead: null,
  positionIsExact: null,
  positionIs: null,
  estimatedWaitSeconds: null,
  estimatedWaitRange: null,
  pollAfterSeconds: null,
  expiresAt: null,
  reason: null,
};

const rfc3339 = (ms: number) => new Date(ms).toISOString();

function opening(opensAtMs: number | null): { opensAt?: string } {
  return opensAtMs === null ? {} : { opensAt: rfc3339(opensAtMs) };
}

function renewal(newToken: QueueToken | null, sign: SignQueueToken): { token?: string } {
  return newToken === null ? {} : { token: sign(newToken) };
}

export function lineAnswer(status: LineStatus, sign: SignQueueToken): LineAnswer {
  switch (status.state) {
    case "WAITING": {
      const { ticket, ahead, positionIs, wait, pollAfterSeconds, reason } = status;
      return {
        state: "WAITING",
        ticket,
        position: ahead === null ? null : ahead + 1,
        ahead,
        positionIsExact: positionIs === null ? null : positionIs === "EXACT",
        positionIs,
        estimatedWaitSeconds: wait && wait.seconds,
        estimatedWaitRange: wait && { low: wait.low, high: wait.high },
        pollAfterSeconds,
        expiresAt: rfc3339(status.expiresAtMs),
        reason,
        ...opening(status.opensAtMs),
        ...(reason === "SOLD_OUT" ? { seatsMayReturn: status.seatsMayReturn } : {}),
        ...renewal(status.newToken, sign),
      };
    }
    case "GATHERED": {
      const { pollAfterSeconds, reason, opensAtMs, pseudonym, newToken } = status;
      return {
        ...NOTHING,
        state: "WAITING",
        pollAfterSeconds,
        reason,
        ...opening(opensAtMs),
        pseudonym,
        ...renewal(newToken, sign),
      };
    }
    case "ADMITTED":
      return {
        ...NOTHING,
        state: "ADMITTED",
        ticket: status.ticket,
        expiresAt: rfc3339(status.expiresAtMs),
        ...renewal(status.newToken, sign),
      };
    case "GONE": {
      const { ticket, reason, endedBecause } = status;
      const cause = reason === "ENDED" && endedBecause !== null ? { endedBecause } : {};
      return { ...NOTHING, state: "GONE", ticket, reason, ...cause };
    }
  }
}
