import type { OperatorAct } from "../domain/audit.ts";
import type { WebhookId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { EventType, Webhook } from "../domain/webhook.ts";
import type { NewId } from "../ports/clock.ts";
import type { IdempotentRequest } from "../ports/idempotency.ts";
import type { UnknownWebhook, Webhooks } from "../ports/webhooks.ts";
import type { RequestContext } from "./request_context.ts";
import type { WebhookDelivery } from "./webhook_delivery.ts";

export interface WebhookServiceDependencies {
  readonly webhooks: Webhooks;
  readonly delivery: WebhookDelivery;
  readonly newId: NewId;
}

/** The operator's acts on webhooks. */
export interface WebhookService {
  list(): Promise<readonly Webhook[]>;
  /** The answer has the secret, which is shown nowhere else. */
  register(
    webhook: { readonly url: string; readonly events: readonly EventType[] },
    act: OperatorAct,
    request: IdempotentRequest | null,
  ): ReturnType<Webhooks["register"]>;
  delete(webhookId: WebhookId, act: OperatorAct): Promise<Result<Webhook, UnknownWebhook>>;
  /** Deliveries begin after the answer. */
  replay(
    context: RequestContext,
    webhookId: WebhookId,
    since: string,
    act: OperatorAct,
    request: IdempotentRequest | null,
  ): ReturnType<Webhooks["replay"]>;
}

export function createWebhookService(
  { webhooks, delivery, newId }: WebhookServiceDependencies,
): WebhookService {
  return {
    list: () => webhooks.list(),
    async register(webhook, act, request) {
      const secret = await newSecret(newId);
      const webhookId = `whk_${newId()}` as const;
      const registered = await webhooks.register({ webhookId, ...webhook, secret }, act, request);
      if (registered.ok) await delivery.wake();
      return registered;
    },
    delete: (webhookId, act) => webhooks.delete(webhookId, act),
    async replay(context, webhookId, since, act, request) {
      const replayed = await webhooks.replay(webhookId, since, act, request);
      if (replayed.ok) context.afterAnswer(delivery.deliverSoon);
      return replayed;
    },
  };
}

/** 256 bits of two random ids, as Standard Webhooks writes a symmetric secret. */
async function newSecret(newId: NewId): Promise<string> {
  const ids = new TextEncoder().encode(newId() + newId());
  return `whsec_${new Uint8Array(await crypto.subtle.digest("SHA-256", ids)).toBase64()}`;
}
