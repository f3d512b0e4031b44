import type { Trace } from "../../ports/trace.ts";
import type { WebhookSender } from "../../ports/webhook_sender.ts";

/** How long a receiver may take to answer. */
const DEADLINE_MS = 5_000;

export interface FetchWebhookSenderOptions {
  readonly trace: Pick<Trace, "headers">;
  readonly deadlineMs?: number;
}

/** Sends events by `fetch`. */
export function fetchWebhookSender(
  { trace, deadlineMs = DEADLINE_MS }: FetchWebhookSenderOptions,
): WebhookSender {
  return async ({ url, headers, body }) => {
    try {
      const response = await fetch(url, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "User-Agent": "Stanchion",
          ...trace.headers(),
          ...headers,
        },
        body,
        // A redirect could lead to an address that may not be registered.
        redirect: "manual",
        signal: AbortSignal.timeout(deadlineMs),
      });
      await response.body?.cancel().catch(() => {});
      return { answered: true, status: response.status };
    } catch (error) {
      const isLate = error instanceof DOMException && error.name === "TimeoutError";
      const reason = isLate ? `no answer within ${deadlineMs / 1000} s` : "not reached";
      return { answered: false, reason };
    }
  };
}
