import { equal, ok } from "node:assert/strict";
import fc from "fast-check";
import {
  ordersPerSecond,
  rememberedShare,
  slotSeconds,
  turnsTogether,
  usedShare,
} from "../../src/domain/line_speed.ts";
import type { TurnTally } from "../../src/domain/queue.ts";

const SEED = 20_300_101;
const NONE: TurnTally = { ended: 0, slotMs: 0, surprise: 0, called: 0, absent: 0 };

/** So many turns of so many seconds, which ended one by one. */
function turnsOf(ended: number, seconds: number): TurnTally {
  return { ...NONE, ended, slotMs: (ended + 0.5) * seconds * 1000, surprise: ended };
}

function assertNear(found: number, expected: number, share = 0.001): void {
  ok(Math.abs(found - expected) <= share * expected, `${found}, not ${expected}`);
}

Deno.test("a turn takes 300 s before one has ended", () => {
  equal(slotSeconds(NONE, 1_000), 300);
  equal(slotSeconds({ ...NONE, slotMs: 1e9 }, 1_000), 300);
});

Deno.test("a turn takes the measured time, that of turns which go on too", () => {
  equal(slotSeconds(turnsOf(2_000, 90), 1_000), 90);
  assertNear(slotSeconds(turnsOf(2_000, 1_200), 1_000), 1_200);
  const { slotMs } = turnsOf(2_000, 90);
  assertNear(slotSeconds({ ...turnsOf(2_000, 90), slotMs: 2 * slotMs }, 1_000), 180);
});

Deno.test("few short turns, and turns of the first slots that are long, count with 300 s each", () => {
  // 30 turns are enough, or as many as there are slots.
  assertNear(slotSeconds(turnsOf(3, 100), 1_000), (3.5 * 100 + 26.5 * 300) / 30);
  assertNear(slotSeconds(turnsOf(3, 10), 1_000), (3.5 * 10 + 26.5 * 300) / 30);
  assertNear(slotSeconds(turnsOf(3, 10), 2), 10);
  // 200 slots for 50 s, and one turn is over: it cannot be known how long the others take.
  const oneOver = { ...NONE, ended: 1, slotMs: 200 * 50_000, surprise: 1 };
  assertNear(slotSeconds(oneOver, 200), (200 * 50 + 198.5 * 300) / 200);
});

Deno.test("turns that ended together are measured up to the middle of the next gap", () => {
  equal(turnsTogether(NONE), 1);
  equal(turnsTogether({ ...NONE, ended: 100, surprise: 20 }), 1, "evenly");
  equal(turnsTogether({ ...NONE, ended: 100, surprise: 2_000 }), 20);
  equal(turnsTogether({ ...NONE, ended: 1, surprise: 80_000 }), 1, "nothing ended before");
  // Five groups of 20 with 60 s between them: the mean of the times just before and after an end.
  const justBefore = { ...NONE, ended: 100, slotMs: 120 * 60_000, surprise: 2_000 };
  const justAfter = { ...justBefore, slotMs: 100 * 60_000 };
  assertNear((slotSeconds(justBefore, 20) + slotSeconds(justAfter, 20)) / 2, 60);
});

Deno.test("all turns may be over at once", () => {
  const atOnce = { ...turnsOf(50, 0), called: 50 };
  ok(Number.isFinite(ordersPerSecond(atOnce, { capacity: 1, admissionsPerMinute: null })));
  equal(slotSeconds(atOnce, 1), 1, "a second is the shortest turn");
});

Deno.test("`usedShare()` is that of the called fans who showed up", () => {
  equal(usedShare(NONE), 1);
  assertNear(usedShare({ ...NONE, called: 1_000, absent: 400 }), 0.6, 0.01);
  equal(usedShare({ ...NONE, called: 1_000, absent: 1_000 }), 0.1, "the line stays far");
  equal(usedShare({ ...NONE, called: 10, absent: -2 }), 13 / 11, "two of them came back");
  equal(usedShare({ ...NONE, called: 1, absent: 3 }), 1 / 2, "more than the remembered ones");
});

Deno.test("`ordersPerSecond()` is that of the slots, of absent fans, and at most the rate", () => {
  const rules = { capacity: 1_000, admissionsPerMinute: null };
  assertNear(ordersPerSecond(NONE, rules), 1_000 / 300);
  assertNear(ordersPerSecond(turnsOf(2_000, 100), rules), 10);
  assertNear(ordersPerSecond(turnsOf(2_000, 100), { ...rules, capacity: 100 }), 1);
  const halfAbsent = { ...turnsOf(2_000, 100), called: 4_000, absent: 2_000 };
  assertNear(ordersPerSecond(halfAbsent, rules), 20);
  const limited = { ...rules, admissionsPerMinute: 60 };
  equal(ordersPerSecond(turnsOf(2_000, 100), limited), 1);
  assertNear(ordersPerSecond(halfAbsent, limited), 2);
});

Deno.test("as many turns are remembered as two for each slot, and 30 at least", () => {
  for (const [capacity, remembered] of [[1, 30], [15, 30], [200, 400]]) {
    let ended = 0;
    for (let sample = 0; sample < 10_000; sample++) {
      ended = (ended + 5) * rememberedShare(5, capacity!);
    }
    assertNear(ended, remembered!, 0.01);
  }
  equal(rememberedShare(0, 200), 1, "a line that stands still forgets nothing");
});

Deno.test("the pace is a positive number, whatever was measured", () => {
  const count = fc.double({ min: 0, max: 1e7, noNaN: true });
  const tally = fc.record({
    ended: count,
    slotMs: fc.double({ min: 0, max: 1e13, noNaN: true }),
    surprise: count,
    called: count,
    absent: fc.double({ min: -1e4, max: 1e7, noNaN: true }),
  });
  const rules = fc.record({
    capacity: fc.integer({ min: 1, max: 1e6 }),
    admissionsPerMinute: fc.option(fc.integer({ min: 1, max: 1e6 })),
  });
  fc.assert(
    fc.property(tally, rules, (measured, room) => {
      const pace = ordersPerSecond(measured, room);
      ok(pace > 0 && Number.isFinite(pace), `${pace}`);
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});
