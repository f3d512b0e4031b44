import assert from "node:assert/strict";
import {
  createMaintenance,
  type MaintenanceDependencies,
} from "../../src/application/maintenance.ts";
import { MAIN_ROOM, type RoomId } from "../../src/domain/ids.ts";
import type { Rules, Stock } from "../../src/domain/room.ts";
import type { Bookings } from "../../src/ports/bookings.ts";
import type { PromoteOptions, Upkeep } from "../../src/ports/queue_store.ts";
import type { ChangedRoom } from "../../src/ports/rooms.ts";
import type { StockCounter } from "../../src/ports/stock_counter.ts";
import { testClock } from "../support/test_clock.ts";

const HOLD_TTL_MS = 300_000;
const MINUTE_MS = 60_000;
/** A room is active for so long after its last fan. */
const IDLE_AFTER_MS = HOLD_TTL_MS + 2 * MINUTE_MS;
const RULES = { version: 7 } as Rules;
const STOCK: Stock = { available: 3, returnsAtMs: null, asOfMs: 5 };

/** Gives one upkeep after the other; the last again and again. */
function scriptedQueue(...upkeeps: readonly Upkeep[]) {
  const promotions: (PromoteOptions | undefined)[] = [];
  const changes: unknown[] = [];
  const queue: MaintenanceDependencies["queue"] = {
    async promote(_room, options) {
      promotions.push(options);
      return upkeeps[Math.min(promotions.length, upkeeps.length) - 1]!;
    },
    activeRooms: async () => upkeeps.length === 0 ? [] : [MAIN_ROOM],
    applyRules: async (...applied) => void changes.push(["apply", ...applied]),
    removeRoom: async (...removed) => void changes.push(["remove", ...removed]),
    updateStock: async (...counted) => void changes.push(["stock", ...counted]),
  };
  return { queue, promotions, changes, calls: () => promotions.length };
}

/** Has this many lapsed holds and old records to sweep. */
function scriptedBookings(left: { holds: number; records: number }) {
  const limits: number[] = [];
  const sweep: Bookings["sweep"] = async (limit) => {
    limits.push(limit);
    const holds = Math.min(limit, left.holds);
    const records = Math.min(limit, left.records);
    left.holds -= holds;
    left.records -= records;
    return { holds, records };
  };
  return { bookings: { sweep } as Bookings, sweeps: () => limits.length, limits, left };
}

const NO_WORK = { expired: 0, admitted: 0, more: false, hasOpened: false, countStock: false };

function idle(lastActiveAtMs: number | null): Upkeep {
  return { ...NO_WORK, lastActiveAtMs };
}

type Deliver = MaintenanceDependencies["webhookDelivery"]["deliverDue"];

/** A maintenance, its requests to PostgreSQL, and what deliveries were allowed. */
function scriptedMaintenance(
  { deletedVersion = null, hasAskedPostgres = false, ...parts }:
    & Pick<MaintenanceDependencies, "queue" | "bookings" | "clock">
    & { readonly deletedVersion?: number | null; readonly hasAskedPostgres?: boolean },
) {
  const requests: string[] = [];
  const carried: { isAwake: boolean }[] = [];
  const deliveries: Parameters<Deliver>[0][] = [];
  const stockCounter: StockCounter = {
    async count(room) {
      requests.push(`count ${room}`);
      return STOCK;
    },
  };
  const maintenance = createMaintenance({
    ...parts,
    refunds: {
      async carryOn(options) {
        carried.push(options);
        return { hasAskedPostgres };
      },
    },
    rooms: {
      async recordOpening(room) {
        requests.push(`record opening ${room}`);
        return deletedVersion === null ? { rules: RULES } as ChangedRoom : null;
      },
      rules: async () => ({ rules: null, deletedVersion, names: [] }),
    },
    stockCounter,
    webhookDelivery: { deliverDue: async (options) => void deliveries.push(options) },
    holdTtlMs: HOLD_TTL_MS,
    report: ({ what }) => requests.push(what),
  });
  return { maintenance, requests, carried, deliveries };
}

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

Deno.test("all rooms of a run share its rounds, and each has one at least", async () => {
  const clock = testClock();
  const { queue, calls } = scriptedQueue({ ...idle(clock()), more: true });
  const rooms = ["a", "b", "c"] as RoomId[];
  const perRoom = new Map<RoomId, number>();
  const counted: MaintenanceDependencies["queue"] = {
    ...queue,
    activeRooms: async () => rooms,
    promote: (room, options) => {
      perRoom.set(room, (perRoom.get(room) ?? 0) + 1);
      return queue.promote(room, options);
    },
  };
  const { bookings } = scriptedBookings({ holds: 0, records: 0 });
  await scriptedMaintenance({ queue: counted, bookings, clock }).maintenance.run();
  assert.deepEqual([...perRoom.values()], [17, 1, 1]);
  assert.equal(calls(), 19);
});

Deno.test("a release with an id asks for all of it in each round: the queue has the sums", async () => {
  const clock = testClock();
  const { queue, promotions } = scriptedQueue(
    { ...idle(clock()), expired: 4, admitted: 6, more: true },
    { ...idle(clock()), expired: 5, admitted: 9 },
  );
  const { bookings } = scriptedBookings({ holds: 0, records: 0 });
  const { maintenance } = scriptedMaintenance({ queue, bookings, clock });
  const outcome = await maintenance.runRoom(MAIN_ROOM, { count: 9, id: "one" });
  assert.deepEqual(outcome, { expired: 5, admitted: 9 });
  assert.deepEqual(promotions.map((options) => [options?.release, options?.releaseId]), [
    [9, "one"],
    [9, "one"],
  ]);
});

Deno.test("a room without a record that was not deleted is not removed", async () => {
  const clock = testClock();
  const { queue, changes } = scriptedQueue(idle(clock()));
  const { bookings } = scriptedBookings({ holds: 0, records: 0 });
  const parts = { queue, bookings, clock };
  const maintenance = createMaintenance({
    ...parts,
    refunds: { carryOn: async () => ({ hasAskedPostgres: false }) },
    rooms: {
      recordOpening: async () => null,
      rules: async () => ({ rules: null, deletedVersion: null, names: [] }),
    },
    stockCounter: { count: async () => null },
    webhookDelivery: { deliverDue: async () => {} },
    holdTtlMs: HOLD_TTL_MS,
    report: () => {},
  });
  await maintenance.run();
  assert.deepEqual(changes, []);
});

Deno.test("refunds that fail do not count as a question to PostgreSQL", async () => {
  const clock = testClock();
  const { queue } = scriptedQueue();
  const { bookings, sweeps } = scriptedBookings({ holds: 5, records: 5 });
  const reports: string[] = [];
  const maintenance = createMaintenance({
    queue,
    bookings,
    clock,
    refunds: { carryOn: () => Promise.reject(new Error("down")) },
    rooms: {
      recordOpening: async () => null,
      rules: async () => ({ rules: null, deletedVersion: null, names: [] }),
    },
    stockCounter: { count: async () => null },
    webhookDelivery: { deliverDue: async () => {} },
    holdTtlMs: HOLD_TTL_MS,
    report: ({ what }) => void reports.push(what),
  });
  await maintenance.run();
  assert.deepEqual([sweeps(), reports], [0, ["refunds_failed"]]);
});
