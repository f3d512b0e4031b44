import type { Mutant } from "./mutant.ts";
import type { MutatedSource } from "./mutated_source.ts";
import type { TestRecord } from "./messages.ts";
import { startTestProcess, type TestBounds, type TestProcess } from "./test_process.ts";

/** Files of tests that are loaded into one process. */
export interface Suite {
  readonly name: string;
  /** Paths below the root. */
  readonly files: readonly string[];
}

/** The test that fails with the mutant. */
export interface Kill {
  readonly suite: string;
  readonly test: string;
  readonly error: string;
}

export interface SuiteOutcome {
  readonly kills: ReadonlyMap<Mutant, Kill>;
  /** The mutants that a test ran. */
  readonly reached: ReadonlySet<Mutant>;
}

interface RecordedTest extends TestRecord {
  readonly file: string;
  readonly name: string;
}

/** The tests of the unchanged program. */
interface Baseline {
  readonly tests: readonly RecordedTest[];
  /** The mutants in what is computed when the modules are loaded. */
  readonly static: ReadonlySet<number>;
}

/** Runs one suite with each of the mutants, until a test of it fails. */
export async function runSuite(
  suite: Suite,
  mutants: readonly Mutant[],
  { source, root, onMutant }: {
    readonly source: MutatedSource;
    readonly root: string;
    readonly onMutant: (mutant: Mutant, kill: Kill | null) => void;
  },
): Promise<SuiteOutcome> {
  const start = () => startTestProcess(source.importMap, root);
  const kills = new Map<Mutant, Kill>();
  const reached = new Set<Mutant>();
  function decided(mutant: Mutant, failed: { test: string; error: string } | null): void {
    const kill = failed && { suite: suite.name, ...failed };
    if (kill) kills.set(mutant, kill);
    onMutant(mutant, kill);
  }

  let process = start();
  try {
    const baseline = await recordBaseline(process, suite);
    for (const mutant of mutants.filter(({ id }) => !baseline.static.has(id))) {
      const tests = baseline.tests.filter((test) => test.reached.includes(mutant.id))
        .sort((a, b) => a.steps - b.steps);
      if (tests.length > 0) reached.add(mutant);
      let failed: { test: string; error: string } | null = null;
      for (const test of tests) {
        if (process.hasEnded) process = await reloaded(start, suite);
        const error = await process.test(test.index, mutant.id, boundsOf(test));
        if (error === null) continue;
        if (!await passesUnchanged(process, test)) {
          await process.close();
          if (!await failsAlone(start, suite, test, mutant)) continue;
        }
        failed = { test: test.name, error };
        break;
      }
      decided(mutant, failed);
    }
    for (const mutant of mutants.filter(({ id }) => baseline.static.has(id))) {
      reached.add(mutant);
      const single = startTestProcess(await source.withMutant(mutant), root);
      decided(mutant, await killOfStatic(single, suite, mutant, baseline));
    }
  } finally {
    await process.close();
  }
  return { kills, reached };
}

async function recordBaseline(process: TestProcess, { name, files }: Suite): Promise<Baseline> {
  const loaded = await process.load(files);
  if ("error" in loaded) throw new Error(`${name} is not loaded: ${loaded.error}`);
  const tests: RecordedTest[] = [];
  for (const { index, file, name } of loaded.tests) {
    const record = await process.record(index);
    if (!record.ok) throw new Error(`${file}: "${name}" fails unchanged: ${record.error}`);
    tests.push({ ...record, file, name });
  }
  return { tests, static: new Set(loaded.reached) };
}

async function reloaded(start: () => TestProcess, { name, files }: Suite): Promise<TestProcess> {
  const process = start();
  const loaded = await process.load(files);
  if ("error" in loaded) throw new Error(`${name} is not loaded again: ${loaded.error}`);
  return process;
}

/** Otherwise an earlier mutant has left something behind in the process. */
async function passesUnchanged(process: TestProcess, test: RecordedTest): Promise<boolean> {
  if (process.hasEnded) return false;
  return await process.test(test.index, 0, boundsOf(test)) === null;
}

/** Whether the test fails with the mutant, in a process in which it has just passed without. */
async function failsAlone(
  start: () => TestProcess,
  suite: Suite,
  test: RecordedTest,
  { id }: Mutant,
): Promise<boolean> {
  const process = await reloaded(start, suite);
  try {
    const { steps, ms } = boundsOf(test);
    return await passesUnchanged(process, test) &&
      await process.test(test.index, id, { steps, ms: 2 * ms }) !== null;
  } finally {
    await process.close();
  }
}

/** The module is loaded with the mutant, in a process of its own. */
async function killOfStatic(
  process: TestProcess,
  { files }: Suite,
  mutant: Mutant,
  baseline: Baseline,
): Promise<{ test: string; error: string } | null> {
  try {
    for (const file of nearestFirst(files, mutant)) {
      const loaded = await process.load([file]);
      if ("error" in loaded) return { test: file, error: loaded.error };
      const recorded = baseline.tests.filter((test) => test.file.endsWith(file));
      for (const [i, { index, name }] of loaded.tests.entries()) {
        const error = await process.test(index, 0, boundsOf(recorded[i]!));
        if (error !== null) return { test: name, error };
      }
    }
    return null;
  } finally {
    await process.close();
  }
}

/** The tests of the mutant's own file come first. */
function nearestFirst(files: readonly string[], { file }: Mutant): string[] {
  const own = `${file.replace(/\.ts$/, "")}_test.ts`;
  const isOther = (each: string) => each.endsWith(own) ? 0 : 1;
  return files.toSorted((a, b) => isOther(a) - isOther(b));
}

/** Far above what the unchanged program needs, so that a slow machine changes no outcome. */
function boundsOf({ steps, ms }: TestRecord): TestBounds {
  return { steps: 20 * steps + 100_000, ms: 20 * ms + 3_000 };
}
