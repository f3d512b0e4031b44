import { deepEqual, equal, ok } from "node:assert/strict";
import { EXPLANATIONS } from "../../../src/tools/mutation/explained.ts";
import { explainedMutants } from "../../../src/tools/mutation/explanations.ts";
import type { Mutant } from "../../../src/tools/mutation/mutant.ts";
import { sourceFiles, writeMutatedSource } from "../../../src/tools/mutation/mutated_source.ts";
import { runMutation } from "../../../src/tools/mutation/mutation_run.ts";
import { reportOf, scoreOf } from "../../../src/tools/mutation/report.ts";
import { sampleOf } from "../../../src/tools/mutation/sample.ts";
import { mutationSuites } from "../../../src/tools/mutation/suites.ts";

/** All of them: `deno task mutate`. */
const SAMPLE = { rules: 300, constants: 3, seed: 20_300_101 };
const explained = explainedMutants(EXPLANATIONS);

/** Each constant needs a process of its own, and these have no other tests than those of the domain. */
const isPlainConstant = ({ isConstant, file }: Mutant) => isConstant && file === "domain/limits.ts";

Deno.test("the tests of the domain kill its mutants, as far as they are not explained", async () => {
  const [domain] = await mutationSuites();
  equal(domain?.name, "domain");
  const { outcomes } = await runMutation({
    files: await sourceFiles(["domain"]),
    suites: [domain!],
    choose(mutants) {
      const open = mutants.filter((mutant) => !explained.explains(mutant));
      const rules = open.filter(({ isConstant }) => !isConstant);
      return [
        ...sampleOf(rules, SAMPLE.rules, SAMPLE.seed),
        ...sampleOf(open.filter(isPlainConstant), SAMPLE.constants, SAMPLE.seed),
      ];
    },
  });
  equal(outcomes.length, SAMPLE.rules + SAMPLE.constants);
  const { left } = scoreOf(outcomes, explained);
  ok(left.length === 0, reportOf(outcomes, explained).join("\n"));
});

Deno.test("every explained mutant is one of the source", async () => {
  const folder = await Deno.makeTempDir({ prefix: "stanchion-mutants-" });
  try {
    const files = [...new Set(EXPLANATIONS.map(({ file }) => file))];
    const { mutants } = await writeMutatedSource(folder, files);
    deepEqual(explained.unknown(mutants), []);
    ok(EXPLANATIONS.every(({ reason }) => reason.length > 10));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
