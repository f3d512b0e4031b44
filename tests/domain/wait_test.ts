import { deepEqual, equal, ok } from "node:assert/strict";
import { estimateWait } from "../../src/domain/wait.ts";
import { RULES, UNMEASURED } from "../support/fronts.ts";

const MEASURED = { ...UNMEASURED, pace: 2 };

function seconds(ahead: number, speed = UNMEASURED, rules = RULES): number | undefined {
  return estimateWait(ahead, speed, rules, "SOME")?.seconds;
}

Deno.test("before the pace is measured a full house takes 300 s to turn over", () => {
  const expected = [[0, 0], [999, 0], [1_000, 300], [1_999, 300], [2_000, 600], [25_500, 7_500]];
  for (const [ahead, wait] of expected) equal(seconds(ahead!), wait);
});

Deno.test("the wait follows the measured pace, in whole seconds", () => {
  equal(seconds(0, MEASURED), 0);
  equal(seconds(1, MEASURED), 1);
  equal(seconds(5_000, MEASURED), 2_500);
});

Deno.test("the wait is no shorter than the rate allows", () => {
  const slow = { ...RULES, admissionsPerMinute: 7 };
  const fast = { ...RULES, admissionsPerMinute: 60_000 };
  equal(seconds(1_000, UNMEASURED, slow), 8_572);
  equal(seconds(1_000, UNMEASURED, fast), 300);
  equal(seconds(0, UNMEASURED, slow), 0);
  equal(seconds(5_000, MEASURED, slow), 42_858);
  equal(seconds(5_000, MEASURED, fast), 2_500);
});

Deno.test("the range contains the wait, and is narrower in a long line", () => {
  deepEqual(estimateWait(99, MEASURED, RULES, "SOME"), { seconds: 50, low: 37, high: 63 });
  deepEqual(estimateWait(0, MEASURED, RULES, "SOME"), { seconds: 0, low: 0, high: 0 });
  for (const ahead of [1, 10, 1_000, 100_000]) {
    const { seconds, low, high } = estimateWait(ahead, MEASURED, RULES, "SOME")!;
    ok(low >= 0 && low <= seconds && seconds <= high, `${ahead}`);
  }
});

Deno.test("the wait is unknown while nobody is admitted", () => {
  for (const state of ["CLOSED", "LOBBY", "HELD"] as const) {
    equal(estimateWait(10, MEASURED, { ...RULES, state }, "SOME"), null, state);
  }
  for (const seats of ["HELD", "NONE"] as const) {
    equal(estimateWait(10, MEASURED, RULES, seats), null, seats);
  }
  equal(seconds(10, MEASURED, { ...RULES, state: "DRAINING" }), 5);
});
