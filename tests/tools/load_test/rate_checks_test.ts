import assert from "node:assert/strict";
import { checkRate, mostWithinAMinute } from "../../../src/tools/load_test/rate_checks.ts";
import type { Sighting } from "../../../src/tools/load_test/seen.ts";
import { sighting } from "./support.ts";

/** Waited and asked a second before. */
function admittedAt(seconds: readonly number[]): Sighting[] {
  return seconds.flatMap((second, fan) => [
    sighting(fan, fan, second - 1, "WAITING", 1),
    sighting(fan, fan, second, "ADMITTED"),
    sighting(fan, fan, second + 1, "ADMITTED"),
  ]);
}

const most = (sightings: Sighting[], firstJoins = new Map<number, number>()) =>
  mostWithinAMinute({ sightings, firstJoins });

Deno.test("mostWithinAMinute() counts only who was for certain admitted within one", () => {
  assert.equal(most([]), 0);
  assert.equal(most(admittedAt([10, 30, 65])), 3);
  assert.equal(most(admittedAt([10, 30, 69.5])), 2, "may have been 60.5 s after the first");
  assert.equal(most(admittedAt([10, 80, 81, 82, 200])), 3);
});

Deno.test("mostWithinAMinute() knows of the first join when that was, and of no later one", () => {
  const atOnce = [sighting(1, 1, 5, "ADMITTED"), sighting(2, 2, 6, "ADMITTED")];
  const anew = { ...sighting(1, 3, 7, "ADMITTED"), place: "1/2" };
  assert.equal(most([...atOnce, anew], new Map([[1, 4_000], [2, 5_000]])), 2);
  assert.equal(most([...atOnce, anew]), 0);
});

Deno.test("checkRate() holds what fans saw and what the operator was told to the most", () => {
  const witness = { sightings: admittedAt([10, 30, 65]), firstJoins: new Map() };
  const sample = { atMs: 1, waiting: 0, admitted: 3, parked: 0, capacity: 3, sold: 0 };
  const samples = [{ ...sample, admittedLastMinute: 4 }];
  assert.deepEqual(checkRate(witness, samples, 4), []);
  assert.deepEqual(checkRate(witness, samples, null), []);
  assert.deepEqual(checkRate(witness, samples, 3).map(({ what }) => what), [
    "the operator was told of 4 admissions in a minute that may have 3",
  ]);
  assert.match(checkRate(witness, [], 2)[0]!.what, /fans saw 3 admissions/);
});
