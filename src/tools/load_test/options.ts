import { parseArgs } from "node:util";

export interface RushOptions {
  /** The server under test. Null: the rush starts its own. */
  readonly base: string | null;
  readonly fans: number;
  readonly capacity: number;
  readonly seats: number;
  /** Percent. */
  readonly noShows: number;
  readonly thinkSeconds: number;
  /** Fans gather for this time before the opening. 0: the room is open at once. */
  readonly lobbySeconds: number;
  /** Admissions a minute. 0: the rate of the room main. */
  readonly perMinute: number;
  readonly seed: number;
  /** Null: computed from the settings of the room. */
  readonly maxSeconds: number | null;
  readonly sockets: number;
  readonly json: string | null;
  readonly svg: string | null;
  /** Leaves concert and room on the server of `base`. */
  readonly keep: boolean;
}

/** Options that are not valid, each with its fault. */
export class OptionError extends Error {
  override readonly name = "OptionError";
  constructor(readonly faults: readonly string[]) {
    super(faults.join("\n"));
  }
}

interface NumberOption {
  /** Null: the option has no fixed default. */
  readonly byDefault: number | null;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  readonly help: string;
}

const whole = (byDefault: number, min: number, max: number, help: string) => (
  { byDefault, min, max, whole: true, help } satisfies NumberOption
);

const NUMBERS = {
  "fans": whole(2_000, 1, 20_000, "fans in the crowd"),
  "capacity": whole(100, 1, 100_000, "fans admitted at once, of the rush's own server"),
  "seats": whole(500, 1, 100_000, "seats on sale, over all schedules"),
  "no-shows": { ...whole(0, 0, 100, "percent of fans who never poll"), whole: false },
  "think-seconds": { ...whole(0.3, 0, 60, "mean pause of a fan before an act"), whole: false },
  "lobby": whole(0, 0, 3_600, "seconds in a lobby before an opening by draw; 0: no lobby"),
  "per-minute": whole(0, 0, 1_000_000, "admissions a minute; 0: as the server's room main has"),
  "seed": whole(1, 0, 2 ** 31 - 1, "decides the behaviour of every fan"),
  "max-seconds": {
    ...whole(0, 1, 86_400, "the crowd is stopped after this time"),
    byDefault: null,
  },
  "sockets": whole(128, 1, 1_000, "requests under way at once"),
} as const satisfies Record<string, NumberOption>;

const TEXTS = {
  base: "a running server; set ADMIN_TOKEN, and USER_JWT_SECRET unless it has /dev/sign-in",
  json: "writes all measurements to this file",
  svg: "draws the sale into this file",
} as const;

const NOTES = [
  "The sale has a room of its own, with the settings of the server's room main. At the end, and at",
  "Ctrl-C, the rush withdraws its concert and deletes its room, unless --keep is given.",
  "Without --max-seconds the limit follows from these settings: a server that keeps holds and",
  "admissions for minutes makes a long rush.",
  "With --base, set SEAT_LIMIT and SHOW_UP_SECONDS to the settings of the server if they are not",
  "the defaults. Without SHOW_UP_SECONDS the rush checks the order of those fans only who would be",
  "on time with SHOW_UP_SECONDS=1.",
];

export function usage(): string {
  return [
    "deno task rush [options]: sends a crowd through a sale",
    ...Object.entries<NumberOption>(NUMBERS).map(([name, { byDefault, help }]) =>
      `  --${name} N`.padEnd(22) +
      `${help} (${byDefault ?? "by the settings of the room"})`
    ),
    ...Object.entries(TEXTS).map(([name, help]) =>
      `  --${name} ${name === "base" ? "URL" : "FILE"}`.padEnd(22) + help
    ),
    "  --keep".padEnd(22) + "leaves the concert and the room on the server of --base",
    ...NOTES,
  ].join("\n");
}

type NumberName = keyof typeof NUMBERS;

/** Adds a fault and returns the minimum where the text is not such a number. */
function readNumber(name: NumberName, text: string, faults: string[]): number {
  const { min, max, whole }: NumberOption = NUMBERS[name];
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  faults.push(`--${name} must be a ${whole ? "whole " : ""}number from ${min} to ${max}`);
  return min;
}

function readBase(given: string | undefined, faults: string[]): string | null {
  if (given === undefined) return null;
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url && /^https?:$/.test(url.protocol)) return given.replace(/\/+$/, "");
  faults.push("--base must be a URL such as http://localhost:8787");
  return null;
}

type Given = Record<string, string | boolean | undefined>;

function parse(args: readonly string[]): Given {
  const names = [...Object.keys(NUMBERS), ...Object.keys(TEXTS)];
  const texts = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  const flags = { help: { type: "boolean" }, keep: { type: "boolean" } } as const;
  try {
    return parseArgs({ args: [...args], options: { ...texts, ...flags } }).values as Given;
  } catch (error) {
    throw new OptionError([(error as Error).message]);
  }
}

/** Null: the help is wanted. Throws `OptionError` with every fault. */
export function parseOptions(args: readonly string[]): RushOptions | null {
  const given = parse(args);
  if (given["help"]) return null;
  const faults: string[] = [];
  const text = (name: string) => given[name] as string | undefined;
  const number = (name: Exclude<NumberName, "max-seconds">) =>
    readNumber(name, text(name) ?? String(NUMBERS[name].byDefault), faults);
  const base = readBase(text("base"), faults);
  if (base !== null && given["capacity"] !== undefined) {
    faults.push(
      "--capacity is for the rush's own server; set QUEUE_CAPACITY at --base",
    );
  }
  for (const name of ["json", "svg"]) {
    if (text(name) === "") faults.push(`--${name} must name a file`);
  }
  const keep = given["keep"] === true;
  if (keep && base === null) faults.push("--keep needs --base: the rush's own server ends with it");
  const maxSeconds = text("max-seconds");
  const options: RushOptions = {
    base,
    fans: number("fans"),
    capacity: number("capacity"),
    seats: number("seats"),
    noShows: number("no-shows"),
    thinkSeconds: number("think-seconds"),
    lobbySeconds: number("lobby"),
    perMinute: number("per-minute"),
    seed: number("seed"),
    maxSeconds: maxSeconds === undefined ? null : readNumber("max-seconds", maxSeconds, faults),
    sockets: number("sockets"),
    json: text("json") ?? null,
    svg: text("svg") ?? null,
    keep,
  };
  if (faults.length > 0) throw new OptionError(faults);
  return options;
}
