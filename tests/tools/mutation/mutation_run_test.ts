import { deepEqual, equal } from "node:assert/strict";
import { explainedMutants } from "../../../src/tools/mutation/explanations.ts";
import { type Outcome, runMutation } from "../../../src/tools/mutation/mutation_run.ts";
import { percentOf, reportOf, scoreOf } from "../../../src/tools/mutation/report.ts";

const PROGRAM = `
export const MOST = 3;
const kept = new Map<number, number>();

export function sumBelow(end: number): number {
  let sum = 0;
  for (let i = 0; i < Math.min(end, MOST); i++) sum += i + 5;
  return sum;
}

export function remember(key: number, value: number): number {
  if (!kept.has(key)) kept.set(key, value);
  return kept.get(key)!;
}

export async function waitFor(isDone: () => boolean, wait: () => Promise<void>): Promise<void> {
  while (!isDone()) await wait();
}
`;

const ASSERTS = `
import { equal } from "node:assert/strict";
import { remember, sumBelow, waitFor } from "../src/program.ts";
`;
// The tool must run tests of every form as Deno does: with options, with steps, and left out. No
// test of this project is switched off here: the text is that of a toy program.
const STRONG = `${ASSERTS}
let begun = 0;
Deno.test.beforeAll(() => { begun++; });
Deno.test("sums", () => {
  equal(begun, 1);
  for (const [end, sum] of [[0, 0], [1, 5], [2, 11], [3, 18], [4, 18]]) {
    equal(sumBelow(end!), sum);
  }
});
Deno.test("remembers", { sanitizeOps: false }, () => {
  const key = ++begun;
  equal(remember(key, 5), 5);
  equal(remember(key, 6), 5);
});
Deno.test({ name: "waits", async fn(context) {
  await context.step("once", async () => {
    let waits = 0;
    await waitFor(() => waits > 0, async () => { waits++; });
    equal(waits, 1);
  });
} });
Deno.test({ name: "left out", ignore: true, fn() { throw new Error("not run"); } });
`;
const WEAK = `${ASSERTS}
Deno.test("sums", () => equal(sumBelow(2), 11));
`;

async function run(tests: string): Promise<readonly Outcome[]> {
  const root = `${await Deno.makeTempDir({ prefix: "stanchion-program-" })}/`;
  try {
    for (const folder of ["src", "tests"]) await Deno.mkdir(`${root}${folder}`);
    await Deno.writeTextFile(`${root}src/program.ts`, PROGRAM);
    await Deno.writeTextFile(`${root}tests/program_test.ts`, tests);
    const suites = [{ name: "own", files: ["tests/program_test.ts"] }];
    const source = `${root}src/`;
    const { outcomes } = await runMutation({ files: ["program.ts"], suites, root, source });
    return outcomes;
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}
const survivors = (outcomes: readonly Outcome[]) =>
  outcomes.filter(({ kill }) => !kill).map(({ mutant, isReached }) =>
    `${mutant.mutation}${isReached ? "" : " unreached"}`
  );

Deno.test("tests of every rule kill every mutant, endless loops and constants among them", async () => {
  const outcomes = await run(STRONG);
  deepEqual(survivors(outcomes), []);
  const killOf = (mutation: string) =>
    outcomes.find(({ mutant }) => mutant.mutation === mutation)!.kill!;
  equal(killOf("i++ → i--").test, "sums");
  equal(/\d+ steps|not done/.test(killOf("i++ → i--").error), true, killOf("i++ → i--").error);
  equal(killOf("3 → 4").test, "sums");
  equal(killOf("!isDone() → false").test, "waits");
});

const weak = run(WEAK);

Deno.test("weak tests leave survivors, of which some were run by none, in each run the same", async () => {
  deepEqual(
    survivors(await weak),
    [
      ...["3 → 4", "3 → 2"],
      ...["!kept.has(key) → true", "!kept.has(key) → false", "without kept.set(key, value);"],
      ...["!isDone() → false", "without await wait();"],
    ].map((each) => each.startsWith("3") ? each : `${each} unreached`),
  );
  deepEqual(await run(WEAK), await weak);
});

Deno.test("an explanation counts where its mutant survives, and is a fault where it does not", async () => {
  const outcomes = await weak;
  const mutants = outcomes.map(({ mutant }) => mutant);
  const because = { file: "program.ts", reason: "for a test" };
  const right = { ...because, text: "export const MOST = 3;", mutations: ["3 → 4", "3 → 2"] };
  const explained = explainedMutants([right]);
  deepEqual([explained.unknown(mutants), explained.killed(outcomes)], [[], []]);
  const [score, before] = [explained, explainedMutants([])].map((each) => scoreOf(outcomes, each));
  equal(score!.explained, 2);
  equal(score!.left.length, before!.left.length - 2);
  equal(Number(percentOf(score!)) > Number(percentOf(before!)), true);
  equal(reportOf(outcomes, explained).some((line) => line.includes("3 → 4")), false);

  const wrong = explainedMutants([
    { ...right, text: "export const MOST = 4;" },
    { ...because, text: "let sum = 0;", mutations: ["0 → 1"] },
  ]);
  equal(wrong.unknown(mutants).length, 2);
  deepEqual(wrong.killed(outcomes), ["program.ts: 0 → 1 in: let sum = 0;"]);
  equal(explainedMutants([right, right]).unknown(mutants).length, 2, "explained twice");
  equal(explainedMutants([{ ...right, file: "other.ts" }]).unknown(mutants).length, 0);
});
