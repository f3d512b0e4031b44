import { equal, ok } from "node:assert/strict";
import { orderBeforeFirst, RETURNED_ORDERS } from "../../src/domain/queue.ts";
import {
  COUNT_ORDER_MS,
  COUNT_TAKES_MS,
  HISTORY_SAMPLES,
  ISSUED_LOG_SHARE,
  QUEUE_BOUNDS,
  RECOUNT_MS,
  RELEASE_KEPT_MS,
  SOLD_OUT_RECOUNT_MS,
  SOONEST_RECOUNT_MS,
} from "../../src/domain/queue_bounds.ts";

const HOUR_MS = 3_600_000;

Deno.test("whoever returns stands before all tickets, in the order of returning", () => {
  const billion = 1_000_000_000;
  ok(RETURNED_ORDERS + billion < orderBeforeFirst(0));
  ok(Number.isSafeInteger(RETURNED_ORDERS) && RETURNED_ORDERS + 1 > RETURNED_ORDERS);
});

Deno.test("the history has a sample a minute of the last hour, also where each cron is early", () => {
  equal(HISTORY_SAMPLES, 72);
});

Deno.test("a release by id is known for longer than a day, as an idempotency key is", () => {
  ok(RELEASE_KEPT_MS > 24 * HOUR_MS && RELEASE_KEPT_MS < 26 * HOUR_MS);
});

Deno.test("the age of a ticket is known to a sixteenth of the waiting TTL", () => {
  ok(ISSUED_LOG_SHARE > 0 && ISSUED_LOG_SHARE <= 1 / 16);
});

Deno.test("every exact position is near", () => {
  ok(QUEUE_BOUNDS.leastNear > QUEUE_BOUNDS.exactAhead);
});

Deno.test("a count of the stock is over before the next one, and before its answer is too old", () => {
  ok(SOONEST_RECOUNT_MS < COUNT_TAKES_MS && COUNT_TAKES_MS < RECOUNT_MS);
  ok(RECOUNT_MS < COUNT_ORDER_MS && COUNT_ORDER_MS < SOLD_OUT_RECOUNT_MS);
});
