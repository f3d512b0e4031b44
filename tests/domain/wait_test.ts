import { deepEqual, equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { ordersPerSecond } from "../../src/domain/line_speed.ts";
import type { LineSpeed, RulesSnapshot } from "../../src/domain/queue.ts";
import { ROOM_STATES } from "../../src/domain/room.ts";
import { estimateWait } from "../../src/domain/wait.ts";
import { RULES, UNMEASURED } from "../support/fronts.ts";

const SEED = 20_300_101;
/** A full house of 1,000; a turn takes 100 s, so that ten are called a second. */
const MEASURED: LineSpeed = {
  ...UNMEASURED,
  admitted: 1_000,
  ended: 2_000,
  slotMs: 2_000.5 * 100_000,
  surprise: 2_000,
  called: 2_000,
};
const ABSENT: LineSpeed = { ...MEASURED, called: 4_000, absent: 2_000 };

function seconds(ahead: number, speed = UNMEASURED, rules = RULES): number | undefined {
  return estimateWait(ahead, speed, rules, "SOME")?.seconds;
}

function around(found: number | undefined, expected: number): void {
  ok(found !== undefined && Math.abs(found - expected) <= 3, `${found} s, not ${expected} s`);
}

Deno.test("before a turn ended a full house takes 300 s to turn over", () => {
  const expected = [[0, 0], [999, 0], [1_000, 300], [1_999, 300], [2_000, 600], [25_500, 7_500]];
  for (const [ahead, wait] of expected) {
    equal(seconds(ahead!), wait);
    equal(seconds(ahead!, { ...UNMEASURED, admitted: 1_000, slotMs: 1e9 }), wait);
  }
  equal(seconds(3, UNMEASURED, { ...RULES, capacity: 1 }), 900);
});

Deno.test("the wait follows the measured turns", () => {
  equal(seconds(0, MEASURED), 2, "nobody hears of a turn sooner than at the next poll");
  around(seconds(100, MEASURED), 11);
  around(seconds(5_000, MEASURED), 501);
  around(seconds(5_000, ABSENT), 251);
});

Deno.test("free slots shorten the wait, and slots beyond the capacity lengthen it", () => {
  around(seconds(500, { ...MEASURED, admitted: 800 }), 31);
  equal(seconds(100, { ...MEASURED, admitted: 800 }), 2);
  around(seconds(500, { ...MEASURED, admitted: 1_200 }), 71);
  around(seconds(500, MEASURED, { ...RULES, capacity: 2_000 }), 2);
});

Deno.test("the wait is no shorter than the rate allows", () => {
  const slow = { ...RULES, admissionsPerMinute: 7 };
  const fast = { ...RULES, admissionsPerMinute: 60_000 };
  equal(seconds(1_000, UNMEASURED, slow), 8_572);
  equal(seconds(1_000, UNMEASURED, fast), 300);
  equal(seconds(0, UNMEASURED, slow), 0);
  around(seconds(5_000, MEASURED, fast), 501);
  // On average half an interval passes until the next admission.
  around(seconds(5_000, MEASURED, slow), 42_857 + 4);
  around(seconds(5_000, ABSENT, slow), 21_434 + 4);
});

Deno.test("four of five turn out within the range, so it is narrower in a long line", () => {
  const shares = [1, 10, 100, 1_000, 100_000].map((ahead) => {
    const { seconds, low, high } = estimateWait(ahead, MEASURED, RULES, "SOME")!;
    ok(low >= 0 && low <= seconds && seconds <= high, `${ahead}`);
    return (high - low) / seconds;
  });
  deepEqual(shares, shares.toSorted((a, b) => b - a));
  ok(shares[4]! < 0.08, `${shares[4]}`);
  deepEqual(estimateWait(1_000, MEASURED, RULES, "SOME"), { seconds: 101, low: 95, high: 108 });
});

Deno.test("the range is wider after few turns, with absent fans, and when turns end together", () => {
  const width = (speed: LineSpeed) => {
    const { low, high } = estimateWait(1_000, speed, RULES, "SOME")!;
    return high - low;
  };
  const few = { ...MEASURED, ended: 40, slotMs: 40.5 * 100_000, surprise: 40, called: 40 };
  const together = { ...MEASURED, surprise: 2_000 * 300, slotMs: 2_150 * 100_000 };
  const twiceAsLong = { ...ABSENT, slotMs: 2 * ABSENT.slotMs };
  for (const speed of [few, together, twiceAsLong]) {
    ok(width(speed) > 1.3 * width(MEASURED), `${width(speed)} and ${width(MEASURED)}`);
  }
});

Deno.test("the rate leaves no chance but that of absent fans", () => {
  const rules = { ...RULES, admissionsPerMinute: 120 };
  const { low, high } = estimateWait(5_000, MEASURED, rules, "SOME")!;
  ok(high - low <= 3, `from ${low} to ${high}`);
  const withAbsent = estimateWait(5_000, ABSENT, rules, "SOME")!;
  ok(withAbsent.high - withAbsent.low > 50, JSON.stringify(withAbsent));
});

Deno.test("the wait is unknown while nobody is admitted", () => {
  for (const state of ["CLOSED", "LOBBY", "HELD"] as const) {
    equal(estimateWait(10, MEASURED, { ...RULES, state }, "SOME"), null, state);
  }
  for (const seats of ["HELD", "NONE"] as const) {
    equal(estimateWait(10, MEASURED, RULES, seats), null, seats);
  }
  ok(seconds(10, MEASURED, { ...RULES, state: "DRAINING" }));
});

Deno.test("the wait is unknown when the seats left are for those in front", () => {
  const few = { ...ABSENT, seatsLeft: 20 };
  ok(seconds(30, few), "15 of them will come");
  equal(seconds(50, few), undefined);
  equal(seconds(0, { ...MEASURED, seatsLeft: 0 }), undefined);
});

const someSpeed: fc.Arbitrary<LineSpeed> = fc.record({
  pace: fc.constant(1),
  admitted: fc.nat({ max: 1e6 }),
  seatsLeft: fc.constant(null),
  ended: fc.double({ min: 0, max: 1e6, noNaN: true }),
  slotMs: fc.double({ min: 0, max: 1e12, noNaN: true }),
  surprise: fc.double({ min: 0, max: 1e9, noNaN: true }),
  called: fc.double({ min: 0, max: 1e6, noNaN: true }),
  absent: fc.double({ min: -100, max: 1e6, noNaN: true }),
});
const someRules: fc.Arbitrary<RulesSnapshot> = fc.record({
  capacity: fc.integer({ min: 1, max: 1e6 }),
  admissionsPerMinute: fc.option(fc.integer({ min: 1, max: 1e6 })),
  pollMinSeconds: fc.integer({ min: 1, max: 60 }),
}).map((some) => ({ ...RULES, ...some, state: "OPEN" }));
const someAhead = fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: 2 ** 25 }));

Deno.test("a wait is whole seconds within its range, and no shorter with more ahead", () => {
  fc.assert(
    fc.property(someAhead, fc.nat({ max: 1e6 }), someSpeed, someRules, (ahead, more, ...of) => {
      const wait = estimateWait(ahead, ...of, "SOME")!;
      const { seconds, low, high } = wait;
      ok([seconds, low, high].every(Number.isSafeInteger), JSON.stringify(wait));
      ok(0 <= low && low <= seconds && seconds <= high, JSON.stringify(wait));
      ok(seconds <= estimateWait(ahead + more, ...of, "SOME")!.seconds);
    }),
    { seed: SEED, numRuns: 3_000 },
  );
});

Deno.test("in a full house the wait is that of the pace, by which fans poll", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), someSpeed, someRules, (ahead, speed, rules) => {
      fc.pre(speed.ended > 0);
      const full = { ...speed, admitted: rules.capacity };
      const wait = ahead / ordersPerSecond(full, rules);
      const { seconds } = estimateWait(ahead, full, rules, "SOME")!;
      // One turn and one poll more.
      const slack = Math.max(60, wait / Math.max(1e-9, ahead)) * 1_000;
      ok(seconds >= Math.floor(wait) && seconds <= wait + slack, `${seconds} and ${wait}`);
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

Deno.test("every state has an answer", () => {
  for (const state of ROOM_STATES) estimateWait(1, MEASURED, { ...RULES, state }, "SOME");
});

/** One slot, whose turns take 100 s. */
const ONE_SLOT = { ...RULES, capacity: 1 };
const IN_TURN: LineSpeed = { ...MEASURED, admitted: 1 };
const wholeWait = (ahead: number, speed: LineSpeed, rules: RulesSnapshot) =>
  estimateWait(ahead, speed, rules, "SOME");

Deno.test("a fan needs one turn more than those in front, and is admitted at once to a free slot", () => {
  equal(seconds(5, IN_TURN, ONE_SLOT), 601);
  equal(seconds(0, { ...MEASURED, admitted: 9 }, { ...RULES, capacity: 10 }), 2);
  equal(seconds(0, { ...MEASURED, admitted: 0 }, { ...RULES, capacity: 10 }), 2);
});

Deno.test("the next admission by the rate comes within an interval, early or late in it", () => {
  const slow = { ...RULES, admissionsPerMinute: 1 };
  // Ten minutes, and a fifth, half or four fifths of the next one.
  deepEqual(wholeWait(10, MEASURED, slow), { seconds: 631, low: 612, high: 650 });
});

Deno.test("the range of a rate is that of how many of those in front will come", () => {
  const slow = { ...RULES, admissionsPerMinute: 1 };
  // 1,000 ahead, half of whom come: 500 minutes, with a deviation of 3.5 %.
  deepEqual(wholeWait(1_000, ABSENT, slow), { seconds: 30_039, low: 28_632, high: 31_513 });
  // One ahead, who comes or not.
  deepEqual(wholeWait(1, ABSENT, slow), { seconds: 61, low: 24, high: 128 });
  // Two were called and one came; one was called and did not come.
  const two = { ...MEASURED, called: 2, absent: 1 };
  const one = { ...MEASURED, called: 1, absent: 1 };
  deepEqual(wholeWait(300, two, slow), { seconds: 12_031, low: 5_537, high: 26_113 });
  deepEqual(wholeWait(300, one, slow), { seconds: 9_031, low: 3_491, high: 23_338 });
});

Deno.test("the range of turns is that of their number, to come and measured", () => {
  // One turn: the deviation is as long as the turn, and no longer after a single measured one.
  deepEqual(wholeWait(0, IN_TURN, ONE_SLOT), { seconds: 101, low: 26, high: 384 });
  const single = { ...IN_TURN, ended: 1, slotMs: 150_000, surprise: 1, called: 1 };
  deepEqual(wholeWait(0, single, ONE_SLOT), { seconds: 101, low: 26, high: 384 });
  deepEqual(wholeWait(99, single, ONE_SLOT), { seconds: 10_001, low: 2_619, high: 38_193 });
  // 100 turns to come, and 100 measured: 14 %.
  const hundred = { ...IN_TURN, ended: 100, slotMs: 100.5 * 100_000, surprise: 100, called: 100 };
  deepEqual(wholeWait(99, hundred, ONE_SLOT), { seconds: 10_001, low: 8_273, high: 12_090 });
});

Deno.test("the range of turns that end together is wider by up to a third of their number", () => {
  const groups = { ...IN_TURN, ended: 100, slotMs: 110 * 100_000, surprise: 2_000, called: 100 };
  // Groups of twenty: a third of them on each side of 100 turns to come and of 100 measured.
  deepEqual(wholeWait(99, groups, ONE_SLOT), { seconds: 10_001, low: 7_963, high: 12_560 });
  deepEqual(wholeWait(199, groups, ONE_SLOT), { seconds: 20_001, low: 16_504, high: 24_239 });
});
