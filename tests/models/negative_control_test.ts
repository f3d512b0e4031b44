import { match } from "node:assert/strict";
import { firstBreach } from "./histories.ts";
import { FRONT_MUTATIONS } from "./line_mutations.ts";
import { mutatedLine } from "./mutated_lines.ts";

/** One of many, so that a model that has stopped noticing is seen at once. */
Deno.test("a negative control: the model of the queue notices a missing guard", async () => {
  const mutation = FRONT_MUTATIONS[0]!;
  const folder = await Deno.makeTempDir({ prefix: "stanchion-mutant-" });
  try {
    const histories = await mutatedLine(folder, mutation);
    const run = { seed: 20_300_101, count: 3_000, from: mutation.from };
    const breach = await firstBreach(histories, mutation.law, run);
    match(breach ?? "nothing was noticed", mutation.law);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
