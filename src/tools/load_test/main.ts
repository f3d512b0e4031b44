import { Stopped } from "./api/stop_switch.ts";
import { OptionError, parseOptions, type RushOptions, usage } from "./options.ts";
import { type OwnServer, startOwnServer } from "./own_server.ts";
import { readShowUpMs } from "./quick_settings.ts";
import { createProgressBar } from "./report/progress.ts";
import { drawSaleChart } from "./report/sale_chart.ts";
import { formatResult } from "./report/text_report.ts";
import { runRush } from "./rush.ts";
import type { Target } from "./rush_parts.ts";
import type { RushResult } from "./rush_result.ts";

/** The default of SEAT_LIMIT. */
const DEFAULT_SEAT_LIMIT = 4;
const SECRET_BYTES = 32;
const EXIT_BROKEN = 1;
const EXIT_BAD_OPTIONS = 2;
const EXIT_STOPPED = 130;

type Environment = Readonly<Record<string, string>>;

function createSecret(): string {
  return crypto.getRandomValues(new Uint8Array(SECRET_BYTES)).toHex();
}

function remoteTarget(base: string, environment: Environment): Target {
  const { ADMIN_TOKEN: operators, USER_JWT_SECRET: secret, SEAT_LIMIT: limit } = environment;
  if (!operators) {
    throw new OptionError(["--base needs ADMIN_TOKEN in the environment"]);
  }
  // The setting may hold several operators, as name:token,name:token. The first one is used.
  const first = operators.split(",")[0]!.trim();
  const adminToken = first.slice(first.indexOf(":") + 1).trim();
  return {
    base,
    adminToken,
    userJwtSecret: secret || null,
    seatLimit: Number(limit) || DEFAULT_SEAT_LIMIT,
    showUpMs: readShowUpMs(environment),
  };
}

async function startOwnTarget(
  { fans, capacity }: RushOptions,
  environment: Environment,
): Promise<{ server: OwnServer; target: Target }> {
  const [adminToken, userJwtSecret] = [createSecret(), createSecret()];
  const server = await startOwnServer({ fans, capacity, adminToken, userJwtSecret, environment });
  const { base, settings } = server;
  const showUpMs = readShowUpMs(settings);
  return {
    server,
    target: {
      base,
      adminToken,
      userJwtSecret,
      seatLimit: DEFAULT_SEAT_LIMIT,
      showUpMs,
    },
  };
}

async function writeFiles(result: RushResult, options: RushOptions): Promise<void> {
  if (options.json !== null) {
    const text = JSON.stringify({ options, ...result }, null, 2);
    await Deno.writeTextFile(options.json, text + "\n");
  }
  if (options.svg !== null) {
    const { fans, seats, noShows, seed } = options;
    const title = `${fans} fans for ${seats} seats, ${noShows} % no-shows (seed ${seed})`;
    await Deno.writeTextFile(options.svg, drawSaleChart(result, title));
  }
}

/** Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === null) {
    console.log(usage());
    return 0;
  }
  const stopping = new AbortController();
  // The first signal ends the crowd, and the sale is taken back. The second one ends the process.
  const stop = () => stopping.signal.aborted ? Deno.exit(EXIT_STOPPED) : stopping.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, stop);
  }
  const environment = Deno.env.toObject();
  let server: OwnServer | null = null;
  try {
    let target: Target;
    if (options.base !== null) target = remoteTarget(options.base, environment);
    else ({ server, target } = await startOwnTarget(options, environment));
    const progress = createProgressBar(options.fans);
    const result = await runRush({ options, target, progress, signal: stopping.signal });
    console.log(formatResult(result, options.seats));
    await writeFiles(result, options);
    return result.violations.length === 0 ? 0 : EXIT_BROKEN;
  } finally {
    await server?.stop();
  }
}

/** Prints the error. Returns the exit code. */
function reportError(error: unknown): number {
  if (error instanceof Stopped) {
    console.error("The rush was stopped. Nothing was checked.");
    return EXIT_STOPPED;
  }
  if (error instanceof OptionError) {
    console.error([...error.faults, "", usage()].join("\n"));
    return EXIT_BAD_OPTIONS;
  }
  console.error(`The rush failed: ${error instanceof Error ? error.message : error}`);
  return EXIT_BROKEN;
}

if (import.meta.main) {
  Deno.exit(await main(Deno.args).catch(reportError));
}
