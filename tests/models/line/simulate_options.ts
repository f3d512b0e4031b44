import { parseArgs } from "node:util";

export interface SimulateOptions {
  readonly histories: number;
  readonly seed: number;
}

/** Options that are not valid, each with its fault. */
export class OptionError extends Error {
  override readonly name = "OptionError";
  constructor(readonly faults: readonly string[]) {
    super(faults.join("\n"));
  }
}

const DEFAULTS: SimulateOptions = { histories: 10_000, seed: 1 };
const MOST = { histories: 10_000_000, seed: 2 ** 31 - 1 } as const;

export const USAGE = [
  "deno task simulate [options]: plays random histories of the line and checks its laws",
  `  --histories N    how many (${DEFAULTS.histories})`,
  `  --seed N         decides what happens in them (${DEFAULTS.seed})`,
  "  --help           this text",
  "A history is a room whose fans join, poll by isolates with documents of their own, vanish and",
  "come back, while its rules change, answers are lost, and the store is wiped, away or set back.",
  "The store is the memory one; tests/adapters/upstash plays the same histories in Redis.",
].join("\n");

function parse(args: readonly string[]) {
  const text = { type: "string" } as const;
  const options = { histories: text, seed: text, help: { type: "boolean" } } as const;
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

  function number(option: keyof SimulateOptions, least: number): number {
    const value = Number(given[option] ?? DEFAULTS[option]);
    if (!Number.isInteger(value) || value < least || value > MOST[option]) {
      faults.push(`--${option} must be a whole number from ${least} to ${MOST[option]}`);
    }
    return value;
  }
  const options = { histories: number("histories", 1), seed: number("seed", 0) };
  if (faults.length > 0) throw new OptionError(faults);
  return options;
}
