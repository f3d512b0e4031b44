import type { LineStatus, WaitReason } from "../domain/line_status.ts";
import type { GoneReason } from "../domain/queue.ts";

/** The line answer of the API. A member that does not apply is null, or absent if optional. */
export interface LineAnswer {
  readonly state: "WAITING" | "ADMITTED" | "GONE";
  readonly ticket: number | null;
  readonly position: number | null;
  readonly ahead: number | null;
  readonly positionIsExact: boolean | null;
  readonly estimatedWaitSeconds: number | null;
  readonly pollAfterSeconds: number | null;
  readonly expiresAt: string | null;
  readonly reason: GoneReason | WaitReason | null;
  /** RFC 3339; while the room is to open by itself. */
  readonly opensAt?: string;
  /** Before the draw. */
  readonly pseudonym?: string;
  /** With SOLD_OUT. */
  readonly seatsMayReturn?: boolean;
}

const NOTHING = {
  ticket: null,
  position: null,
  ahead: null,
  positionIsExact: null,
  estimatedWaitSeconds: null,
  pollAfterSeconds: null,
  expiresAt: null,
  reason: null,
};

const rfc3339 = (ms: number) => new Date(ms).toISOString();

function opening(opensAtMs: number | null): { opensAt?: string } {
  return opensAtMs === null ? {} : { opensAt: rfc3339(opensAtMs) };
}

export function lineAnswer(status: LineStatus): LineAnswer {
  switch (status.state) {
    case "WAITING": {
      const { ticket, ahead, estimatedWaitSeconds, pollAfterSeconds, reason } = status;
      return {
        state: "WAITING",
        ticket,
        position: ahead + 1,
        ahead,
        positionIsExact: status.aheadIsExact,
        estimatedWaitSeconds,
        pollAfterSeconds,
        expiresAt: rfc3339(status.expiresAtMs),
        reason,
        ...opening(status.opensAtMs),
        ...(reason === "SOLD_OUT" ? { seatsMayReturn: status.seatsMayReturn } : {}),
      };
    }
    case "GATHERED": {
      const { pollAfterSeconds, reason, opensAtMs, pseudonym } = status;
      return {
        ...NOTHING,
        state: "WAITING",
        pollAfterSeconds,
        reason,
        ...opening(opensAtMs),
        pseudonym,
      };
    }
    case "ADMITTED":
      return {
        ...NOTHING,
        state: "ADMITTED",
        ticket: status.ticket,
        expiresAt: rfc3339(status.expiresAtMs),
      };
    case "GONE":
      return { ...NOTHING, state: "GONE", ticket: status.ticket, reason: status.reason };
  }
}
