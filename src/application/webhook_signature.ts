import type { Delivery } from "../ports/outbox.ts";
import type { WebhookMessage } from "../ports/webhook_sender.ts";

const SECRET_PREFIX = "whsec_";

/** The message of one attempt, signed as Standard Webhooks has it. */
export async function signedMessage(delivery: Delivery, nowMs: number): Promise<WebhookMessage> {
  const { url, secret, eventId, type, timestamp, sequence, data } = delivery;
  const body = JSON.stringify({ type, timestamp, sequence, data });
  const sentAt = String(Math.floor(nowMs / 1000));
  return {
    url,
    body,
    headers: {
      "webhook-id": eventId,
      "webhook-timestamp": sentAt,
      "webhook-signature": await webhookSignature(secret, `${eventId}.${sentAt}.${body}`),
    },
  };
}

/** `v1,` and the HMAC-SHA256 of the text in base64, keyed by the decoded secret. */
export async function webhookSignature(secret: string, text: string): Promise<string> {
  const key = await crypto.subtle.importKey(
    "raw",
    Uint8Array.fromBase64(secret.slice(SECRET_PREFIX.length)),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const signature = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text));
  return `v1,${new Uint8Array(signature).toBase64()}`;
}
