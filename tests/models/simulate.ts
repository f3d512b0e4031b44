/**
 * Random histories of the whole application, or of its line alone.
 *
 *     deno task simulate [--histories N] [--seed N] [--of whole|line] [--help]
 */
import { findBreach, type Histories } from "./histories.ts";
import { lineHistories } from "./line/histories.ts";
import { Laws } from "./line/laws.ts";
import { memoryModelLines } from "./line/memory_lines.ts";
import { PROGRAM } from "./line/program.ts";
import { OptionError, parseOptions, type SimulateOptions, USAGE } from "./simulate_options.ts";
import { createStage, wholeHistories } from "./whole/stage.ts";

const EXIT_BROKEN = 1;
const EXIT_BAD_OPTIONS = 2;

/** What is simulated: its histories, and what is printed of them. */
interface Simulated {
  readonly histories: Histories<unknown>;
  readonly laws: Laws;
  /** After so many histories a line is printed. */
  readonly batch: number;
  /** The test that repeats a history. */
  readonly file: string;
  /** What was disturbed so far, to be printed. */
  readonly disturbed: () => string;
  readonly close: () => Promise<void>;
}

function simulatedLine(): Simulated {
  const laws = new Laws();
  return {
    histories: lineHistories(memoryModelLines(), PROGRAM, laws) as Histories<unknown>,
    laws,
    batch: 1_000,
    file: "tests/models/line_test.ts",
    disturbed: () => "",
    close: async () => {},
  };
}

async function simulatedWhole(): Promise<Simulated> {
  const stage = await createStage();
  return {
    histories: wholeHistories(() => stage) as Histories<unknown>,
    laws: stage.laws,
    batch: 100,
    file: "tests/models/whole_test.ts",
    disturbed() {
      const { steps, faults } = stage.counts;
      const percent = (100 * faults / steps).toFixed(1);
      return `, ${steps} steps, ${percent} % of them disturbed`;
    },
    close: () => stage.database.close(),
  };
}

/** Prints a line a batch, then the checks of each law. Returns the exit code. */
export async function simulate(
  { histories, seed, of }: SimulateOptions,
  print: (line: string) => void = console.log,
): Promise<number> {
  const simulated = of === "line" ? simulatedLine() : await simulatedWhole();
  try {
    return await play(simulated, { histories, seed }, print);
  } finally {
    await simulated.close();
  }
}

async function play(
  { histories: played, laws, batch: size, file, disturbed }: Simulated,
  { histories, seed }: Pick<SimulateOptions, "histories" | "seed">,
  print: (line: string) => void,
): Promise<number> {
  const startedMs = performance.now();
  for (let done = 0; done < histories;) {
    const count = Math.min(size, histories - done);
    // Each batch has a seed of its own, so that a history is found again without the others.
    const breach = await findBreach(played, { count, seed: seed + done / size, file });
    if (breach) {
      print(`seed ${breach.seed}, ${breach.message}`);
      return EXIT_BROKEN;
    }
    done += count;
    const perSecond = done / (performance.now() - startedMs) * 1000;
    const rate = `${perSecond.toFixed(perSecond < 20 ? 1 : 0)} histories a second`;
    print(`${done} histories, ${laws.total} checks${disturbed()}, ${rate}`);
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
