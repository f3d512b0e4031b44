import assert from "node:assert/strict";
import {
  checkRate,
  mostWithinAMinute,
} from "../../../../src/tools/load_test/checks/rate_checks.ts";
import type { PlaceObservation } from "../../../../src/tools/load_test/observations.ts";
import { observationOf, SAMPLE } from "../fixtures.ts";

/** Each fan was WAITING one second before the admission. */
function admittedAt(seconds: readonly number[]): PlaceObservation[] {
  return seconds.flatMap((second, fan) => [
    observationOf(fan, fan, second - 1, "WAITING", 1),
    observationOf(fan, fan, second, "ADMITTED"),
    observationOf(fan, fan, second + 1, "ADMITTED"),
  ]);
}

const most = (places: PlaceObservation[], firstJoins = new Map<number, number>()) =>
  mostWithinAMinute({ places, firstJoins });

Deno.test("mostWithinAMinute() counts only admissions that certainly happened in one", () => {
  assert.equal(most([]), 0);
  assert.equal(most(admittedAt([10, 30, 65])), 3);
  assert.equal(
    most(admittedAt([10, 30, 69.5])),
    2,
    "the third may have come 60.5 s after the first",
  );
  assert.equal(most(admittedAt([10, 80, 81, 82, 200])), 3);
});

Deno.test("mostWithinAMinute() uses the time of the first join, and of no later one", () => {
  const atOnce = [observationOf(1, 1, 5, "ADMITTED"), observationOf(2, 2, 6, "ADMITTED")];
  const anew = { ...observationOf(1, 3, 7, "ADMITTED"), place: "1/2" };
  assert.equal(most([...atOnce, anew], new Map([[1, 4_000], [2, 5_000]])), 2);
  assert.equal(most([...atOnce, anew]), 0);
});

Deno.test("checkRate() compares the fans' and the operator's answers with the rate", () => {
  const evidence = { places: admittedAt([10, 30, 65]), firstJoins: new Map() };
  const samples = [{ ...SAMPLE, admittedLastMinute: 4 }];
  assert.deepEqual(checkRate(evidence, samples, 4), []);
  assert.deepEqual(checkRate(evidence, samples, null), []);
  assert.deepEqual(checkRate(evidence, samples, 3).map(({ detail }) => detail), [
    "an operator's answer shows 4 admissions in a minute, and the rate is 3",
  ]);
  assert.match(checkRate(evidence, [], 2)[0]!.detail, /the fans' answers show 3 admissions/);
});
