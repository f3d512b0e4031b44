import assert from "node:assert/strict";
import fc from "fast-check";
import {
  allowance,
  type AllowanceInput,
  callScore,
  correctedArrival,
  dueOfCall,
  lastScoreDueBy,
  nearLimit,
  outageMs,
  showUpDeadline,
  timeOfCall,
} from "../../src/domain/promotion.ts";
import { admissionPace } from "../../src/domain/room.ts";

const SEED = 20_300_101;
const AT_MS = Date.UTC(2030, 0, 1);
const NO_RATE = { intervalMs: 0, toleranceMs: 0 };
const OPEN: AllowanceInput = {
  ...NO_RATE,
  nowMs: AT_MS,
  capacity: 1_000,
  admitted: 0,
  promotes: true,
  release: 0,
  budget: null,
  arrivalMs: 0,
};

/** A rate that is used for some time. */
function createRate() {
  let arrivalMs = 0;
  return {
    allowed(perMinute: number | null, nowMs: number): number {
      const rate = { nowMs, ...admissionPace(perMinute) ?? NO_RATE };
      arrivalMs = correctedArrival({ ...rate, arrivalMs });
      return allowance({ ...OPEN, ...rate, capacity: 10_000, arrivalMs }).now;
    },
    record(admitted: number, perMinute: number | null, nowMs: number): void {
      const { intervalMs } = admissionPace(perMinute) ?? NO_RATE;
      if (admitted > 0) arrivalMs = Math.max(arrivalMs, nowMs) + admitted * intervalMs;
    },
  };
}

Deno.test("`allowance()` is the least of slots, release and stock", () => {
  const slots = (input: Partial<AllowanceInput>) => allowance({ ...OPEN, ...input }).slots;
  assert.equal(slots({ capacity: 10, admitted: 4 }), 6);
  assert.equal(slots({ capacity: 4, admitted: 10 }), 0);
  assert.equal(slots({ promotes: false }), 0);
  assert.equal(slots({ promotes: false, release: 3 }), 3);
  assert.equal(slots({ promotes: false, release: 3, capacity: 2 }), 2);
  assert.equal(slots({ release: 3 }), 1_000, "a state that promotes needs no release");
  assert.equal(slots({ budget: 5 }), 5);
  assert.equal(slots({ budget: -5 }), 0);
});

Deno.test("the same number is admitted together as one by one", () => {
  const steps = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000 }), steps, (perMinute, stepsMs) => {
      const [together, single] = [createRate(), createRate()];
      let nowMs = AT_MS;
      for (const stepMs of stepsMs) {
        nowMs += stepMs;
        const allowed = together.allowed(perMinute, nowMs);
        together.record(allowed, perMinute, nowMs);
        let count = 0;
        for (; single.allowed(perMinute, nowMs) > 0; count++) single.record(1, perMinute, nowMs);
        assert.equal(allowed, count);
      }
    }),
    { seed: SEED, numRuns: 500 },
  );
});

Deno.test("without a rate any number is admitted, and none of them counts later", () => {
  const rate = createRate();
  assert.equal(rate.allowed(null, AT_MS), 10_000);
  rate.record(1_000, null, AT_MS);
  assert.equal(rate.allowed(60, AT_MS), 1);
});

Deno.test("a second's share is admitted at once, and less than none never", () => {
  assert.deepEqual([60, 120, 6_000].map((rate) => createRate().allowed(rate, AT_MS)), [1, 2, 100]);
  const rate = { intervalMs: 1_000, toleranceMs: 0 };
  assert.equal(allowance({ ...OPEN, ...rate, arrivalMs: AT_MS + 5_000 }).now, 0);
  const fast = { intervalMs: 0.125, toleranceMs: 0 };
  assert.equal(allowance({ ...OPEN, ...fast, arrivalMs: AT_MS + 0.5 }).now, 0);
});

Deno.test("a clock that goes back, or a rate that is raised, delays by one interval at most", () => {
  const rate = createRate();
  rate.record(1, 1, AT_MS);
  assert.equal(rate.allowed(60, AT_MS), 0);
  assert.equal(rate.allowed(60, AT_MS + 1_000), 1);
  rate.record(1, 60, AT_MS + 1_000);
  assert.equal(rate.allowed(60, AT_MS - 86_400_000), 0);
  assert.equal(rate.allowed(60, AT_MS - 86_399_000), 1);
});

Deno.test("`nearLimit()` covers what is called until who vanishes as near is overdue", () => {
  const bounds = { leastNear: 200 };
  const times = { toldMs: 60_000, showUpMs: 60_000 };
  assert.equal(nearLimit(1_000, 0, times, bounds), 1_200);
  assert.equal(nearLimit(1_000, 1.2, times, bounds), 1_216);
  assert.equal(nearLimit(1_000, 10, times, bounds), 2_800);
  assert.equal(nearLimit(1_000, 10, { ...times, toldMs: 300_000 }, bounds), 7_600);
  assert.equal(nearLimit(1_000, 10, { ...times, toldMs: 4_000 }, bounds), 1_960);
});

Deno.test("`showUpDeadline()` is the told time, or a window from becoming near", () => {
  const at = { nearSinceMs: 1_000, showUpMs: 60_000, windowMs: 120_000, nowMs: 100_000 };
  assert.equal(showUpDeadline({ ...at, dueMs: 90_000 }), 150_000);
  assert.equal(showUpDeadline({ ...at, dueMs: 40_001 }), 100_001);
  assert.equal(showUpDeadline({ ...at, dueMs: 40_000 }), null);
  assert.equal(showUpDeadline({ ...at, dueMs: null }), 121_000);
  assert.equal(showUpDeadline({ ...at, dueMs: null, nowMs: 121_000 }), null);
});

Deno.test("`outageMs()` is the time since somebody should have called", () => {
  const at = {
    nowMs: AT_MS + 300_000,
    actedAtMs: AT_MS,
    dueMs: null,
    farRaisedAtMs: -Infinity,
    toldMs: 60_000,
    showUpMs: 60_000,
    waitingTtlMs: 21_600_000,
  };
  assert.equal(outageMs(at), 0, "nobody was due");
  assert.equal(outageMs({ ...at, dueMs: AT_MS + 2_000 }), 298_000);
  assert.equal(outageMs({ ...at, farRaisedAtMs: AT_MS - 59_999 }), 295_000);
  assert.equal(outageMs({ ...at, farRaisedAtMs: AT_MS - 60_000 }), 0);
  const both = { ...at, farRaisedAtMs: AT_MS };
  assert.equal(outageMs({ ...both, dueMs: AT_MS + 2_000 }), 298_000, "the earlier sign");
  assert.equal(outageMs({ ...both, dueMs: AT_MS + 90_000 }), 295_000, "the earlier sign");
  assert.equal(outageMs({ ...both, nowMs: AT_MS + 15_000 }), 0, "a short silence is none");
  assert.equal(outageMs({ ...both, nowMs: AT_MS + 15_001 }), 10_001);
});

Deno.test("`outageMs()` of a shorter time to show up begins with a shorter silence", () => {
  const outage = (showUpMs: number, silenceMs: number) =>
    outageMs({
      nowMs: AT_MS + silenceMs,
      actedAtMs: AT_MS,
      dueMs: AT_MS + 1,
      farRaisedAtMs: -Infinity,
      toldMs: 60_000,
      showUpMs,
      waitingTtlMs: 21_600_000,
    });
  assert.deepEqual([outage(8_000, 8_000), outage(8_000, 8_001)], [0, 8_000]);
  assert.deepEqual([outage(1_000, 5_000), outage(1_000, 5_001)], [0, 5_000]);
});

Deno.test("`outageMs()` is at most a quarter of the waiting TTL, in whole ms", () => {
  const outage = outageMs({
    nowMs: AT_MS + 86_400_000,
    actedAtMs: AT_MS,
    dueMs: AT_MS,
    farRaisedAtMs: -Infinity,
    toldMs: 60_000,
    showUpMs: 60_000,
    waitingTtlMs: 21_600_003,
  });
  assert.equal(outage, 5_400_000);
});

Deno.test("a score of `calls` holds the told time and the time of the call", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: AT_MS, max: 2 * AT_MS }),
      fc.integer({ min: 1, max: 2_047 }),
      (liveMs, after) => {
        const score = callScore(liveMs, after);
        assert.equal(dueOfCall(score), liveMs + after * 1000);
        assert.equal(timeOfCall(score), liveMs);
      },
    ),
    { seed: SEED, numRuns: 1_000 },
  );
  assert.ok(timeOfCall(callScore(AT_MS, 100_000)) >= AT_MS, "never earlier than the call");
  assert.equal(dueOfCall(callScore(AT_MS, 100_000)), AT_MS + 100_000_000);
  assert.equal(dueOfCall(callScore(AT_MS, 2_048)), AT_MS + 2_048_000);
});

Deno.test("`lastScoreDueBy()` is the highest score of those who were to call by a time", () => {
  const scores = [1, 2_000, 2_047].map((after) => callScore(AT_MS - after * 1000, after));
  assert.equal(Math.max(...scores), lastScoreDueBy(AT_MS));
  assert.ok(Math.min(...scores) > lastScoreDueBy(AT_MS - 1));
});
