import assert from "node:assert/strict";
import { computeFigures } from "../../../../src/tools/load_test/report/figures.ts";
import { drawSaleChart } from "../../../../src/tools/load_test/report/sale_chart.ts";
import { formatFigures } from "../../../../src/tools/load_test/report/text_report.ts";
import { createEvidence, SAMPLE } from "../fixtures.ts";

Deno.test("computeFigures() balances the money, and formatFigures() prints it", () => {
  const evidence = createEvidence();
  const { listener } = evidence.observations;
  listener.answered("poll", 200, 4, "");
  listener.answered("poll", 200, 6, "");
  listener.waitedForSocket(1_500);
  const figures = computeFigures(evidence);
  assert.deepEqual([figures.moneyIn, figures.moneyOut, figures.balancesLeft], [1200, 800, 400]);
  assert.deepEqual(figures.calls, [{ name: "poll", count: 2, p50Ms: 5, p99Ms: 5.98 }]);
  const text = formatFigures(figures);
  assert.match(text, /wait for a socket, p99 +│ 1\.5 s/);
  assert.match(text, /most admitted in a minute +│ 0 of 2/);
  assert.match(text, /money in, and out +│ 1,200, 800, 400 left on balances/);
});

Deno.test("drawSaleChart() draws without a browser", () => {
  const svg = drawSaleChart([SAMPLE, { ...SAMPLE, atMs: 2_000, sold: 9 }], "a & b");
  assert.match(svg, /^<svg .*xmlns=/);
  assert.match(svg, /a &amp; b/);
  assert.match(svg, /stroke="#15803d"/);
});
