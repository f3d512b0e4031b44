import type { Sql } from "../../../src/adapters/postgres/sql.ts";
import type { WebhookId } from "../../../src/domain/ids.ts";
import { EVENT_TYPES, type EventType } from "../../../src/domain/webhook.ts";
import type { Delivery, Outcome } from "../../../src/ports/outbox.ts";
import { ALEX, type BoxOffice, must } from "../box_office/office.ts";

export const LEASE_MS = 60_000;
export const RETRY_MS = 30_000;
export const FAILED = {
  result: "FAILED",
  retryInMs: RETRY_MS,
  reason: "status 500",
  isSilent: false,
} as const;

export async function register(
  { webhooks }: Pick<BoxOffice, "webhooks">,
  events: readonly EventType[] = EVENT_TYPES,
  url = "https://hooks.example.com/",
): Promise<WebhookId> {
  const webhookId = `whk_${crypto.randomUUID()}` as const;
  const webhook = { webhookId, url, events, secret: "whsec_c2VjcmV0" };
  must(await webhooks.register(webhook, ALEX, null));
  return webhookId;
}

/** Runs with webhooks of its own. No other test has one, because acts of all would reach it. */
export async function withWebhooks<const Wanted extends readonly (readonly EventType[])[]>(
  office: BoxOffice,
  wanted: Wanted,
  run: (ids: { readonly [Index in keyof Wanted]: WebhookId }) => Promise<void>,
): Promise<void> {
  const ids: WebhookId[] = [];
  for (const events of wanted) ids.push(await register(office, events));
  try {
    await run(ids as unknown as { readonly [Index in keyof Wanted]: WebhookId });
  } finally {
    for (const { webhookId } of await office.webhooks.list()) {
      must(await office.webhooks.delete(webhookId, ALEX));
    }
  }
}

/** Writes events as an act does. */
export async function emit(
  office: Pick<BoxOffice, "sql" | "clock">,
  type: EventType,
  ...data: readonly object[]
): Promise<boolean> {
  const [row] = await office.sql(
    `select emit_events($1, array(select jsonb_array_elements($2::text::jsonb)),
      $3::text::timestamptz)::text as effects`,
    [type, JSON.stringify(data), new Date(office.clock.nowMs).toISOString()],
  );
  return row!["effects"] === '{"events": true}';
}

/** Replays, and gives what was answered. */
export async function replay(
  { webhooks }: Pick<BoxOffice, "webhooks">,
  webhookId: WebhookId,
  since: string,
  act = ALEX,
): Promise<{ events: number; nextSince: string | null }> {
  return JSON.parse(must(await webhooks.replay(webhookId, since, act, null)).json);
}

export function claim(
  { outbox }: Pick<BoxOffice, "outbox">,
  limit = 50,
  except: readonly WebhookId[] = [],
) {
  return outbox.claim({ limit, leaseMs: LEASE_MS, except, sweep: false });
}

export function settle(
  { outbox }: Pick<BoxOffice, "outbox">,
  deliveries: readonly Delivery[],
  outcome: Outcome,
) {
  return outbox.settle(
    deliveries.map(({ webhookId, sequence, attempts }) => ({
      webhookId,
      sequence,
      attempts,
      ...outcome,
    })),
  );
}

/** What the deliveries are about. */
export function dataOf(deliveries: readonly Delivery[]): unknown[] {
  return deliveries.map(({ data }) => data);
}

export async function rowsOf(sql: Sql, table: "events" | "deliveries"): Promise<number> {
  const [row] = await sql(`select count(*)::integer as count from ${table}`, []);
  return Number(row!["count"]);
}
