import assert from "node:assert/strict";
import { createAdmissionMeter } from "../../../src/adapters/memory/admission_meter.ts";

/** A multiple of the bucket, so that a test can place admissions within buckets. */
const T0_MS = Date.UTC(2030, 0, 1);
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

Deno.test("no pace is measured while nobody waits", () => {
  const meter = createAdmissionMeter();
  meter.count(T0_MS, 5, 0);
  meter.observe(T0_MS, 0);
  assert.deepEqual(meter.pace(T0_MS + MINUTE_MS), { promoted: 0, overMs: 0 });
});

Deno.test("the pace counts promotions since the queue formed", () => {
  const meter = createAdmissionMeter();
  meter.observe(T0_MS, 3);
  meter.count(T0_MS + 10 * SECOND_MS, 2, 2);
  meter.count(T0_MS + 20 * SECOND_MS, 4, 1);
  assert.deepEqual(meter.pace(T0_MS + 30 * SECOND_MS), { promoted: 3, overMs: 30 * SECOND_MS });
});

Deno.test("admissions before a queue formed are not part of the pace", () => {
  const meter = createAdmissionMeter();
  meter.count(T0_MS, 1_000, 1_000);
  meter.observe(T0_MS + 1, 1);
  assert.deepEqual(meter.pace(T0_MS + 2), { promoted: 0, overMs: 1 });
});

Deno.test("measuring starts again with each queue, not with each call", () => {
  const meter = createAdmissionMeter();
  meter.observe(T0_MS, 2);
  meter.count(T0_MS + SECOND_MS, 2, 2);
  meter.observe(T0_MS + SECOND_MS, 1);
  assert.equal(meter.pace(T0_MS + 2 * SECOND_MS).promoted, 2);
  meter.observe(T0_MS + 3 * SECOND_MS, 0);
  meter.observe(T0_MS + 4 * SECOND_MS, 1);
  assert.deepEqual(meter.pace(T0_MS + 5 * SECOND_MS), { promoted: 0, overMs: SECOND_MS });
});

Deno.test("the pace looks back five minutes", () => {
  const meter = createAdmissionMeter();
  meter.observe(T0_MS, 1);
  meter.count(T0_MS, 7, 7);
  meter.count(T0_MS + 4 * MINUTE_MS, 3, 3);
  const fiveMinutes = { promoted: 10, overMs: 5 * MINUTE_MS };
  assert.deepEqual(meter.pace(T0_MS + 5 * MINUTE_MS), fiveMinutes);
  assert.deepEqual(meter.pace(T0_MS + 6 * MINUTE_MS), { ...fiveMinutes, promoted: 3 });
  assert.deepEqual(meter.pace(T0_MS + 10 * MINUTE_MS), { ...fiveMinutes, promoted: 0 });
});

Deno.test("the last minute counts everybody, and nobody from before it", () => {
  const meter = createAdmissionMeter();
  meter.count(T0_MS, 5, 0);
  meter.count(T0_MS + 30 * SECOND_MS, 2, 2);
  assert.equal(meter.admittedLastMinute(T0_MS + 30 * SECOND_MS), 7);
  assert.equal(meter.admittedLastMinute(T0_MS + 59 * SECOND_MS), 7);
  assert.equal(meter.admittedLastMinute(T0_MS + 60 * SECOND_MS), 2);
  assert.equal(meter.admittedLastMinute(T0_MS + 90 * SECOND_MS), 0);
});

Deno.test("old admissions are forgotten while new ones are counted", () => {
  const meter = createAdmissionMeter();
  meter.observe(T0_MS, 1);
  for (let second = 0; second <= 3_600; second++) meter.count(T0_MS + second * SECOND_MS, 1, 1);
  const { promoted, overMs } = meter.pace(T0_MS + 3_600 * SECOND_MS);
  assert.equal(overMs, 5 * MINUTE_MS);
  // One a second, give or take the bucket that the window cuts.
  assert.ok(promoted >= 300 && promoted <= 305, `${promoted}`);
});
