/**
 * The program of a process of tests. It loads files of tests beside the mutated modules, collects
 * their tests in place of Deno's runner, and runs one of them at a time with one mutant switched on.
 */
import { TextLineStream } from "./text_lines.ts";
import { type Answer, ANSWER_MARK, type LoadedTest, type Request } from "./messages.ts";
import { SWITCH } from "./mutant.ts";
import { collectTests } from "./collected_tests.ts";

// Tests may replace these.
const { setTimeout, clearTimeout } = globalThis;
const now = performance.now.bind(performance);

/** The mutant that is switched on; 0 for none. */
let active = 0;
let [steps, maxSteps] = [0, Infinity];
let reached: Set<number> | null = null;

/** A mutant may make a loop endless: each switch in it is a step. */
class TooManySteps extends Error {}

Object.assign(globalThis, {
  [SWITCH](id: number): boolean {
    reached?.add(id);
    if (++steps > maxSteps) throw new TooManySteps(`${maxSteps} steps`);
    return id === active;
  },
});
// A failed test may leave work behind. What counts is what it asserts.
globalThis.addEventListener("unhandledrejection", (event) => event.preventDefault());
globalThis.addEventListener("error", (event) => event.preventDefault());
for (const level of ["log", "info", "warn", "error", "debug"] as const) console[level] = () => {};

const tests = collectTests();

async function load(files: readonly string[]): Promise<Answer> {
  const before = tests.all.length;
  reached = new Set();
  try {
    for (const file of files) await tests.load(file);
  } catch (error) {
    return { did: "fail", error: `${error}` };
  }
  const loaded: LoadedTest[] = tests.all.slice(before)
    .map(({ file, name }, i) => ({ index: before + i, file, name }));
  const answer = { did: "load", tests: loaded, reached: [...reached] } as const;
  reached = null;
  return answer;
}

/** Why the test fails; null if it passes. */
async function run(index: number, ms: number): Promise<string | null> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`not done after ${ms} ms`), ms);
  });
  const done = tests.run(index).then(() => null, (error) => `${error}`.slice(0, 300));
  const outcome = await Promise.race([done, late]);
  clearTimeout(timer);
  return outcome;
}

async function act(request: Request): Promise<Answer> {
  switch (request.do) {
    case "load":
      return await load(request.files);
    case "record": {
      await tests.prepare(request.index);
      [active, steps, maxSteps, reached] = [0, 0, Infinity, new Set()];
      const began = now();
      const error = await run(request.index, 600_000);
      const record = { index: request.index, ok: error === null, error, ms: now() - began, steps };
      const answer: Answer = { did: "record", record: { ...record, reached: [...reached] } };
      reached = null;
      return answer;
    }
    case "test": {
      await tests.prepare(request.index);
      [active, steps, maxSteps] = [request.mutant, 0, request.steps];
      const error = await run(request.index, request.ms);
      [active, maxSteps] = [0, Infinity];
      return { did: "test", error };
    }
    case "close":
      await tests.close();
      return { did: "close" };
  }
}

const encoder = new TextEncoder();
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
  .pipeThrough(new TextLineStream());
for await (const line of lines) {
  const answer = await act(JSON.parse(line));
  await Deno.stdout.write(encoder.encode(`${ANSWER_MARK}${JSON.stringify(answer)}\n`));
  if (answer.did === "close") Deno.exit(0);
}
