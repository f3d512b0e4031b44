import { parseArgs } from "node:util";

export interface RushOptions {
  /** Null: a server of its own. */
  readonly base: string | null;
  readonly fans: number;
  readonly capacity: number;
  readonly seats: number;
  /** Percent. */
  readonly noShows: number;
  readonly thinkSeconds: number;
  /** How long fans gather before the opening; 0: the sale is open. */
  readonly lobbySeconds: number;
  /** 0: what the room main has. */
  readonly perMinute: number;
  readonly seed: number;
  readonly maxSeconds: number;
  readonly sockets: number;
  readonly json: string | null;
  readonly svg: string | null;
}

/** Options that cannot be, each named. */
export class OptionError extends Error {
  override readonly name = "OptionError";
  constructor(readonly faults: readonly string[]) {
    super(faults.join("\n"));
  }
}

interface NumberOption {
  readonly byDefault: number;
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
  readonly what: string;
  /** Added to the default for every fan. */
  readonly perFan?: number;
}

/** 20,000 take 19 ms each where crowd and production path share two cores with other work. */
const SECONDS_PER_FAN = 0.05;

const whole = (byDefault: number, min: number, max: number, what: string): NumberOption => ({
  byDefault,
  min,
  max,
  whole: true,
  what,
});

const NUMBERS = {
  "fans": whole(2_000, 1, 20_000, "people who come"),
  "capacity": whole(100, 1, 100_000, "fans admitted at once, by the rush's own server"),
  "seats": whole(500, 1, 100_000, "seats on sale, over all dates"),
  "no-shows": { ...whole(0, 0, 100, "percent who, once waiting, never ask again"), whole: false },
  "think-seconds": { ...whole(0.3, 0, 60, "mean pause of a fan before an act"), whole: false },
  "lobby": whole(
    0,
    0,
    3_600,
    "seconds in which fans gather before an opening by draw; 0: it is open",
  ),
  "per-minute": whole(0, 0, 1_000_000, "admissions a minute; 0: as the server's room main has"),
  "seed": whole(1, 0, 2 ** 31 - 1, "decides how everybody behaves"),
  "max-seconds": {
    ...whole(180, 1, 3_600, "the crowd is sent home after this long"),
    perFan: SECONDS_PER_FAN,
  },
  "sockets": whole(128, 1, 1_000, "requests under way at once"),
} as const satisfies Record<string, NumberOption>;

const TEXTS = {
  base: "a running server; ADMIN_TOKEN, and USER_JWT_SECRET unless it has /dev/sign-in, are set",
  json: "writes everything that was measured to this file",
  svg: "draws the sale to this file",
} as const;

export function usage(): string {
  const lines = [
    ...Object.entries<NumberOption>(NUMBERS).map(([name, { byDefault, what, perFan }]) =>
      `  --${name} N`.padEnd(22) +
      `${what} (${byDefault}${perFan ? `, and ${perFan} for each fan` : ""})`
    ),
    ...Object.entries(TEXTS).map(([name, what]) =>
      `  --${name} ${name === "base" ? "URL" : "FILE"}`.padEnd(22) + what
    ),
  ];
  const environment = [
    "The sale has a room of its own, with the settings of the server's room main.",
    "With --base, SEAT_LIMIT and SHOW_UP_SECONDS of the environment tell what the server has:",
    "knowing how long it keeps a turn, the rush holds more of the late to the order.",
  ];
  return ["deno task rush [options]: sends a crowd through a sale", ...lines, ...environment]
    .join("\n");
}

/** `perFan` times `fans` is added to the default, and `more`. */
function readNumber(
  name: keyof typeof NUMBERS,
  given: string | undefined,
  faults: string[],
  fans = 0,
  more = 0,
) {
  const { byDefault, min, max, whole, perFan = 0 } = NUMBERS[name] as NumberOption;
  if (given === undefined) return Math.round(byDefault + perFan * fans + more);
  const value = /^\d+(\.\d+)?$/.test(given) ? Number(given) : NaN;
  if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  faults.push(`--${name} must be a ${whole ? "whole " : ""}number from ${min} to ${max}`);
  return byDefault;
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
  const options = Object.fromEntries(names.map((name) => [name, { type: "string" as const }]));
  try {
    return parseArgs({ args: [...args], options: { ...options, help: { type: "boolean" } } })
      .values as Given;
  } catch (error) {
    throw new OptionError([(error as Error).message]);
  }
}

/** Null: help is asked for. Throws `OptionError` with every fault. */
export function parseOptions(args: readonly string[]): RushOptions | null {
  const given = parse(args);
  if (given["help"]) return null;
  const faults: string[] = [];
  const text = (name: string) => given[name] as string | undefined;
  const number = (name: keyof typeof NUMBERS) => readNumber(name, text(name), faults);
  const base = readBase(text("base"), faults);
  if (base !== null && given["capacity"] !== undefined) {
    faults.push("--capacity is for the rush's own server; set QUEUE_CAPACITY at --base");
  }
  for (const name of ["json", "svg"]) {
    if (text(name) === "") faults.push(`--${name} must name a file`);
  }
  const fans = number("fans");
  const [lobbySeconds, perMinute] = [number("lobby"), number("per-minute")];
  const slowSeconds = lobbySeconds + (perMinute > 0 ? 60 * fans / perMinute : 0);
  const options: RushOptions = {
    base,
    fans,
    capacity: number("capacity"),
    seats: number("seats"),
    noShows: number("no-shows"),
    thinkSeconds: number("think-seconds"),
    lobbySeconds,
    perMinute,
    seed: number("seed"),
    maxSeconds: readNumber("max-seconds", text("max-seconds"), faults, fans, slowSeconds),
    sockets: number("sockets"),
    json: text("json") ?? null,
    svg: text("svg") ?? null,
  };
  if (faults.length > 0) throw new OptionError(faults);
  return options;
}
