import { fileURLToPath } from "node:url";
import type { Mutant } from "./mutant.ts";
import { writeMutatedSource } from "./mutated_source.ts";
import { type Kill, runSuite, type Suite } from "./suite_run.ts";

const REPOSITORY = fileURLToPath(new URL("../../../", import.meta.url));

/** What became of one mutant. */
export interface Outcome {
  readonly mutant: Mutant;
  /** Null: it survived. */
  readonly kill: Kill | null;
  /** Whether a test ran it. */
  readonly isReached: boolean;
}

export interface MutationRun {
  /** Files below `src`. */
  readonly files: readonly string[];
  readonly suites: readonly Suite[];
  /** Which of the mutants to run. */
  readonly choose?: (mutants: readonly Mutant[]) => readonly Mutant[];
  readonly onMutant?: (mutant: Mutant, kill: Kill | null) => void;
  /** Where the source and the tests are; by default in this repository. */
  readonly source?: string;
  readonly root?: string;
}

export interface MutationOutcome {
  /** All mutants of the files, chosen or not. */
  readonly mutants: readonly Mutant[];
  readonly outcomes: readonly Outcome[];
}

/** Runs the suites one after another, each with the mutants that survived those before it. */
export async function runMutation(run: MutationRun): Promise<MutationOutcome> {
  const { files, suites, choose = (all) => all, onMutant = () => {}, root = REPOSITORY } = run;
  const folder = await Deno.makeTempDir({ prefix: "stanchion-mutants-" });
  try {
    const source = await writeMutatedSource(folder, files, run.source);
    const { mutants } = source;
    const chosen = choose(mutants);
    const kills = new Map<Mutant, Kill>();
    const reached = new Set<Mutant>();
    for (const suite of suites) {
      const left = chosen.filter((mutant) => !kills.has(mutant));
      if (left.length === 0) break;
      const outcome = await runSuite(suite, left, { source, root, onMutant });
      for (const [mutant, kill] of outcome.kills) kills.set(mutant, kill);
      for (const mutant of outcome.reached) reached.add(mutant);
    }
    const outcomes = chosen.map((mutant) => ({
      mutant,
      kill: kills.get(mutant) ?? null,
      isReached: reached.has(mutant),
    }));
    return { mutants, outcomes };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
