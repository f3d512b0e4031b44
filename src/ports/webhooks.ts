import type { OperatorAct } from "../domain/audit.ts";
import type { WebhookId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { EventType, Webhook } from "../domain/webhook.ts";
import type { IdempotencyFailure, IdempotentRequest, RecordedAnswer } from "./idempotency.ts";

/** The receivers of events, with the operator's acts on them. Each method is one statement. */
export interface Webhooks {
  /** At most `MAX_WEBHOOKS`, in the order in which they were registered. */
  list(): Promise<readonly Webhook[]>;
  /** The answer is the webhook, with its secret. */
  register(
    webhook: NewWebhook,
    act: OperatorAct,
    once: IdempotentRequest | null,
  ): Promise<Result<RecordedAnswer<null>, TooManyWebhooks | IdempotencyFailure>>;
  /** Nothing is delivered to it any more. Gives it as it was. */
  delete(webhookId: WebhookId, act: OperatorAct): Promise<Result<Webhook, UnknownWebhook>>;
  /** Delivers events that are newer than `since` again, the oldest first. The answer is a `Replay`. */
  replay(
    webhookId: WebhookId,
    since: string,
    act: OperatorAct,
    once: IdempotentRequest | null,
  ): Promise<Result<RecordedAnswer<null>, UnknownWebhook | IdempotencyFailure>>;
}

export interface NewWebhook {
  readonly webhookId: WebhookId;
  readonly url: string;
  readonly events: readonly EventType[];
  readonly secret: string;
}

/** There are `MAX_WEBHOOKS` already. */
export interface TooManyWebhooks {
  readonly kind: "TOO_MANY_WEBHOOKS";
}

export interface UnknownWebhook {
  readonly kind: "UNKNOWN_WEBHOOK";
}

export interface Replay {
  /** The number of events. */
  readonly events: number;
  /** More events are kept: the next replay goes on from here. Null: these were all. */
  readonly nextSince: string | null;
}
