import assert from "node:assert/strict";
import { memoryQueueStore } from "../../src/adapters/memory/queue_store.ts";
import {
  createMaintenance,
  type MaintenanceDependencies,
} from "../../src/application/maintenance.ts";
import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import type { StockRecount } from "../../src/application/stock_recount.ts";
import type { Bookings } from "../../src/ports/bookings.ts";
import type { QueueStore, Upkeep } from "../../src/ports/queue_store.ts";
import type { Rooms } from "../../src/ports/rooms.ts";
import { firstRules, TEST_SETTINGS } from "../contract/queue_store/harness.ts";
import { testClock } from "../support/test_clock.ts";

const HOLD_TTL_MS = 300_000;
const MINUTE_MS = 60_000;

/** Tells one upkeep after the other; the last again and again. */
function scriptedQueue(...upkeeps: readonly Upkeep[]) {
  let calls = 0;
  const promote: QueueStore["promote"] = async () =>
    upkeeps[Math.min(calls++, upkeeps.length - 1)]!;
  const queue = { promote, rooms: async () => [MAIN_ROOM], applyRules: async () => {} };
  return { queue: queue as unknown as QueueStore, calls: () => calls };
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

/** A maintenance, and its requests to the rooms. */
function scriptedMaintenance(parts: Pick<MaintenanceDependencies, "queue" | "bookings" | "clock">) {
  const requests: string[] = [];
  const stockRecount: StockRecount = {
    recount: async (room) => void requests.push(`recount ${room}`),
    recountUnlessRecent: async () => {},
  };
  const recordOpening: Rooms["recordOpening"] = async (room) => {
    requests.push(`record opening ${room}`);
    return null;
  };
  const maintenance = createMaintenance({
    ...parts,
    rooms: { recordOpening },
    stockRecount,
    holdTtlMs: HOLD_TTL_MS,
    report: ({ what }) => requests.push(what),
  });
  return { maintenance, requests };
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
  const { maintenance } = scriptedMaintenance({ queue, bookings, clock });
  await maintenance.run();
  assert.equal(calls(), 34);
  assert.equal(sweeps(), 8);
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

Deno.test("over a real queue: the database is asked while anybody is in it, and not afterwards", async () => {
  const clock = testClock();
  const queue = memoryQueueStore({ settings: TEST_SETTINGS, clock, newId: () => "epoch" });
  const { bookings, sweeps } = scriptedBookings({ holds: 0, records: 0 });
  const { maintenance } = scriptedMaintenance({ queue, bookings, clock });
  await queue.applyRules(MAIN_ROOM, firstRules(TEST_SETTINGS));
  await maintenance.run();
  assert.equal(sweeps(), 0);

  await queue.join(MAIN_ROOM, "ann" as FanId, null);
  await queue.join(MAIN_ROOM, "bob" as FanId, null);
  await maintenance.run();
  assert.equal(sweeps(), 1);
  clock.advance(TEST_SETTINGS.admissionTtlMs);
  assert.deepEqual(await maintenance.run(), { expired: 1, admitted: 1 });
  assert.equal(sweeps(), 2);

  clock.advance(TEST_SETTINGS.waitingTtlMs * 2);
  await maintenance.run();
  clock.advance(60 * MINUTE_MS);
  const atTheEnd = sweeps();
  await maintenance.run();
  assert.equal(sweeps(), atTheEnd);
});

Deno.test("`run()` repairs what may have been lost half-way, during a sale", async () => {
  const clock = testClock();
  const { queue } = scriptedQueue(idle(clock()));
  const { bookings } = scriptedBookings({ holds: 0, records: 0 });
  const { maintenance, requests } = scriptedMaintenance({ queue, bookings, clock });
  await maintenance.run();
  assert.deepEqual(requests, ["record opening main", "recount main"]);
  clock.advance(HOLD_TTL_MS + 2 * MINUTE_MS);
  await maintenance.run();
  assert.equal(requests.length, 2, "PostgreSQL sleeps");
});

Deno.test("`run()` records an opening, also of an empty room", async () => {
  const clock = testClock();
  const { queue } = scriptedQueue({ ...idle(null), hasOpened: true });
  const { bookings, sweeps } = scriptedBookings({ holds: 0, records: 0 });
  const { maintenance, requests } = scriptedMaintenance({ queue, bookings, clock });
  await maintenance.run();
  assert.deepEqual(requests, ["record opening main", "recount main"]);
  assert.equal(sweeps(), 0);
});

Deno.test("the queue moves without the database", async () => {
  const clock = testClock();
  const promoted: string[] = [];
  const queue = {
    rooms: async () => ["one", "two"],
    promote: async (room: string) => {
      promoted.push(room);
      return idle(clock());
    },
    applyRules: async () => {},
  } as unknown as QueueStore;
  const { bookings, sweeps } = scriptedBookings({ holds: 0, records: 0 });
  const reports: string[] = [];
  const stockRecount = { recount: async () => {}, recountUnlessRecent: async () => {} };
  const maintenance = createMaintenance({
    queue,
    bookings,
    clock,
    stockRecount,
    holdTtlMs: HOLD_TTL_MS,
    rooms: { recordOpening: () => Promise.reject(new Error("asleep")) },
    report: ({ what }) => reports.push(what),
  });
  await maintenance.run();
  assert.deepEqual(promoted, ["one", "two"]);
  assert.deepEqual(reports, ["repair_failed", "repair_failed"]);
  assert.equal(sweeps(), 1);
});
