import { parseArgs } from "node:util";

export interface MutationOptions {
  /** Files or folders of the source. */
  readonly paths: readonly string[];
  /** The most mutants to run; null: all. */
  readonly limit: number | null;
  /** Decides which ones. */
  readonly seed: number;
  /** Whether constants are left out: each takes a process of its own. */
  readonly onlyRules: boolean;
  /** The names of the suites to run; null: all. */
  readonly suites: readonly string[] | null;
}

/** Options that are not valid, each with its fault. */
export class OptionError extends Error {
  override readonly name = "OptionError";
  constructor(readonly faults: readonly string[]) {
    super(faults.join("\n"));
  }
}

const DEFAULT_PATHS = ["src/domain", "src/application"];

export const USAGE = [
  "deno task mutate [FILES or FOLDERS…] [options]: changes the source, and runs its tests",
  "  --limit N        so many mutants, drawn by the seed (all)",
  "  --seed N         decides which (1)",
  "  --only-rules     no constants, each of which takes a process of its own",
  "  --suites NAMES   domain, memory, line, sales: the tests to run, in this order (all)",
  "  --help           this text",
  `Without files: ${DEFAULT_PATHS.join(" and ")}.`,
].join("\n");

/** Null: the usage is asked for. */
export function parseOptions(
  args: readonly string[],
  suiteNames: readonly string[],
): MutationOptions | null {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const faults: string[] = [];
  function whole(name: "limit" | "seed", byDefault: number | null): number | null {
    const text = values[name];
    if (text === undefined) return byDefault;
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    faults.push(`--${name} must be a whole number from 1, not ${text}`);
    return null;
  }
  const [limit, seed] = [whole("limit", null), whole("seed", 1)];
  const suites = values.suites?.split(",") ?? null;
  for (const name of suites ?? []) {
    if (!suiteNames.includes(name)) faults.push(`there is no suite ${name}`);
  }
  if (faults.length > 0) throw new OptionError(faults);
  return {
    paths: positionals.length > 0 ? positionals : DEFAULT_PATHS,
    limit,
    seed: seed!,
    onlyRules: values["only-rules"] ?? false,
    suites,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        limit: { type: "string" },
        seed: { type: "string" },
        suites: { type: "string" },
        "only-rules": { type: "boolean" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    throw new OptionError([error instanceof Error ? error.message : `${error}`]);
  }
}
