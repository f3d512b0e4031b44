/** Every section with tiny sizes: each throws when it measures nothing. */
import assert from "node:assert/strict";
import { testOfRealRedis } from "../support/redis.ts";
import { pollsOfWaitingFans } from "./http_polls.ts";
import { NothingMeasuredError } from "./measure.ts";
import { measureMemoryQueue } from "./memory_queue.ts";
import { measureRedisQueue } from "./redis_queue_measure.ts";
import { SMOKE_SIZE } from "./redis_queue_size.ts";
import { BENCH_RULES } from "./redis_room.ts";
import { type SectionName, SECTIONS } from "./sections.ts";

/** Sections without Redis. Those that are missing take a minute: see `smoke_full_test.ts`. */
const WITHOUT_REDIS: readonly SectionName[] = ["memoryQueue", "waits", "transactions"];
const WITH_REDIS: readonly SectionName[] = [
  "redisQueue",
  "promotion",
  "freeSlots",
  "caches",
  "httpPolls",
  "seats",
];

for (const name of WITHOUT_REDIS) {
  Deno.test(`section ${name} measures something`, async () => {
    await SECTIONS[name].run("smoke", () => {});
  });
}
for (const name of WITH_REDIS) {
  testOfRealRedis(`section ${name} measures something`, async () => {
    await SECTIONS[name].run("smoke", () => {});
  });
}

const NO_RULES = { name: "NothingMeasuredError", message: "a join was refused: NO_RULES" };

Deno.test("measureMemoryQueue() throws when nobody can join", async () => {
  const size = { waiting: [2], near: 1, rounds: 1, calls: 2, scanSteps: 2, minScans: 1 };
  await assert.rejects(measureMemoryQueue(size, null), NO_RULES);
});

testOfRealRedis("measureRedisQueue() throws when nobody can join", async () => {
  const size = { ...SMOKE_SIZE, waiting: [2], capacity: 1 };
  await assert.rejects(measureRedisQueue(size, null), NO_RULES);
});

testOfRealRedis("measureRedisQueue() throws when nobody has to wait", async () => {
  const size = { ...SMOKE_SIZE, waiting: [2], capacity: 1 };
  await assert.rejects(
    measureRedisQueue(size, { ...BENCH_RULES, capacity: 5 }),
    NothingMeasuredError,
  );
});

Deno.test("pollsOfWaitingFans() throws when joins are refused", async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => Response.json({ code: "DEPENDENCY_UNAVAILABLE" }, { status: 503 }),
  );
  await assert.rejects(pollsOfWaitingFans(server.addr.port, 2, "fan"), NothingMeasuredError);
});
