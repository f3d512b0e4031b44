import { equal } from "node:assert/strict";
import { ADMISSION_TYPE, admissionEndSeconds } from "../../src/domain/admission.ts";

Deno.test("`admissionEndSeconds()` is five minutes from now, and never after the place's admission", () => {
  const nowMs = 1_000_000_999;
  equal(admissionEndSeconds(nowMs, nowMs + 900_000), 1_000_300);
  equal(admissionEndSeconds(nowMs, nowMs + 60_000), 1_000_060);
  equal(admissionEndSeconds(nowMs, 1_000_300_999), 1_000_300);
});

Deno.test("`admissionEndSeconds()` counts no second that is not over", () => {
  equal(admissionEndSeconds(999, 900_000), 300);
  equal(admissionEndSeconds(1_000, 900_000), 301);
  equal(admissionEndSeconds(600_000, 700_999), 700);
  equal(admissionEndSeconds(600_000, 701_000), 701);
  // By 2030 a wrong second's length would be weeks.
  equal(admissionEndSeconds(Date.UTC(2030, 0, 1), Date.UTC(2030, 0, 1, 0, 1)), 1_893_456_060);
  equal(admissionEndSeconds(Date.UTC(2030, 0, 1), Date.UTC(2030, 0, 2)), 1_893_456_300);
});

Deno.test("the type of an admission is the one of the documentation", () => {
  equal(ADMISSION_TYPE, "admission+jwt");
});
