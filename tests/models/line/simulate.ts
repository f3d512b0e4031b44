/**
 * Random histories of the line in memory.
 *
 *     deno task simulate [--histories N] [--seed N] [--help]
 */
import { findBreach } from "../histories.ts";
import { lineHistories } from "./histories.ts";
import { Laws } from "./laws.ts";
import { memoryModelLines } from "./memory_lines.ts";
import { PROGRAM } from "./program.ts";
import { OptionError, parseOptions, type SimulateOptions, USAGE } from "./simulate_options.ts";

const EXIT_BROKEN = 1;
const EXIT_BAD_OPTIONS = 2;
/** After so many histories a line is printed. */
const BATCH = 1_000;
const REPEATED_BY = "tests/models/line_test.ts";

/** Prints one line a thousand histories, then the checks of each law. Returns the exit code. */
export async function simulate(
  { histories, seed }: SimulateOptions,
  print: (line: string) => void = console.log,
): Promise<number> {
  const laws = new Laws();
  const played = lineHistories(memoryModelLines(), PROGRAM, laws);
  const startedMs = performance.now();
  for (let done = 0; done < histories;) {
    const count = Math.min(BATCH, histories - done);
    // Each batch has a seed of its own, so that a history is found again without the others.
    const batch = { count, seed: seed + done / BATCH, file: REPEATED_BY };
    const breach = await findBreach(played, batch);
    if (breach) {
      print(`seed ${breach.seed}, ${breach.message}`);
      return EXIT_BROKEN;
    }
    done += count;
    const perSecond = done / (performance.now() - startedMs) * 1000;
    print(`${done} histories, ${laws.total} checks, ${perSecond.toFixed(0)} histories a second`);
  }
  for (const [law, checks] of laws.byName) print(`${String(checks).padStart(12)}  ${law}`);
  print(`No law was broken in ${histories} histories from seed ${seed}.`);
  return 0;
}

/** Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options !== null) return await simulate(options);
  console.log(USAGE);
  return 0;
}

/** Prints the error. Returns the exit code. */
function reportError(error: unknown): number {
  if (error instanceof OptionError) {
    console.error([...error.faults, "", USAGE].join("\n"));
    return EXIT_BAD_OPTIONS;
  }
  console.error(error);
  return EXIT_BROKEN;
}

if (import.meta.main) Deno.exit(await main(Deno.args).catch(reportError));
