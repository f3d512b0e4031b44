import { deepEqual } from "node:assert/strict";
import { ADMISSION_MAX_SECONDS, MAX_AUDIENCE_LENGTH } from "../../src/domain/admission.ts";
import { FRONT_OUTAGE_TTL_MS, FRONT_TTL_MS } from "../../src/domain/front.ts";
import { MAX_FAN_ID_LENGTH } from "../../src/domain/ids.ts";
import * as limits from "../../src/domain/limits.ts";
import { QUEUE_BOUNDS } from "../../src/domain/queue_bounds.ts";
import { ASSUMED_TURNOVER_SECONDS } from "../../src/domain/line_speed.ts";
import {
  EVENT_RETENTION_MS,
  MAX_REPLAYED_EVENTS,
  MAX_WEBHOOK_URL_LENGTH,
  MAX_WEBHOOKS,
  REPLAY_WINDOW_MS,
  RETRY_DELAYS_MS,
  RETRY_WINDOW_MS,
  SILENT_REST_MS,
} from "../../src/domain/webhook.ts";

/** Numbers that callers and operators rely on, as the documents have them. */

const [SECOND_MS, MINUTE_MS, HOUR_MS] = [1_000, 60_000, 3_600_000];

Deno.test("the business limits are those of the documentation", () => {
  deepEqual({ ...limits }, {
    MAX_SEATS_PER_REQUEST: 50,
    MAX_SCHEDULES_PER_CONCERT: 100,
    MAX_SEATS_PER_CONCERT: 100_000,
    MAX_CONCERTS_PER_PAGE: 500,
    MAX_SEAT_NUMBER: 1_000_000,
    MAX_SEAT_PRICE: 100_000_000,
    MAX_CHARGE: 10_000_000,
    MAX_CORRECTION: 1_000_000_000,
    MAX_CAPACITY: 10_000_000,
    MAX_PROMOTED_PER_REQUEST: 10_000,
    MAX_DURATION_SECONDS: 31_622_400,
    PLENTIFUL_STOCK: 1_000,
  });
  deepEqual(MAX_FAN_ID_LENGTH, 128);
});

Deno.test("an admission for another server lives five minutes at most", () => {
  deepEqual([ADMISSION_MAX_SECONDS, MAX_AUDIENCE_LENGTH], [300, 255]);
});

Deno.test("a front document is used for a second, and for 30 s while the store fails", () => {
  deepEqual([FRONT_TTL_MS, FRONT_OUTAGE_TTL_MS], [SECOND_MS, 30 * SECOND_MS]);
});

Deno.test("the last hundred in front of a fan are counted exactly", () => {
  deepEqual(QUEUE_BOUNDS.exactAhead, 100);
});

Deno.test("before a turn ended, 300 s are assumed for each full house", () => {
  deepEqual(ASSUMED_TURNOVER_SECONDS, 300);
});

Deno.test("an event is tried ten times in a day, and can be replayed for seven", () => {
  deepEqual(RETRY_DELAYS_MS, [
    ...[30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS],
    ...[1, 2, 4, 6, 9.5].map((hours) => hours * HOUR_MS),
  ]);
  deepEqual([RETRY_WINDOW_MS, REPLAY_WINDOW_MS], [24 * HOUR_MS, 7 * 24 * HOUR_MS]);
  deepEqual(EVENT_RETENTION_MS, 8 * 24 * HOUR_MS, "the replay on the last day has its retries");
  deepEqual(SILENT_REST_MS, 30 * SECOND_MS);
  deepEqual([MAX_WEBHOOKS, MAX_WEBHOOK_URL_LENGTH, MAX_REPLAYED_EVENTS], [20, 2_048, 10_000]);
});
