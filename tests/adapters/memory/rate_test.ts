import assert from "node:assert/strict";
import fc from "fast-check";
import { createAdmissionRate } from "../../../src/adapters/memory/rate.ts";
import { admissionPace } from "../../../src/domain/room.ts";

const SEED = 20_300_101;
const AT_MS = Date.UTC(2030, 0, 1);

Deno.test("the same number is admitted together as one by one", () => {
  const steps = fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 60 });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000 }), steps, (perMinute, stepsMs) => {
      const pace = admissionPace(perMinute);
      const [together, single] = [createAdmissionRate(), createAdmissionRate()];
      let nowMs = AT_MS;
      for (const stepMs of stepsMs) {
        nowMs += stepMs;
        const allowed = together.allowed(pace, nowMs);
        together.record(allowed, pace, nowMs);
        let count = 0;
        for (; single.allowed(pace, nowMs) > 0; count++) single.record(1, pace, nowMs);
        assert.equal(allowed, count);
      }
    }),
    { seed: SEED, numRuns: 500 },
  );
});

Deno.test("without a rate any number is admitted, and none of them counts later", () => {
  const rate = createAdmissionRate();
  assert.equal(rate.allowed(null, AT_MS), Infinity);
  rate.record(1_000, null, AT_MS);
  assert.equal(rate.allowed(admissionPace(60), AT_MS), 1);
});

Deno.test("a clock that goes back, or a rate that is raised, delays by one interval at most", () => {
  const rate = createAdmissionRate();
  rate.record(1, admissionPace(1), AT_MS);
  assert.equal(rate.allowed(admissionPace(60), AT_MS), 0);
  assert.equal(rate.allowed(admissionPace(60), AT_MS + 1_000), 1);
  rate.record(1, admissionPace(60), AT_MS + 1_000);
  assert.equal(rate.allowed(admissionPace(60), AT_MS - 86_400_000), 0);
  assert.equal(rate.allowed(admissionPace(60), AT_MS - 86_399_000), 1);
});
