import { equal } from "node:assert/strict";
import { createHash } from "node:crypto";
import { drawValue } from "../../src/adapters/node_crypto/draw_value.ts";
import { faultOfDraw } from "../../src/pages/ops/draw_check.ts";

const seed = "5eed".repeat(16);
const commitment = createHash("sha256").update(seed).digest("hex");
const drawn = Array.from({ length: 30 }, (_, i) => `pseudonym-${i}`)
  .sort((one, other) => drawValue(one, seed) - drawValue(other, seed))
  .map((pseudonym, i) => ({ pseudonym, ticket: 7 + i }));

Deno.test("the page finds a draw right that follows its seed, with or without fans", async () => {
  equal(await faultOfDraw({ seed, commitment }, drawn), null);
  equal(await faultOfDraw({ seed, commitment }, []), null);
});

Deno.test("the page finds another seed than the one that was committed to", async () => {
  const other = { seed: "beef".repeat(16), commitment };
  equal(await faultOfDraw(other, drawn), "COMMITMENT");
});

Deno.test("the page finds two places that were exchanged, one that is missing, and one twice", async () => {
  const exchanged = drawn.with(3, { ...drawn[4]!, ticket: 10 }).with(4, {
    ...drawn[3]!,
    ticket: 11,
  });
  equal(await faultOfDraw({ seed, commitment }, exchanged), "ORDER");
  equal(await faultOfDraw({ seed, commitment }, drawn.toSpliced(5, 1)), "ORDER");
  equal(await faultOfDraw({ seed, commitment }, drawn.toSpliced(5, 0, drawn[5]!)), "ORDER");
});
