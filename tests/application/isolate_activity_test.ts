import { deepEqual, equal } from "node:assert/strict";
import { createIsolateActivity } from "../../src/application/isolate_activity.ts";

const MINUTE_MS = 60_000;
const asked = (redis: number, redisMs: number) => ({
  redis: { trips: redis, ms: redisMs },
  postgres: { trips: 0, ms: 0 },
});

Deno.test("an isolate sums requests, refusals and the times of stores by minute", () => {
  let nowMs = 100 * MINUTE_MS;
  const activity = createIsolateActivity({ clock: () => nowMs });
  activity.record(asked(1, 4), null);
  activity.record(asked(2, 11), "NOT_ADMITTED");
  nowMs += MINUTE_MS;
  activity.record(asked(0, 0), "NOT_ADMITTED");
  activity.record(asked(0, 0), "NOT_FOUND");
  const none = { roundTrips: 0, meanMs: 0, longestMs: 0 };
  deepEqual(activity.lastHour(), [{
    atMs: 100 * MINUTE_MS,
    requests: 2,
    stores: { redis: { roundTrips: 3, meanMs: 5, longestMs: 11 }, postgres: none },
    refusals: { NOT_ADMITTED: 1 },
  }, {
    atMs: 101 * MINUTE_MS,
    requests: 2,
    stores: { redis: none, postgres: none },
    refusals: { NOT_ADMITTED: 1, NOT_FOUND: 1 },
  }]);
});

Deno.test("an isolate forgets what is older than an hour", () => {
  let nowMs = 0;
  const activity = createIsolateActivity({ clock: () => nowMs });
  for (let minute = 0; minute < 100; minute++) {
    activity.record(asked(1, 1), null);
    nowMs += MINUTE_MS;
  }
  equal(activity.lastHour().length, 59);
  nowMs += 60 * MINUTE_MS;
  equal(activity.lastHour().length, 0);
});

Deno.test("an isolate has the minutes of an hour, the present one among them", () => {
  let nowMs = 7 * MINUTE_MS + 1;
  const activity = createIsolateActivity({ clock: () => nowMs });
  equal(activity.sinceMs, nowMs);
  for (let minute = 0; minute < 100; minute++) {
    nowMs += MINUTE_MS;
    activity.record(asked(1, 1), null);
  }
  const minutes = activity.lastHour();
  equal(minutes.length, 60);
  equal(minutes.at(-1)!.atMs, 107 * MINUTE_MS);
  equal(minutes[0]!.atMs, 48 * MINUTE_MS);
});

Deno.test("times of stores have a digit behind the point, and each store its own", () => {
  const activity = createIsolateActivity({ clock: () => 0 });
  const trips = { redis: { trips: 3, ms: 1.25 }, postgres: { trips: 2, ms: 7.77 } };
  activity.record(trips, null);
  activity.record({ ...trips, redis: { trips: 0, ms: 0 } }, null);
  deepEqual(activity.lastHour()[0]!.stores, {
    redis: { roundTrips: 3, meanMs: 0.4, longestMs: 1.3 },
    postgres: { roundTrips: 4, meanMs: 3.9, longestMs: 7.8 },
  });
});
