import assert from "node:assert/strict";
import {
  createMaintenance,
  type MaintenanceDependencies,
} from "../../src/application/maintenance.ts";
import { MAIN_ROOM, type RoomId } from "../../src/domain/ids.ts";
import { testClock } from "../support/test_clock.ts";
import {
  HOLD_TTL_MS,
  idle,
  scriptedBookings,
  scriptedMaintenance,
  scriptedQueue,
} from "./maintenance_parts.ts";

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
    cache: { evict: async () => {} },
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
    cache: { evict: async () => {} },
    webhookDelivery: { deliverDue: async () => {} },
    holdTtlMs: HOLD_TTL_MS,
    report: ({ what }) => void reports.push(what),
  });
  await maintenance.run();
  assert.deepEqual([sweeps(), reports], [0, ["refunds_failed"]]);
});
