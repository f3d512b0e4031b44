import { EVENT_RETENTION_MS, RETRY_WINDOW_MS, SILENT_REST_MS } from "../../domain/webhook.ts";
import type { Outbox } from "../../ports/outbox.ts";
import { type ActTime, callFunction, databaseTime, type Sql } from "./sql.ts";

/** The deliveries of events in PostgreSQL. */
export function postgresOutbox(
  { sql, actTime = databaseTime }: { readonly sql: Sql; readonly actTime?: ActTime },
): Outbox {
  return {
    claim({ limit, leaseMs, except, sweep }) {
      const retentionMs = sweep ? EVENT_RETENTION_MS : null;
      const input = { limit, leaseMs, except, retentionMs, now: actTime() };
      return callFunction(sql, "claim_deliveries", input);
    },
    settle(outcomes) {
      const now = actTime();
      const input = { outcomes, windowMs: RETRY_WINDOW_MS, restMs: SILENT_REST_MS, now };
      return callFunction(sql, "settle_deliveries", input, { repeatable: true });
    },
  };
}
