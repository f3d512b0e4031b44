import { EXPLANATIONS } from "./explained.ts";
import { explainedMutants } from "./explanations.ts";
import type { Mutant } from "./mutant.ts";
import { belowSrc, sourceFiles } from "./mutated_source.ts";
import { runMutation } from "./mutation_run.ts";
import { OptionError, parseOptions, USAGE } from "./options.ts";
import { reportOf, scoreOf } from "./report.ts";
import { sampleOf } from "./sample.ts";
import { mutationSuites } from "./suites.ts";

const PROGRESS_STEP = 100;

/** Ends with 1 if a mutant survived without an explanation, or if an explanation is out of date. */
async function main(): Promise<number> {
  const suites = await mutationSuites();
  const options = parseOptions(Deno.args, suites.map(({ name }) => name));
  if (!options) {
    console.log(USAGE);
    return 0;
  }
  const { paths, limit, seed, onlyRules } = options;
  const explained = explainedMutants(EXPLANATIONS);
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1000);
  let done = 0;
  const { mutants, outcomes } = await runMutation({
    files: await sourceFiles(paths.map(belowSrc)),
    suites: suites.filter(({ name }) => options.suites?.includes(name) ?? true),
    choose(all: readonly Mutant[]) {
      const some = onlyRules ? all.filter(({ isConstant }) => !isConstant) : all;
      return limit === null ? some : sampleOf(some, limit, seed);
    },
    onMutant() {
      if (++done % PROGRESS_STEP === 0) console.error(`${done} runs after ${seconds()} s`);
    },
  });
  const faults = [
    ...explained.unknown(mutants).map((key) => `no such mutant: ${key}`),
    ...explained.killed(outcomes).map((key) => `explained, and killed: ${key}`),
  ];
  for (const line of [...reportOf(outcomes, explained), ...faults]) console.log(line);
  console.log(`${outcomes.length} of ${mutants.length} mutants in ${seconds()} s`);
  return faults.length > 0 || scoreOf(outcomes, explained).left.length > 0 ? 1 : 0;
}

try {
  Deno.exit(await main());
} catch (error) {
  if (!(error instanceof OptionError)) throw error;
  console.error(`${error.message}\n\n${USAGE}`);
  Deno.exit(2);
}
