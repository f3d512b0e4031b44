import type { z } from "@hono/zod-openapi";
import type { LineStatus } from "../domain/line_status.ts";
import type { QueueToken } from "../domain/queue.ts";
import type { SignQueueToken } from "./auth/queue_tokens.ts";
import type { lineSchema } from "./schemas/line.ts";

/** The line answer of the API. A member that does not apply is null, or absent if optional. */
export type LineAnswer = z.output<typeof lineSchema>;

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
