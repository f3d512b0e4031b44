import { equal } from "node:assert/strict";
import { memoryRateLimiter } from "../../../src/adapters/memory/rate_limiter.ts";
import { testClock } from "../../support/test_clock.ts";

const WINDOW_MS = 60_000;

Deno.test("so many acts of a key are allowed in a window, which begins with the first", async () => {
  const clock = testClock();
  const limit = memoryRateLimiter({ limit: 3, windowMs: WINDOW_MS, clock });
  for (let act = 0; act < 3; act++) equal(await limit("a"), null);
  equal(await limit("a"), 60);
  equal(await limit("b"), null, "another key");
  clock.advance(20_500);
  equal(await limit("a"), 40, "whole seconds, rounded up");
  clock.advance(39_499);
  equal(await limit("a"), 1);
  clock.advance(1);
  for (let act = 0; act < 3; act++) equal(await limit("a"), null);
  equal(await limit("a"), 60);
});

Deno.test("a clock that goes back locks nobody out", async () => {
  const clock = testClock();
  const limit = memoryRateLimiter({ limit: 1, windowMs: WINDOW_MS, clock });
  await limit("a");
  clock.advance(-WINDOW_MS * 100);
  equal(await limit("a"), null);
});

Deno.test("the keys least recently used are forgotten", async () => {
  const clock = testClock();
  const limit = memoryRateLimiter({ limit: 1, windowMs: WINDOW_MS, clock, maxKeys: 2 });
  await limit("a");
  await limit("b");
  equal(await limit("a"), 60);
  await limit("c");
  equal(await limit("a"), 60, "used after b");
  equal(await limit("b"), null);
});
