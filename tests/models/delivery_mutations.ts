import type { Mutation } from "./mutations.ts";

const DELIVERY = "application/webhook_delivery.ts";
const OUTBOX = "adapters/postgres/migrations/013.do.deliveries.sql";

/** Guards of the deliveries to webhooks. `law` matches the name of the law that breaks. */
export const DELIVERY_MUTATIONS: readonly Mutation[] = [
  {
    guard: "every webhook has its own turn",
    file: DELIVERY,
    text: "Map.groupBy(deliveries, ({ webhookId }) => webhookId)",
    replacement: 'Map.groupBy(deliveries, () => "all")',
    law: /keeps neither another receiver/,
  },
  {
    guard: "several receivers are asked at once",
    file: DELIVERY,
    text: "const PARALLEL_RECEIVERS = 5;",
    replacement: "const PARALLEL_RECEIVERS = 1;",
    law: /keeps neither another receiver/,
  },
  {
    guard: "a silent receiver gets no more of a run",
    file: DELIVERY,
    text: `outcome.result === "FAILED" && outcome.isSilent`,
    replacement: "false",
    law: /takes one deadline of a run/,
  },
  {
    guard: "a receiver that has not answered has one delivery in flight",
    file: "application/delivery_turns.ts",
    text: "const MAX_IN_FLIGHT_UNPROVEN = 1;",
    replacement: "const MAX_IN_FLIGHT_UNPROVEN = 100;",
    law: /one delivery in flight each/,
  },
  {
    guard: "deliveries in flight to a receiver that answers are bounded",
    file: "application/delivery_turns.ts",
    text: "export const MAX_IN_FLIGHT_PER_RECEIVER = 4;",
    replacement: "export const MAX_IN_FLIGHT_PER_RECEIVER = 100;",
    law: /not by any number/,
  },
  {
    guard: "a receiver that did not answer rests",
    file: OUTBOX,
    text: "and coalesce(w.rests_until <= v_now, true)",
    replacement: "",
    law: /did not answer rests/,
  },
  {
    guard: "receivers that hung come last",
    file: OUTBOX,
    text: "order by turn, was_silent, next_at, webhook_id limit v_limit",
    replacement: "order by turn, next_at, webhook_id limit v_limit",
    law: /did not answer rests/,
  },
  {
    guard: "receivers that took events come first",
    file: OUTBOX,
    text: "w.last_delivered_at desc nulls last,",
    replacement: "",
    law: /come before others/,
  },
  {
    guard: "more than one round follows an answer",
    file: DELIVERY,
    text: "if (sent === 0 || dueInMs !== 0) return;",
    replacement: "return;",
    law: /several runs at once/,
  },
  {
    guard: "a delivery that was not sent has lost no attempt",
    file: OUTBOX,
    text: "attempts = d.attempts - (o.result = 'UNSENT')::integer",
    replacement: "attempts = d.attempts",
    law: /takes one deadline of a run/,
  },
  {
    guard: "first attempts before others",
    file: OUTBOX,
    text: "c.attempts, e.sequence, w.sequence)",
    replacement: "e.sequence, w.sequence)",
    law: /takes one deadline of a run/,
  },
  {
    guard: "a claim moves deliveries ahead",
    file: OUTBOX,
    text: "next_at = v_now + (p->>'leaseMs')::bigint * interval '1 millisecond'",
    replacement: "next_at = d.next_at",
    law: /two runs at once/,
  },
  {
    guard: "a lease ends",
    file: DELIVERY,
    text: "const LEASE_MS = 120_000;",
    replacement: "const LEASE_MS = 120_000_000;",
    law: /a run that was cut off/,
  },
  {
    guard: "retries end with their window",
    file: OUTBOX,
    text: "o.result = 'FAILED' and coalesce(o.retry_at > o.ends_at, true)",
    replacement: "false",
    law: /for a day, then given up/,
  },
  {
    guard: "410 disables a webhook",
    file: OUTBOX,
    text: "disabled_at = case when o.is_gone then v_now else w.disabled_at end",
    replacement: "disabled_at = w.disabled_at",
    law: /410 disables/,
  },
  {
    guard: "only 2xx is a success",
    file: DELIVERY,
    text: "sent.status >= 200 && sent.status < 300",
    replacement: "sent.status < 400",
    law: /^30\d is a failure/,
  },
  {
    guard: "the cron asks only when something may be due",
    file: DELIVERY,
    text: `if (mark?.state === "HIT") return;`,
    replacement: "",
    law: /PostgreSQL is not asked/,
  },
  {
    guard: "an act that wrote events removes the mark",
    file: DELIVERY,
    text: `      await wake();
      for (`,
    replacement: "      for (",
    law: /PostgreSQL is not asked/,
  },
  {
    guard: "the mark ends when the next delivery is due",
    file: DELIVERY,
    text: "Math.min(longestMs, dueInMs ?? longestMs)",
    replacement: "longestMs",
    law: /PostgreSQL is not asked/,
  },
];
