import assert from "node:assert/strict";
import { memoryQueueStore } from "../../src/adapters/memory/queue_store.ts";
import { createMaintenance } from "../../src/application/maintenance.ts";
import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import type { ChangedRoom } from "../../src/ports/rooms.ts";
import { firstRules, TEST_SETTINGS } from "../contract/queue_store/harness.ts";
import { testClock } from "../support/test_clock.ts";

const HOLD_TTL_MS = 300_000;
const HOUR_MS = 3_600_000;

/** A maintenance over a queue in memory, and the number of its sweeps. */
function maintenanceOverQueue() {
  const clock = testClock();
  const queue = memoryQueueStore({ settings: TEST_SETTINGS, clock, newId: () => "epoch" });
  const rules = firstRules(TEST_SETTINGS);
  const state = { sweeps: 0, repairs: 0 };
  const maintenance = createMaintenance({
    webhookDelivery: { deliverDue: async () => {} },
    queue,
    clock,
    holdTtlMs: HOLD_TTL_MS,
    bookings: {
      async sweep() {
        state.sweeps++;
        return { holds: 0, records: 0 };
      },
    },
    refunds: { carryOn: async () => ({ hasAskedPostgres: false }) },
    rooms: {
      rules: () => Promise.reject(new Error("the room exists")),
      async recordOpening() {
        state.repairs++;
        return { rules, room: { changedAt: new Date(0).toISOString() } } as ChangedRoom;
      },
    },
    stockCounter: { count: async () => null },
    cache: { evict: () => Promise.reject(new Error("nothing was changed")) },
    report: ({ error }) => {
      throw error;
    },
  });
  return { clock, queue, rules, maintenance, state };
}

Deno.test("the database is asked while anybody is in the queue, and not afterwards", async () => {
  const { clock, queue, rules, maintenance, state } = maintenanceOverQueue();
  await queue.applyRules(MAIN_ROOM, rules);
  clock.advance(HOUR_MS);
  await maintenance.run();
  assert.deepEqual([state, await queue.activeRooms()], [{ sweeps: 0, repairs: 0 }, []]);

  await queue.applyRules(MAIN_ROOM, rules); // They are checked again.
  await queue.join(MAIN_ROOM, "ann" as FanId, null);
  await queue.join(MAIN_ROOM, "bob" as FanId, null);
  await maintenance.run();
  assert.deepEqual(state, { sweeps: 1, repairs: 1 });
  clock.advance(TEST_SETTINGS.admissionTtlMs);
  assert.deepEqual(await maintenance.run(), { expired: 1, admitted: 1 });
  assert.deepEqual(state, { sweeps: 2, repairs: 2 });

  // The turn of bob is missed, and then his place ages out.
  for (let times = 0; times < 2; times++) {
    clock.advance(TEST_SETTINGS.waitingTtlMs * 2);
    await maintenance.run();
  }
  clock.advance(HOUR_MS);
  await maintenance.run();
  const atTheEnd = { ...state };
  assert.deepEqual(await queue.activeRooms(), []);
  await maintenance.run();
  assert.deepEqual(state, atTheEnd);
});

Deno.test("`run()` in each minute keeps the rules of a room with fans checked", async () => {
  const { clock, queue, rules, maintenance } = maintenanceOverQueue();
  await queue.applyRules(MAIN_ROOM, rules);
  const joined = await queue.join(MAIN_ROOM, "ann" as FanId, null);
  assert.equal(joined.refused, undefined);
  for (let minute = 0; minute < 3; minute++) {
    clock.advance(60_000);
    await maintenance.run();
  }
  if (!joined.refused) await queue.leave(joined.place);
  assert.equal((await queue.join(MAIN_ROOM, "bob" as FanId, null)).refused, undefined);
});
