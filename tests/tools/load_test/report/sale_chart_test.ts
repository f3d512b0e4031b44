import assert from "node:assert/strict";
import { drawSaleChart } from "../../../../src/tools/load_test/report/sale_chart.ts";
import { SAMPLE } from "../fixtures.ts";

const SAMPLES = [SAMPLE, { ...SAMPLE, atMs: 2_000 }, { ...SAMPLE, atMs: 12_000, sold: 9 }];

Deno.test("drawSaleChart() draws without a browser", () => {
  const moments = { openedAtMs: 0, soldOutAtMs: null };
  const svg = drawSaleChart({ samples: SAMPLES, moments }, "a & b");
  assert.match(svg, /^<svg .*xmlns=/);
  assert.match(svg, /a &amp; b/);
  assert.match(svg, /stroke="#15803d"/);
});

Deno.test("drawSaleChart() marks the opening and the sell-out, and no sell-out that never was", () => {
  const draw = (soldOutAtMs: number | null) =>
    drawSaleChart({ samples: SAMPLES, moments: { openedAtMs: 2_000, soldOutAtMs } }, "a sale");
  const soldOut = draw(11_000);
  assert.match(soldOut, />opening</);
  assert.match(soldOut, />sold out after 9 s</);
  assert.equal(soldOut.match(/stroke-dasharray="4 4"/g)?.length, 2);
  const left = draw(null);
  assert.match(left, />opening</);
  assert.doesNotMatch(left, /sold out/);
});
