import { EVENT_RETENTION_MS, RETRY_WINDOW_MS } from "../../domain/webhook.ts";
import type { Outbox } from "../../ports/outbox.ts";
import { type ActTime, callFunction, databaseTime, type Sql } from "./sql.ts";

/** The deliveries of events in PostgreSQL. */
export function postgresOutbox(
  { sql, actTime = databaseTime }: { readonly sql: Sql; readonly actTime?: ActTime },
): Outbox {
  return {
    claim({ limit, leaseMs, sweep }) {
      const retentionMs = sweep ? EVENT_RETENTION_MS : null;
      return callFunction(sql, "claim_deliveries", { limit, leaseMs, retentionMs, now: actTime() });
    },
    settle(outcomes) {
      const input = { outcomes, windowMs: RETRY_WINDOW_MS, now: actTime() };
      return callFunction(sql, "settle_deliveries", input, { repeatable: true });
    },
  };
}
