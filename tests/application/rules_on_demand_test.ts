import assert from "node:assert/strict";
import { memoryQueueStore } from "../../src/adapters/memory/queue_store.ts";
import { createRulesOnDemandQueue } from "../../src/application/rules_on_demand.ts";
import { type FanId, MAIN_ROOM, type RoomId } from "../../src/domain/ids.ts";
import type { Stock } from "../../src/domain/room.ts";
import { firstRules, TEST_SETTINGS } from "../contract/queue_store/harness.ts";
import { testClock } from "../support/test_clock.ts";

const FAN = "ann" as FanId;
const NOWHERE = "nowhere" as RoomId;

/** A queue without rules over repositories that a test can fail. */
function wipedQueue() {
  const clock = testClock();
  const applied: string[] = [];
  const store = memoryQueueStore({ settings: TEST_SETTINGS, clock, newId: () => "epoch" });
  const repository = { reads: [] as string[], countFails: false };
  const stock: Stock = { available: 0, returnsAtMs: null, asOfMs: clock() };
  const queue = createRulesOnDemandQueue({
    queue: {
      ...store,
      async applyRules(room, rules) {
        applied.push("rules");
        await store.applyRules(room, rules);
      },
      async updateStock(room, counted) {
        applied.push("stock");
        await store.updateStock(room, counted);
      },
    },
    rooms: {
      async rules(room) {
        repository.reads.push(`rules of ${room}`);
        return room === MAIN_ROOM ? firstRules(TEST_SETTINGS) : null;
      },
    },
    stockCounter: {
      async count(room) {
        repository.reads.push(`stock of ${room}`);
        if (repository.countFails) throw new Error("asleep");
        return stock;
      },
    },
    clock,
  });
  return { queue, repository, applied, clock };
}

Deno.test("`join()` loads rules and stock when the store has no rules, once", async () => {
  const { queue, repository, applied } = wipedQueue();
  const joined = await queue.join(MAIN_ROOM, FAN, null);
  assert.equal(joined.refused, undefined);
  await queue.join(MAIN_ROOM, FAN, null);
  assert.deepEqual(repository.reads, ["rules of main", "stock of main"]);
  assert.deepEqual(applied, ["rules", "stock"]);
});

Deno.test("rules are not applied without a count: the next call loads both", async () => {
  const { queue, repository, applied } = wipedQueue();
  repository.countFails = true;
  await assert.rejects(queue.join(MAIN_ROOM, FAN, null), /asleep/);
  assert.deepEqual(applied, []);
  repository.countFails = false;
  await queue.join(MAIN_ROOM, FAN, null);
  assert.deepEqual(applied, ["rules", "stock"]);
});

Deno.test("a room that does not exist costs one read in two seconds", async () => {
  const { queue, repository, clock } = wipedQueue();
  for (let call = 0; call < 3; call++) assert.equal(await queue.counts(NOWHERE), null);
  assert.deepEqual(repository.reads, ["rules of nowhere"]);
  clock.advance(2_000);
  assert.equal(await queue.counts(NOWHERE), null);
  assert.equal(repository.reads.length, 2);
});
