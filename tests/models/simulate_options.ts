import { parseArgs } from "node:util";

export interface SimulateOptions {
  readonly histories: number;
  readonly seed: number;
  readonly of: "whole" | "line";
}

/** Options that are not valid, each with its fault. */
export class OptionError extends Error {
  override readonly name = "OptionError";
  constructor(readonly faults: readonly string[]) {
    super(faults.join("\n"));
  }
}

const DEFAULTS: SimulateOptions = { histories: 1_000, seed: 1, of: "whole" };
const MOST = { histories: 10_000_000, seed: 2 ** 31 - 1 } as const;

export const USAGE = [
  "deno task simulate [options]: plays random histories and checks the laws",
  `  --histories N    how many (${DEFAULTS.histories})`,
  `  --seed N         decides what happens in them (${DEFAULTS.seed})`,
  `  --of WHAT        whole: the whole application; line: its line alone (${DEFAULTS.of})`,
  "  --help           this text",
  "A history of the whole application has several rooms and sales, and fans and operators who call",
  "the API of two to four isolates. Any call of a store may be lost, late or done twice, stores are",
  "away, wiped, failed over and restored, and programs end in the middle of a request. PostgreSQL is",
  "PGlite, and Redis its store in memory. A history of the line alone is a room whose fans join,",
  "poll, vanish and come back; tests/adapters/upstash plays the same histories in Redis.",
].join("\n");

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const options = { histories: text, seed: text, of: text, help: { type: "boolean" } } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new OptionError([(error as Error).message]);
  }
}

/** Null: the help is wanted. Throws `OptionError` with every fault. */
export function parseOptions(args: readonly string[]): SimulateOptions | null {
  const given = parse(args);
  if (given.help) return null;
  const faults: string[] = [];

  function number(option: "histories" | "seed", least: number): number {
    const value = Number(given[option] ?? DEFAULTS[option]);
    if (!Number.isInteger(value) || value < least || value > MOST[option]) {
      faults.push(`--${option} must be a whole number from ${least} to ${MOST[option]}`);
    }
    return value;
  }
  const { of = DEFAULTS.of } = given;
  if (of !== "whole" && of !== "line") faults.push("--of must be whole or line");
  const options = { histories: number("histories", 1), seed: number("seed", 0) };
  if (faults.length > 0) throw new OptionError(faults);
  return { ...options, of: of as SimulateOptions["of"] };
}
