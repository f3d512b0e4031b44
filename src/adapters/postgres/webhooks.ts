import {
  MAX_REPLAYED_EVENTS,
  MAX_WEBHOOKS,
  REPLAY_WINDOW_MS,
  type Webhook,
} from "../../domain/webhook.ts";
import type { Replay, TooManyWebhooks, UnknownWebhook, Webhooks } from "../../ports/webhooks.ts";
import { type ActTime, callAct, databaseTime, queryJson, type Sql } from "./sql.ts";

const LIST = `
  select json_agg(webhook_json(w) order by w.sequence)::text as result
    from webhooks w where w.deleted_at is null`;

/** The receivers of events in PostgreSQL. */
export function postgresWebhooks(
  { sql, actTime = databaseTime }: { readonly sql: Sql; readonly actTime?: ActTime },
): Webhooks {
  return {
    async list() {
      return await queryJson<Webhook[]>(sql, LIST, []) ?? [];
    },
    register(webhook, act) {
      const input = { ...webhook, max: MAX_WEBHOOKS, act, now: actTime() };
      return callAct<Webhook, TooManyWebhooks>(sql, "register_webhook", input);
    },
    delete(webhookId, act) {
      const input = { webhookId, act, now: actTime() };
      return callAct<Webhook, UnknownWebhook>(sql, "delete_webhook", input);
    },
    replay(webhookId, since, act) {
      return callAct<Replay, UnknownWebhook>(sql, "replay_events", {
        webhookId,
        since,
        windowMs: REPLAY_WINDOW_MS,
        limit: MAX_REPLAYED_EVENTS,
        act,
        now: actTime(),
      });
    },
  };
}
