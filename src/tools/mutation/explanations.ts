import type { Mutant } from "./mutant.ts";
import type { Outcome } from "./mutation_run.ts";

/** Mutants that no test can find, or needs to: each was looked at. */
export interface Explanation {
  /** The path below `src`. */
  readonly file: string;
  /** The line of the source, without blanks at its ends. */
  readonly text: string;
  /** As the run names them. */
  readonly mutations: readonly string[];
  /** Why the program does what it should with the mutant. */
  readonly reason: string;
}

/** Explanations by mutant, and how they fit the source and a run. */
export interface ExplainedMutants {
  explains(mutant: Mutant): boolean;
  /** Explanations of no mutant of these files, because the source has changed, and doubled ones. */
  unknown(mutants: readonly Mutant[]): string[];
  /** Explanations of mutants that a test kills. */
  killed(outcomes: readonly Outcome[]): string[];
}

export function explainedMutants(explanations: readonly Explanation[]): ExplainedMutants {
  const keys = explanations.flatMap(({ file, text, mutations }) =>
    mutations.map((mutation) => keyOf({ file, text, mutation }))
  );
  const explained = new Set(keys);
  const explains = (mutant: Mutant) => explained.has(keyOf(mutant));
  return {
    explains,
    unknown(mutants) {
      const files = mutants.map(({ file }) => file);
      const known = new Set(mutants.map(keyOf));
      return keys.filter((key, index) =>
        files.some((file) => key.startsWith(`${file}: `)) && !known.has(key) ||
        keys.indexOf(key) !== index
      );
    },
    killed: (outcomes) =>
      outcomes.filter(({ mutant, kill }) => kill && explains(mutant))
        .map(({ mutant }) => keyOf(mutant)),
  };
}

function keyOf({ file, text, mutation }: Pick<Mutant, "file" | "text" | "mutation">): string {
  return `${file}: ${mutation} in: ${text}`;
}
