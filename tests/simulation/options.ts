import { parseArgs } from "node:util";

export const SALES = {
  seats: "fans for a twentieth of as many seats, in two hours",
  everybody: "all fans are admitted in turn",
  ghosts: "20,000 fans, of whom some never call again: what they cost the others",
} as const;
export type SaleName = keyof typeof SALES;
const LINES = ["memory", "redis"] as const;
const FRONTS = ["location", "isolate"] as const;

export interface CrowdOptions {
  readonly sale: SaleName;
  readonly line: typeof LINES[number];
  readonly fans: number;
  readonly seed: number;
  /** What shares a front document: the isolates of a location, or nothing. */
  readonly fronts: typeof FRONTS[number];
  readonly json: string | null;
}

/** Options that are not valid, each with its fault. */
export class OptionError extends Error {
  override readonly name = "OptionError";
  constructor(readonly faults: readonly string[]) {
    super(faults.join("\n"));
  }
}

const MOST_FANS = 2_000_000;
const FANS: Readonly<Record<SaleName, number>> = {
  seats: 1_000_000,
  everybody: 1_000_000,
  ghosts: 20_000,
};

const HELP = [
  "deno task simulate-crowd [options]: plays a sale in virtual time",
  `  --sale NAME      ${Object.keys(SALES).join(", ")} (seats)`,
  ...Object.entries(SALES).map(([name, about]) => `${" ".repeat(19)}${name}: ${about}`),
  "  --line NAME      memory: the queue of the embedded run; redis: the real scripts (memory)",
  `  --fans N         fans in the crowd (${FANS.seats}; ghosts: ${FANS.ghosts})`,
  "  --seed N         decides what every fan does (1)",
  "  --fronts NAME    who shares a front document: location, as on a custom domain, or isolate",
  "                   (location)",
  "  --json FILE      writes all figures, by the minute, to this file",
  "  --help           this text",
  "Room and seats are scaled with the crowd. Both lines need redis-server: for --line memory the",
  "commands of a call are measured in a small sale on Redis.",
];

export function usage(): string {
  return HELP.join("\n");
}

type Given = Readonly<Record<string, string | boolean | undefined>>;

function parse(args: readonly string[]): Given {
  const names = ["sale", "line", "fans", "seed", "fronts", "json"];
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  try {
    return parseArgs({ args: [...args], options: { ...options, help: { type: "boolean" } } })
      .values as Given;
  } catch (error) {
    throw new OptionError([(error as Error).message]);
  }
}

/** Null: the help is wanted. Throws `OptionError` with every fault. */
export function parseOptions(args: readonly string[]): CrowdOptions | null {
  const given = parse(args);
  if (given["help"]) return null;
  const faults: string[] = [];

  function choice<Name extends string>(option: string, names: readonly Name[]): Name {
    const text = given[option] ?? names[0]!;
    const found = names.find((name) => name === text);
    if (!found) faults.push(`--${option} must be ${names.join(" or ")}`);
    return found ?? names[0]!;
  }
  function number(option: string, byDefault: number, min: number, max: number): number {
    const text = String(given[option] ?? byDefault);
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    faults.push(`--${option} must be a whole number from ${min} to ${max}`);
    return min;
  }
  const sale = choice("sale", Object.keys(SALES) as SaleName[]);
  const options: CrowdOptions = {
    sale,
    line: choice("line", LINES),
    fans: number("fans", FANS[sale], 1_000, MOST_FANS),
    seed: number("seed", 1, 0, 2 ** 31 - 1),
    fronts: choice("fronts", FRONTS),
    json: given["json"] === undefined ? null : String(given["json"]),
  };
  if (options.json === "") faults.push("--json must name a file");
  if (faults.length > 0) throw new OptionError(faults);
  return options;
}
