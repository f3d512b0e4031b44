import assert from "node:assert/strict";
import { checkCrowd } from "../../../../src/tools/load_test/checks/crowd_checks.ts";
import type { Evidence } from "../../../../src/tools/load_test/checks/evidence.ts";
import { computeFigures } from "../../../../src/tools/load_test/report/figures.ts";
import { type Law, lawsOf } from "../../../../src/tools/load_test/report/laws.ts";
import { formatResult } from "../../../../src/tools/load_test/report/text_report.ts";
import { createEvidence, observationOf, SAMPLE } from "../fixtures.ts";

function resultOf(evidence: Evidence) {
  const figures = computeFigures(evidence);
  const violations = checkCrowd(evidence);
  return {
    figures,
    laws: lawsOf(evidence, figures, violations),
    violations,
    notes: ["a note"],
    samples: evidence.observations.samples,
    moments: { openedAtMs: 1_000, soldOutAtMs: 4_500 },
  };
}

Deno.test("computeFigures() balances the money, and measures the calls", () => {
  const evidence = createEvidence();
  const { listener } = evidence.observations;
  listener.answered("poll", 200, 4, "");
  listener.answered("poll", 200, 6, "");
  const figures = computeFigures(evidence);
  assert.deepEqual([figures.moneyIn, figures.moneyOut, figures.balancesLeft], [1200, 800, 400]);
  assert.deepEqual(figures.calls, [{ name: "poll", count: 2, p50Ms: 5, p99Ms: 5.98 }]);
});

Deno.test("formatResult() tells laws, outcome and speed apart", () => {
  const evidence = createEvidence();
  const { observations } = evidence;
  observations.samples.push(SAMPLE);
  observations.listener.answered("poll", 200, 4, "");
  observations.listener.waitedForSocket(1_500);
  for (let poll = 0; poll < 8; poll++) observations.count("polls that say");
  observations.count("polls without Redis");
  const parts = formatResult(resultOf(evidence), 3).split(/^(?:LAWS|OUTCOME|SPEED)$/m);
  assert.equal(parts.length, 4);
  const [, laws, outcome, speed] = parts;
  assert.match(
    laws!,
    /│ L1 +│ at most the capacity admitted at once +│ 3 of 3 at most, 1 sample +│ kept/,
  );
  assert.match(laws!, /│ draw +│.*│ the room had no lobby +│ not checked/);
  assert.match(laws!, /No rule of the contract was broken\.\nNote: a note\n/);
  assert.match(outcome!, /money in, and out +│ 1,200, 800, 400 left on balances/);
  assert.doesNotMatch(outcome!, / ms|p99|polls/);
  assert.match(speed!, /sold out after the opening +│ 3\.5 s/);
  assert.match(speed!, /polls without Redis +│ 12\.5 %/);
  assert.match(speed!, /wait for a socket, p99 +│ 1\.5 s/);
  assert.match(speed!, /poll +│ +1 │/);
});

Deno.test("lawsOf() has each law by name, with what was counted and how often it was broken", () => {
  const evidence = createEvidence();
  evidence.observations.samples.push({ ...SAMPLE, admitted: 4 });
  evidence.observations.places.push(
    observationOf(2, 2, 2, "ADMITTED"),
    observationOf(1, 1, 3, "WAITING", 1),
  );
  const { laws, violations } = resultOf(evidence);
  const law = (rule: Law["rule"]) => laws.find((one) => one.rule === rule)!;
  assert.deepEqual([law("L1").broken, law("L1").counted], [1, "4 of 3 at most, 1 sample"]);
  assert.deepEqual([law("L2").broken, law("L2").checked], [1, 2]);
  assert.deepEqual([law("L6").broken, law("L6").counted], [0, "0 of 2 at most"]);
  assert.deepEqual([law("B1").broken, law("B1").counted], [0, "2 seats sold"]);
  assert.deepEqual([law("B7").counted, law("B3").counted], [
    "1 of 4 at most",
    "2 balances",
  ]);
  const broken = laws.reduce((sum, { broken }) => sum + broken, 0);
  assert.equal(broken, violations.length);
  assert.equal(new Set(laws.map(({ rule }) => rule)).size, laws.length);
});

Deno.test("lawsOf() says of what a reset or a change of the room hides that it was not checked", () => {
  const evidence = createEvidence();
  evidence.observations.queueWasReset = true;
  const changed = { ...evidence, room: { ...evidence.room, wasChanged: true } };
  const notChecked = (one: Evidence) =>
    resultOf(one).laws.filter(({ checked }) => checked === null).map(({ rule }) => rule);
  assert.deepEqual(notChecked(evidence), ["L2", "L3", "L4", "L6", "draw"]);
  changed.observations.queueWasReset = false;
  assert.deepEqual(notChecked(changed), ["L6", "draw"]);
});
