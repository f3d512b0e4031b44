import { deepEqual, equal } from "node:assert/strict";
import { memoryCache } from "../../src/adapters/memory/cache.ts";
import { createPendingWork } from "../../src/application/pending_work.ts";
import { testClock } from "../support/test_clock.ts";

const DAY_MS = 86_400_000;

function scene() {
  const clock = testClock();
  const cache = memoryCache({ clock });
  let ids = 0;
  const work = createPendingWork({ cache, clock, newId: () => `id-${++ids}`, key: "work" });
  return { clock, cache, work };
}

Deno.test("a question is settled 30 s after the key was found empty, by whichever run", async () => {
  const { clock, work } = scene();
  const settled = async () => (await work.question())?.isSettled;
  equal(await settled(), false);
  clock.advance(29_999);
  equal(await settled(), false);
  clock.advance(1);
  equal(await settled(), true);
});

Deno.test("the answer to a settled question leaves PostgreSQL asleep, for a day since the key was empty", async () => {
  const { clock, work } = scene();
  await work.question();
  clock.advance(60_000);
  await work.answerNone((await work.question())!);
  equal(await work.question(), null);
  clock.advance(DAY_MS - 60_000 - 1);
  equal(await work.question(), null);
  clock.advance(1);
  equal((await work.question())?.isSettled, false);
});

Deno.test("the answer to a question that is not settled leaves no mark", async () => {
  const { work } = scene();
  const question = await work.question();
  await work.answerNone(question!);
  deepEqual(await work.question(), question);
});

Deno.test("an act that wakes voids a question of before, and the mark", async () => {
  const { clock, work } = scene();
  await work.question();
  clock.advance(60_000);
  const before = await work.question();
  await work.wake();
  await work.answerNone(before!);
  equal((await work.question())?.isSettled, false);
  clock.advance(60_000);
  await work.answerNone((await work.question())!);
  await work.wake();
  equal((await work.question())?.isSettled, false);
});

Deno.test("each question has the lease under which the key was found empty", async () => {
  const { clock, cache, work } = scene();
  const first = await work.question();
  clock.advance(1);
  deepEqual(await work.question(), first);
  deepEqual(await cache.read("work"), { state: "LEASED", lease: first!.lease });
});
