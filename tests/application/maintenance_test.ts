import assert from "node:assert/strict";
import { roomKey } from "../../src/application/cache_keys.ts";
import {
  createMaintenance,
  type MaintenanceDependencies,
} from "../../src/application/maintenance.ts";
import { MAIN_ROOM, type RoomId } from "../../src/domain/ids.ts";
import { testClock } from "../support/test_clock.ts";
import {
  HOLD_TTL_MS,
  idle,
  IDLE_AFTER_MS,
  MINUTE_MS,
  RULES,
  scriptedBookings,
  scriptedMaintenance,
  scriptedQueue,
  STOCK,
} from "./maintenance_parts.ts";

Deno.test("`run()` promotes until there is no more, and adds up", async () => {
  const clock = testClock();
  const upkeep = {
    ...idle(clock()),
    expired: 256,
    admitted: 200,
    more: true,
  };
  const last = { ...idle(clock()), expired: 3, admitted: 2 };
  const { queue, calls } = scriptedQueue(upkeep, upkeep, last);
  const { bookings } = scriptedBookings({ holds: 0, records: 0 });
  const { maintenance } = scriptedMaintenance({ queue, bookings, clock });
  assert.deepEqual(await maintenance.run(), { expired: 515, admitted: 402 });
  assert.equal(calls(), 3);
});

Deno.test("`run()` is bounded, however much there is to do", async () => {
  const clock = testClock();
  const endless = { ...idle(clock()), expired: 1, admitted: 1, more: true };
  const { queue, calls } = scriptedQueue(endless);
  const { bookings, sweeps, limits } = scriptedBookings({ holds: Infinity, records: Infinity });
  const { maintenance, deliveries } = scriptedMaintenance({ queue, bookings, clock });
  await maintenance.run();
  assert.equal(calls(), 17);
  assert.equal(sweeps(), 8);
  // The list of rooms, the rounds, the repair, refunds and sweeps have taken 40 of 50 requests.
  assert.deepEqual(deliveries, [{ saleIsOn: true, maxRequests: 10 }]);
  assert.ok(limits.every((limit) => Number.isInteger(limit) && limit > 0 && limit <= 1_000));
});

Deno.test("`run()` sends nothing to the database when nobody ever came", async () => {
  const { queue } = scriptedQueue(idle(null));
  const { bookings, sweeps } = scriptedBookings({ holds: 5, records: 5 });
  const { maintenance } = scriptedMaintenance({ queue, bookings, clock: testClock() });
  await maintenance.run();
  assert.equal(sweeps(), 0);
});

Deno.test("`run()` sweeps until the last holds have lapsed, then no more", async () => {
  const clock = testClock();
  const { queue } = scriptedQueue(idle(clock()));
  const { bookings, sweeps } = scriptedBookings({ holds: 0, records: 0 });
  const { maintenance } = scriptedMaintenance({ queue, bookings, clock });
  clock.advance(HOLD_TTL_MS + MINUTE_MS);
  await maintenance.run();
  assert.equal(sweeps(), 1);
  clock.advance(60 * MINUTE_MS);
  await maintenance.run();
  assert.equal(sweeps(), 1);
});

for (const kind of ["holds", "records"] as const) {
  Deno.test(`a tick sweeps on while there are ${kind} left`, async () => {
    const clock = testClock();
    const { queue } = scriptedQueue(idle(clock()));
    const { bookings, limits, left } = scriptedBookings({ holds: 1, records: 1, [kind]: 1_200 });
    const { maintenance } = scriptedMaintenance({ queue, bookings, clock });
    await maintenance.run();
    assert.deepEqual(left, { holds: 0, records: 0 });
    assert.equal(limits.length, Math.floor(1_200 / limits[0]!) + 1);
  });
}

Deno.test("`run()` costs one call and no PostgreSQL while no room is active", async () => {
  const { queue, calls } = scriptedQueue();
  const { bookings, sweeps } = scriptedBookings({ holds: 5, records: 5 });
  const { maintenance, requests, carried, deliveries } = scriptedMaintenance({
    queue,
    bookings,
    clock: testClock(),
  });
  assert.deepEqual(await maintenance.run(), { expired: 0, admitted: 0 });
  assert.deepEqual([calls(), sweeps(), requests], [0, 0, []]);
  // The refunds decide by their own mark whether they ask it.
  assert.deepEqual(carried, [{ isAwake: false }]);
  assert.deepEqual(deliveries, [{ saleIsOn: false, maxRequests: 39 }]);
});

Deno.test("`run()` sweeps also without an active room when the refunds have asked PostgreSQL", async () => {
  const { queue } = scriptedQueue();
  const { bookings, left } = scriptedBookings({ holds: 5, records: 5 });
  const parts = { queue, bookings, clock: testClock(), hasAskedPostgres: true };
  await scriptedMaintenance(parts).maintenance.run();
  assert.deepEqual(left, { holds: 0, records: 0 });
});

Deno.test("a room stays active until its last holds have lapsed", async () => {
  const { queue, promotions } = scriptedQueue(idle(null));
  const { bookings } = scriptedBookings({ holds: 0, records: 0 });
  const { maintenance } = scriptedMaintenance({ queue, bookings, clock: testClock() });
  await maintenance.run();
  await maintenance.runRoom(MAIN_ROOM);
  const options = { release: 0, releaseId: null, idleAfterMs: IDLE_AFTER_MS };
  assert.deepEqual(promotions, [options, options]);
});

Deno.test("`runRoom()` releases so many in all its rounds together", async () => {
  const round = { ...idle(null), admitted: 2, more: true };
  const { queue, promotions } = scriptedQueue(round, round, { ...round, more: false });
  const { bookings } = scriptedBookings({ holds: 0, records: 0 });
  const { maintenance } = scriptedMaintenance({ queue, bookings, clock: testClock() });
  await maintenance.runRoom(MAIN_ROOM, { count: 5, id: null });
  assert.deepEqual(promotions.map((options) => options?.release), [5, 3, 1]);
});

Deno.test("`run()` repairs what may have been lost half-way, during a sale", async () => {
  const clock = testClock();
  const { queue, changes } = scriptedQueue(idle(clock()));
  const { bookings } = scriptedBookings({ holds: 0, records: 0 });
  const { maintenance, requests } = scriptedMaintenance({ queue, bookings, clock });
  await maintenance.run();
  assert.deepEqual(requests, ["record opening main", "count main"]);
  assert.deepEqual(changes, [["apply", MAIN_ROOM, RULES, STOCK], ["stock", MAIN_ROOM, STOCK]]);
  clock.advance(IDLE_AFTER_MS - 1);
  await maintenance.run();
  assert.equal(requests.length, 4);
  clock.advance(1);
  await maintenance.run();
  assert.equal(requests.length, 4, "PostgreSQL sleeps");
});

Deno.test("`run()` records an opening, also of an empty room", async () => {
  const clock = testClock();
  const { queue } = scriptedQueue({ ...idle(null), hasOpened: true });
  const { bookings, sweeps } = scriptedBookings({ holds: 0, records: 0 });
  const { maintenance, requests } = scriptedMaintenance({ queue, bookings, clock });
  await maintenance.run();
  assert.deepEqual(requests, ["record opening main", "count main"]);
  assert.equal(sweeps(), 0);
});

Deno.test("the queue moves without the database", async () => {
  const clock = testClock();
  const { queue } = scriptedQueue(idle(clock()));
  const promoted: string[] = [];
  const twoRooms: MaintenanceDependencies["queue"] = {
    ...queue,
    activeRooms: async () => ["one", "two"] as RoomId[],
    async promote(room) {
      promoted.push(room);
      return idle(clock());
    },
  };
  const { bookings, sweeps } = scriptedBookings({ holds: 0, records: 0 });
  const reports: string[] = [];
  const maintenance = createMaintenance({
    queue: twoRooms,
    bookings,
    refunds: { carryOn: () => Promise.reject(new Error("asleep")) },
    clock,
    stockCounter: { count: async () => STOCK },
    cache: { evict: async () => {} },
    webhookDelivery: { deliverDue: () => Promise.reject(new Error("asleep")) },
    holdTtlMs: HOLD_TTL_MS,
    rooms: {
      recordOpening: () => Promise.reject(new Error("asleep")),
      rules: () => Promise.reject(new Error("asleep")),
    },
    report: ({ what }) => reports.push(what),
  });
  await maintenance.run();
  assert.deepEqual(promoted, ["one", "two"]);
  assert.deepEqual(reports, [
    "repair_failed",
    "repair_failed",
    "refunds_failed",
    "deliveries_failed",
  ]);
  assert.equal(sweeps(), 1);
});

Deno.test("the cron evicts the public answer again for ten minutes after a change", async () => {
  const clock = testClock();
  const { queue } = scriptedQueue(idle(clock()), { ...idle(null), hasOpened: true });
  const { bookings } = scriptedBookings({ holds: 0, records: 0 });
  const { maintenance, evicted } = scriptedMaintenance({ queue, bookings, clock });
  for (let minute = 0; minute < 15; minute++) {
    await maintenance.run();
    clock.advance(MINUTE_MS);
  }
  assert.deepEqual(evicted, Array.from({ length: 10 }, () => roomKey(MAIN_ROOM)));
});

Deno.test("the cron removes a room with fans that was deleted", async () => {
  const clock = testClock();
  const { queue, changes } = scriptedQueue(idle(clock()));
  const { bookings } = scriptedBookings({ holds: 0, records: 0 });
  await scriptedMaintenance({ queue, bookings, clock, deletedVersion: 9 }).maintenance.run();
  assert.deepEqual(changes[0], ["remove", MAIN_ROOM, 9]);
});

Deno.test("events are delivered without the queue", async () => {
  const { queue } = scriptedQueue();
  const { bookings } = scriptedBookings({ holds: 0, records: 0 });
  const { maintenance, deliveries } = scriptedMaintenance({
    queue: { ...queue, activeRooms: () => Promise.reject(new Error("away")) },
    bookings,
    clock: testClock(),
  });
  await assert.rejects(maintenance.run(), /away/);
  assert.deepEqual(deliveries, [{ saleIsOn: false, maxRequests: 49 }]);
});
