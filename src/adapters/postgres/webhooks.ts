import {
  MAX_REPLAYED_EVENTS,
  MAX_WEBHOOKS,
  REPLAY_WINDOW_MS,
  type Webhook,
} from "../../domain/webhook.ts";
import type { Result } from "../../domain/result.ts";
import type {
  IdempotencyFailure,
  IdempotentRequest,
  RecordedAnswer,
} from "../../ports/idempotency.ts";
import type { TooManyWebhooks, UnknownWebhook, Webhooks } from "../../ports/webhooks.ts";
import {
  type ActTime,
  callAct,
  callRecordedAct,
  databaseTime,
  queryJson,
  type Sql,
} from "./sql.ts";

const LIST = `
  select json_agg(webhook_json(w) order by w.sequence)::text as result
    from webhooks w where w.deleted_at is null`;

/** The receivers of events in PostgreSQL. */
export function postgresWebhooks(
  { sql, actTime = databaseTime }: { readonly sql: Sql; readonly actTime?: ActTime },
): Webhooks {
  function recorded<Refusal extends { readonly kind: string }>(
    name: string,
    input: object,
    idempotency: IdempotentRequest | null,
  ): Promise<Result<RecordedAnswer<null>, Refusal | IdempotencyFailure>> {
    return callRecordedAct<null, Refusal | IdempotencyFailure>(
      sql,
      name,
      { ...input, idempotency },
      { repeatable: idempotency !== null },
    );
  }

  return {
    async list() {
      return await queryJson<Webhook[]>(sql, LIST, []) ?? [];
    },
    register(webhook, act, once) {
      const input = { ...webhook, max: MAX_WEBHOOKS, act, now: actTime() };
      return recorded<TooManyWebhooks>("register_webhook", input, once);
    },
    delete(webhookId, act) {
      const input = { webhookId, act, now: actTime() };
      return callAct<Webhook, UnknownWebhook>(sql, "delete_webhook", input);
    },
    replay(webhookId, since, act, once) {
      return recorded<UnknownWebhook>("replay_events", {
        webhookId,
        since,
        windowMs: REPLAY_WINDOW_MS,
        limit: MAX_REPLAYED_EVENTS,
        act,
        now: actTime(),
      }, once);
    },
  };
}
