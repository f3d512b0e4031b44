import assert from "node:assert/strict";
import { checkCrowd } from "../../../../src/tools/load_test/checks/crowd_checks.ts";
import { formatViolations } from "../../../../src/tools/load_test/report/text_report.ts";
import { createEvidence, observationOf, SAMPLE } from "../fixtures.ts";

Deno.test("checkCrowd() finds nothing in a sale without a violation", () => {
  const good = createEvidence();
  good.observations.samples.push(SAMPLE);
  assert.deepEqual(checkCrowd(good), []);
  assert.match(formatViolations([]), /No rule/);
});

Deno.test("checkCrowd() names each rule that was broken", () => {
  const bad = createEvidence();
  const { observations } = bad;
  observations.samples.push({ ...SAMPLE, admitted: 4 });
  observations.places.push(
    observationOf(2, 2, 2, "ADMITTED"),
    observationOf(1, 1, 3, "WAITING", 1),
  );
  observations.listener.answered("pay", 500, 3, "INTERNAL");
  observations.addContractFault("a charge was answered with 404 NOT_FOUND");
  observations.unfinished.push("waiting in the queue");
  const violations = checkCrowd({ ...bad, endings: ["bought", "did not finish", "were refused"] });
  assert.deepEqual(violations.map(({ rule }) => rule), [
    "L1",
    "L2",
    "D3",
    "contract",
    "liveness",
    "liveness",
  ]);
  const text = formatViolations(violations);
  assert.match(text, /BROKEN, 6 times:\n {2}L1: 4 were admitted at once/);
  assert.match(text, /1 fans had not finished after 5\.0 s: 1 waiting in the queue/);
});

Deno.test("checkCrowd() allows whoever is inside when the capacity is lowered", () => {
  const { observations, ...evidence } = createEvidence();
  const samples = [SAMPLE.capacity, 1, 1].map((capacity) => (
    { ...SAMPLE, capacity, admitted: SAMPLE.capacity }
  ));
  const rules = (admitted: readonly number[]) =>
    checkCrowd({
      ...evidence,
      observations: {
        ...observations,
        samples: samples.map((sample, index) => ({ ...sample, admitted: admitted[index]! })),
      },
    }).map(({ rule }) => rule);
  const full = SAMPLE.capacity;
  assert.deepEqual(rules([full - 1, full, full]), []);
  assert.deepEqual(rules([full, full - 1, full]), ["L1"]);
});

Deno.test("checkCrowd() names faults of the room, unless an operator changed it", () => {
  const bad = createEvidence();
  bad.observations.samples.push({ ...SAMPLE, admittedLastMinute: 3 });
  bad.observations.places.push({
    ...observationOf(1, 1, 3, "WAITING", 1),
    reason: "SOLD_OUT",
  });
  const draw = { draw: null, list: [], orderValues: new Map(), seedDigest: null };
  const endings = ["bought", "found the room closed"] as const;
  const rules = (wasChanged: boolean) =>
    checkCrowd({ ...bad, endings, room: { ...bad.room, draw, wasChanged } })
      .map(({ rule }) => rule);
  assert.deepEqual(rules(false), ["sold out", "sold out", "contract", "L6", "draw"]);
  assert.deepEqual(rules(true), ["sold out", "sold out"]);
});
