import { drawSale } from "./picture.ts";
import { OptionError, parseOptions, type RushOptions, usage } from "./options.ts";
import { type OwnServer, showUpMsOf, startOwnServer } from "./own_server.ts";
import { progressBar } from "./progress.ts";
import { type Result, rush, type Target } from "./rush.ts";
import { Stopped } from "./stopper.ts";
import { tableOf, verdictOf } from "./table.ts";

/** The contract's default. */
const SEAT_LIMIT = 4;
const EXIT_BROKEN = 1;
const EXIT_BAD_OPTIONS = 2;
const EXIT_STOPPED = 130;

function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}

function remoteTarget(base: string, environment: Record<string, string>): Target {
  const { ADMIN_TOKEN: operators, USER_JWT_SECRET: secret, SEAT_LIMIT: limit } = environment;
  if (!operators) throw new OptionError(["--base needs ADMIN_TOKEN in the environment"]);
  // The setting may hold several, as name:token; any one will do.
  const first = operators.split(",")[0]!.trim();
  const adminToken = first.slice(first.indexOf(":") + 1).trim();
  return {
    base,
    adminToken,
    userJwtSecret: secret || null,
    seatLimit: Number(limit) || SEAT_LIMIT,
    showUpMs: showUpMsOf(environment),
  };
}

async function keep(result: Result, options: RushOptions): Promise<void> {
  if (options.json !== null) {
    const text = JSON.stringify({ options, ...result }, null, 2);
    await Deno.writeTextFile(options.json, text + "\n");
  }
  if (options.svg !== null) {
    const { fans, seats, noShows, seed } = options;
    const title = `${fans} fans for ${seats} seats, ${noShows} % no-shows (seed ${seed})`;
    await Deno.writeTextFile(options.svg, drawSale(result.samples, title));
  }
}

/** Gives the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options === null) {
    console.log(usage());
    return 0;
  }
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);
  const environment = Deno.env.toObject();
  let server: OwnServer | null = null;
  try {
    let target: Target;
    if (options.base !== null) target = remoteTarget(options.base, environment);
    else {
      const [adminToken, userJwtSecret] = [newSecret(), newSecret()];
      const { fans, capacity } = options;
      server = await startOwnServer({ fans, capacity, adminToken, userJwtSecret, environment });
      const { base, showUpMs } = server;
      target = { base, adminToken, userJwtSecret, seatLimit: SEAT_LIMIT, showUpMs };
    }
    const progress = progressBar(options.fans);
    const result = await rush({ options, target, progress, signal: stopping.signal });
    console.log(tableOf(result.findings));
    for (const note of result.notes) console.log(`Note: ${note}`);
    console.log(verdictOf(result.breaches));
    await keep(result, options);
    return result.breaches.length === 0 ? 0 : EXIT_BROKEN;
  } finally {
    await server?.stop();
  }
}

function explain(error: unknown): number {
  if (error instanceof Stopped) {
    console.error("Stopped; nothing was audited.");
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
  Deno.exit(await main(Deno.args).catch(explain));
}
