import type { ExplainedMutants } from "./explanations.ts";
import type { Outcome } from "./mutation_run.ts";

/** What became of the mutants of a part of the source. */
export interface Score {
  readonly mutants: number;
  readonly killed: number;
  readonly explained: number;
  /** Neither killed nor explained. */
  readonly left: readonly Outcome[];
}

export function scoreOf(outcomes: readonly Outcome[], explained: ExplainedMutants): Score {
  const survivors = outcomes.filter(({ kill }) => kill === null);
  const left = survivors.filter(({ mutant }) => !explained.explains(mutant));
  return {
    mutants: outcomes.length,
    killed: outcomes.length - survivors.length,
    explained: survivors.length - left.length,
    left,
  };
}

/** Killed mutants of those that are not explained, in percent. */
export function percentOf({ mutants, killed, explained }: Score): string {
  return mutants === explained ? "100.0" : (100 * killed / (mutants - explained)).toFixed(1);
}

/** A line a survivor, then a line a folder. */
export function reportOf(outcomes: readonly Outcome[], explained: ExplainedMutants): string[] {
  const lines = scoreOf(outcomes, explained).left.map(({ mutant, isReached }) =>
    `${mutant.file}:${mutant.line}  ${mutant.mutation}${isReached ? "" : "  (no test runs it)"}\n` +
    `    ${mutant.text}`
  );
  const folderOf = ({ mutant }: Outcome) => mutant.file.split("/")[0]!;
  for (const folder of new Set(outcomes.map(folderOf))) {
    const ofFolder = outcomes.filter((outcome) => folderOf(outcome) === folder);
    const score = scoreOf(ofFolder, explained);
    lines.push(
      `src/${folder}: ${score.mutants} mutants, ${score.killed} killed (${killersOf(ofFolder)}), ` +
        `${score.explained} explained, ${score.left.length} survived: ${percentOf(score)} %`,
    );
  }
  return lines;
}

function killersOf(outcomes: readonly Outcome[]): string {
  const counts = new Map<string, number>();
  for (const { kill } of outcomes) {
    if (kill) counts.set(kill.suite, (counts.get(kill.suite) ?? 0) + 1);
  }
  return [...counts].map(([suite, count]) => `${suite} ${count}`).join(", ") || "none";
}
