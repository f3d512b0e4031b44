import { equal, ok } from "node:assert/strict";
import { estimateWait } from "../../src/domain/wait.ts";
import { RULES, UNMEASURED } from "../support/fronts.ts";

/** A full house of 1,000 in which 10,000 turns of 500 s each are over: two slots come free a second. */
const MEASURED = {
  ...UNMEASURED,
  pace: 2,
  admitted: 1_000,
  ended: 10_000,
  slotMs: 10_000 * 500_000,
  surprise: 10_000,
  called: 10_000,
};

function seconds(ahead: number, speed = UNMEASURED, rules = RULES): number {
  return estimateWait(ahead, speed, rules, "SOME")!.seconds;
}

function isAbout(found: number, expected: number): void {
  ok(Math.abs(found - expected) <= 2 + expected / 100, `${found}, about ${expected} expected`);
}

Deno.test("before a turn ended a full house takes 300 s to turn over", () => {
  const expected = [[0, 0], [999, 0], [1_000, 300], [1_999, 300], [2_000, 600], [25_500, 7_500]];
  for (const [ahead, wait] of expected) equal(seconds(ahead!), wait);
});

Deno.test("the wait follows the measured turns", () => {
  equal(seconds(0, MEASURED), RULES.pollMinSeconds, "the fan hears of the turn at the next poll");
  isAbout(seconds(100, MEASURED), 50);
  isAbout(seconds(5_000, MEASURED), 2_500);
});

Deno.test("fans who use no turn shorten the wait", () => {
  isAbout(seconds(5_000, { ...MEASURED, absent: 5_000 }), 1_250);
});

Deno.test("a place that is free now shortens the wait", () => {
  isAbout(seconds(100, { ...MEASURED, admitted: 960 }), 30);
});

Deno.test("the wait is no shorter than the rate allows", () => {
  const slow = { ...RULES, admissionsPerMinute: 7 };
  const fast = { ...RULES, admissionsPerMinute: 60_000 };
  isAbout(seconds(1_000, UNMEASURED, slow), 8_572);
  equal(seconds(1_000, UNMEASURED, fast), 300);
  equal(seconds(0, UNMEASURED, slow), 0);
  isAbout(seconds(5_000, MEASURED, slow), 42_858);
  isAbout(seconds(5_000, MEASURED, fast), 2_500);
});

Deno.test("the range contains the wait, and is relatively narrower in a long line", () => {
  let widest = Infinity;
  for (const ahead of [10, 100, 1_000, 100_000]) {
    const { seconds, low, high } = estimateWait(ahead, MEASURED, RULES, "SOME")!;
    ok(low >= 0 && low <= seconds && seconds <= high, `${ahead}`);
    ok((high - low) / seconds < widest, `${low} to ${high} with ${ahead} ahead`);
    widest = (high - low) / seconds;
  }
});

Deno.test("the wait is unknown while nobody is admitted", () => {
  for (const state of ["CLOSED", "LOBBY", "HELD"] as const) {
    equal(estimateWait(10, MEASURED, { ...RULES, state }, "SOME"), null, state);
  }
  for (const seats of ["HELD", "NONE"] as const) {
    equal(estimateWait(10, MEASURED, RULES, seats), null, seats);
  }
  isAbout(seconds(100, MEASURED, { ...RULES, state: "DRAINING" }), 50);
});
