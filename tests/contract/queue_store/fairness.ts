import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { Draw } from "../../../src/domain/room.ts";
import { crowd, drawAll, gather, published } from "./drawing.ts";
import type { ContractTest, Scene } from "./harness.ts";

const FANS = ["ann", "bob", "cat", "dan", "eve"];
const DRAWS = 150;
/** Of chi-square with 16 degrees of freedom, 1 in 1,000 is beyond this (NIST, table 1.3.6.7.4). */
const CHI_SQUARE_BOUND = 39.25;
const LARGE = 800;
/** Of uncorrelated ranks, 1 in 1,000 is this many standard deviations from zero. */
const CORRELATION_BOUND = 3.29 / Math.sqrt(LARGE - 1);

/** Seeds that nobody chose, the same in every run. */
function drawNumber(number: number): Draw {
  const text = (kind: string) => createHash("sha256").update(`${kind} ${number}`).digest("hex");
  return { id: `draw-${number}`, seed: text("seed"), salt: text("salt") };
}

/** The rank in the draw of each of these, who gathered in this order. */
async function ranksDrawn(line: Scene, draw: Draw, fans: readonly string[]): Promise<number[]> {
  await line.forget();
  await line.changeRules({ state: "LOBBY", draw });
  const gathered = await gather(line, ...fans);
  await line.changeRules({ state: "HELD" });
  await drawAll(line);
  const list = (await published(line)).map(({ pseudonym }) => pseudonym);
  return gathered.map(({ pseudonym }) => list.indexOf(pseudonym));
}

/** The same seeds in every run: these never fail by chance. */
export function fairnessContract(test: ContractTest): void {
  test(`in ${DRAWS} draws no order of arrival is better than another`, {}, async (line) => {
    const size = FANS.length;
    const table = FANS.map(() => new Array<number>(size).fill(0));
    for (let number = 0; number < DRAWS; number++) {
      const ranks = await ranksDrawn(line, drawNumber(number), FANS);
      for (const [arrival, rank] of ranks.entries()) table[arrival]![rank]!++;
    }
    const expected = DRAWS / size;
    const deviations = table.flat().map((found) => (found - expected) ** 2 / expected);
    // Each draw fills every row and column once, which leaves (size - 1)² degrees of freedom.
    const chiSquare = deviations.reduce((sum, one) => sum + one, 0) * (size - 1) / size;
    assert.ok(chiSquare < CHI_SQUARE_BOUND, `chi-square ${chiSquare}: ${JSON.stringify(table)}`);
    assert.ok(chiSquare > 1, "more even than chance would have it");
  });

  test(`of ${LARGE} fans neither the early nor the late are drawn first`, {}, async (line) => {
    const ranks = await ranksDrawn(line, drawNumber(1), crowd(LARGE));
    assert.deepEqual(ranks.toSorted((a, b) => a - b), ranks.map((_, index) => index));
    const middle = (LARGE - 1) / 2;
    const covariance = ranks.reduce((sum, rank, i) => sum + (rank - middle) * (i - middle), 0);
    // Spearman's rho: both are the ranks 0 to LARGE - 1, of this variance.
    const rho = covariance / (LARGE * (LARGE ** 2 - 1) / 12);
    assert.ok(Math.abs(rho) < CORRELATION_BOUND, `rank correlation ${rho}`);
  });
}
