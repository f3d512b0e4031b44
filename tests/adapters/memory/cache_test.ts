import assert from "node:assert/strict";
import { memoryCache } from "../../../src/adapters/memory/cache.ts";
import { cacheContract } from "../../contract/cache/contract.ts";
import { testClock } from "../../support/test_clock.ts";

cacheContract("memory cache", async () => {
  const clock = testClock();
  return {
    cache: memoryCache({ clock }),
    pass: async (ms) => clock.advance(ms),
    close: async () => {},
  };
});

Deno.test("memory cache: a value ends exactly at its millisecond", async () => {
  const clock = testClock();
  const cache = memoryCache({ clock });
  await cache.lease("key", "mine", 10);
  await cache.fill("key", "mine", "[1]", 1_000);
  clock.advance(999);
  assert.deepEqual(await cache.read("key"), { state: "HIT", json: "[1]" });
  clock.advance(1);
  assert.deepEqual(await cache.read("key"), { state: "EMPTY" });
});

Deno.test("memory cache: the oldest of too many keys is removed", async () => {
  const cache = memoryCache({ clock: testClock() });
  for (let i = 0; i < 10_001; i++) {
    await cache.lease(`key-${i}`, "mine", 1_000);
    await cache.fill(`key-${i}`, "mine", String(i), 1_000);
  }
  assert.deepEqual(await cache.read("key-0"), { state: "EMPTY" });
  assert.deepEqual(await cache.read("key-1"), { state: "HIT", json: "1" });
  assert.deepEqual(await cache.read("key-10000"), { state: "HIT", json: "10000" });
});
