import { deepEqual } from "node:assert/strict";
import { WAIT_SALES } from "./wait_sales.ts";
import { missedAims, playWaitSale, scaledSale } from "./waits.ts";

const SEEDS = [1, 2];

for (const sale of WAIT_SALES.filter(({ highestError }) => highestError !== null)) {
  Deno.test(`told waits meet their aims: ${sale.name}`, async () => {
    const figures = await playWaitSale(scaledSale(sale, sale.testShare), SEEDS);
    deepEqual(missedAims(sale, figures), []);
  });
}
