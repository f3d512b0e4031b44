import { AssertionError, deepEqual } from "node:assert/strict";
import fc from "fast-check";
import { testSeed } from "../support/random.ts";
import { repeatCommand } from "../support/repeat.ts";

/** Enough acts for turns missed, holds lapsed and seats sold out, few enough to read. */
export const MAX_ACTS = 60;
/** A history that breaks a law is made shorter for so long. */
const SHRINKING_MS = 60_000;

/** What may become of an act between the fan who sends it and the store. */
export type Fate =
  /** Done, and answered. */
  | "ANSWERED"
  /** Done, but its sender died or the answer was lost: nobody acts on it. */
  | "LOST"
  /** Lost on its way to the store. */
  | "NEVER"
  /** Sent again at once, as a client does that has timed out. */
  | "TWICE";

export const fates: fc.Arbitrary<Fate> = fc.oneof(
  { arbitrary: fc.constant<Fate>("ANSWERED"), weight: 7 },
  { arbitrary: fc.constantFrom<Fate>("LOST", "NEVER", "TWICE"), weight: 3 },
);

/** A number that is taken modulo however many there are to choose from when its act comes. */
export const choice = fc.nat({ max: 9_999 });

export function chosen<Item>(items: readonly Item[], number: number): Item | undefined {
  return items[number % items.length];
}

/** Acts of a history: lengths are even, where fast-check by itself would favour short ones. */
export function actsOf<Act>(...kinds: [weight: number, act: fc.Arbitrary<Act>][]) {
  const act = fc.oneof(...kinds.map(([weight, arbitrary]) => ({ weight, arbitrary })));
  return fc.array(act, { maxLength: MAX_ACTS, size: "max" });
}

/** Fails by naming the law and what both sides said. */
export function agree(law: string, actual: unknown, expected: unknown): void {
  try {
    deepEqual(actual, expected);
  } catch {
    const message = `${law}\n  stanchion: ${show(actual)}\n  the model: ${show(expected)}`;
    throw new AssertionError({ message, actual, expected });
  }
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, part) => part === Infinity ? "Infinity" : part);
}

export interface Histories<History> {
  readonly arbitrary: fc.Arbitrary<History>;
  /** Plays one history from its beginning, and throws when a law breaks. */
  readonly play: (history: History) => Promise<void>;
  /** What happens in it, in words; without it a breach shows the history itself. */
  readonly tell?: (history: History) => Promise<string>;
}

/** A history that breaks a law, as short as it became in a while. */
export interface Breach {
  /** How many histories were played until then, and how often this one was made shorter. */
  readonly histories: number;
  readonly shrunk: number;
  readonly seed: number;
  readonly path: string;
  /** The law and what was seen, the history, and the command that repeats it. */
  readonly message: string;
  readonly cause: unknown;
}

export interface Played {
  readonly count: number;
  readonly seed: number;
  /** Of one history of the seed, shrunk or not: only it is played. */
  readonly path?: string;
  /** The test file that repeats a history. */
  readonly file: string;
}

/** Plays random histories until one breaks a law, and makes that one shorter. Null: none does. */
export async function findBreach<History>(
  histories: Histories<History>,
  { count, seed, path, file }: Played,
): Promise<Breach | null> {
  const found = await fc.check(property(histories), {
    numRuns: count,
    endOnFailure: true,
    seed,
    ...(path === undefined ? {} : { path }),
  });
  if (!found.failed) return null;
  const shorter = path === undefined
    ? await fc.check(property(histories), {
      seed: found.seed,
      path: found.counterexamplePath!,
      interruptAfterTimeLimit: SHRINKING_MS,
    })
    : found;
  const run = shorter.counterexamplePath === null ? found : shorter;
  const { errorInstance: cause, counterexample, counterexamplePath, numShrinks: shrunk } = run;
  const settings = { STANCHION_SEED: found.seed, STANCHION_PATH: counterexamplePath };
  const message = [
    `history ${found.numRuns}, shrunk ${shrunk} times: ${
      cause instanceof Error ? cause.message : cause
    }`,
    await storyOf(histories, counterexample![0] as History),
    "To repeat it:",
    `  ${repeatCommand(file, settings)}`,
  ].join("\n");
  const { seed: usedSeed, numRuns } = found;
  return { histories: numRuns, shrunk, seed: usedSeed, path: counterexamplePath!, message, cause };
}

/**
 * Registers the test that so many random histories play without a fault. `STANCHION_HISTORIES`
 * sets another number; `STANCHION_SEED` plays other histories, and with `STANCHION_PATH` one of them.
 */
export function historiesTest<History>(
  name: string,
  file: string,
  ciHistories: number,
  histories: Histories<History>,
): void {
  const count = Number(Deno.env.get("STANCHION_HISTORIES") ?? ciHistories);
  Deno.test(`${name}: ${count} random histories break no law`, async () => {
    const path = Deno.env.get("STANCHION_PATH");
    const breach = await findBreach(histories, {
      count,
      file,
      seed: testSeed(),
      ...(path === undefined ? {} : { path }),
    });
    if (breach) throw new Error(breach.message, { cause: breach.cause });
  });
}

async function storyOf<History>({ tell }: Histories<History>, history: History): Promise<string> {
  return tell ? await tell(history) : JSON.stringify(history, null, 1);
}

/** A control that needs more histories than this tells from which one to start. */
const MANY_HISTORIES = 20;

/** Where a control looks for a history that breaks a law. */
export interface Search {
  readonly seed: number;
  readonly count: number;
  /** The history to begin with: one that is known to break the law is found at once. */
  readonly from?: number | undefined;
}

/** What the first history that breaks this law says, or null: for negative controls. */
export async function firstBreach<History>(
  { arbitrary, play }: Histories<History>,
  law: RegExp,
  { seed, count, from = 0 }: Search,
): Promise<string | null> {
  async function playForLaw(history: History): Promise<void> {
    try {
      await play(history);
    } catch (error) {
      // Another error than a law's means that the control is broken, not that it is noticed.
      if (!(error instanceof AssertionError) || law.test(error.message)) throw error;
    }
  }
  const run = await fc.check(fc.asyncProperty(arbitrary, playForLaw), {
    seed,
    numRuns: count,
    path: String(from),
    endOnFailure: true,
  });
  if (!run.failed) return null;
  const { errorInstance: error } = run;
  if (!(error instanceof AssertionError)) {
    throw new Error("not a law but a fault", { cause: error });
  }
  if (run.numRuns > MANY_HISTORIES) console.log(`noticed by history ${run.counterexamplePath}`);
  return error.message;
}

function property<History>({ arbitrary, play }: Histories<History>) {
  return fc.asyncProperty(arbitrary, play);
}
