/** What the run and a process of tests say to each other: a JSON text a line. */

/** One test of a file: its number in the order of loading. */
export interface LoadedTest {
  readonly index: number;
  readonly file: string;
  readonly name: string;
}

/** What a test of the unchanged program did. */
export interface TestRecord {
  readonly index: number;
  readonly ok: boolean;
  readonly error: string | null;
  readonly ms: number;
  /** How often a switch was asked. */
  readonly steps: number;
  /** The mutants whose switch was asked. */
  readonly reached: readonly number[];
}

export type Request =
  | { readonly do: "load"; readonly files: readonly string[] }
  /** Runs one test of the unchanged program. */
  | { readonly do: "record"; readonly index: number }
  /** Runs one test with a mutant, for so many steps and so long at most. */
  | {
    readonly do: "test";
    readonly index: number;
    readonly mutant: number;
    readonly steps: number;
    readonly ms: number;
  }
  | { readonly do: "close" };

export type Answer =
  | {
    readonly did: "load";
    readonly tests: readonly LoadedTest[];
    readonly reached: readonly number[];
  }
  /** The files cannot be loaded. */
  | { readonly did: "fail"; readonly error: string }
  | { readonly did: "record"; readonly record: TestRecord }
  /** Why the test failed; null: it passed. */
  | { readonly did: "test"; readonly error: string | null }
  | { readonly did: "close" };

/** Before each answer: tests may print, too. */
export const ANSWER_MARK = "\u0001";
