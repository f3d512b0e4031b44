import { deepEqual, ok } from "node:assert/strict";
import { WAIT_SALES } from "./wait_sales.ts";
import { missedAims, playWaitSale, scaledSale } from "./waits.ts";

const SEEDS = [1, 2, 3];

/** Those whose error is only reported. */
for (const sale of WAIT_SALES.filter(({ highestError }) => highestError === null)) {
  Deno.test(`told waits are compared with the real ones: ${sale.name}`, async () => {
    const figures = await playWaitSale(scaledSale(sale, sale.testShare), SEEDS);
    deepEqual(missedAims(sale, figures), []);
    const { ours, turnovers } = figures;
    ok(ours.median < turnovers.median, JSON.stringify(figures));
  });
}
