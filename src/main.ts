import { DatabaseFolderError, openEmbeddedDatabase } from "./adapters/postgres/pglite.ts";
import { assertCurrency } from "./adapters/postgres/sql.ts";
import { LineLayoutError } from "./adapters/upstash/layout.ts";
import { createIsolateCounters } from "./application/isolate_counters.ts";
import { createKeptFronts } from "./application/kept_fronts.ts";
import type { Services } from "./application/services.ts";
import { assemble } from "./composition/assemble.ts";
import { countReport } from "./composition/counting.ts";
import { requestLogOf } from "./composition/request_log.ts";
import { type Config, ConfigError, currencyFault, parseConfig, settingsFault } from "./config.ts";
import { DependencyError } from "./domain/failures.ts";
import type { ConcertId } from "./domain/ids.ts";
import { createApi } from "./http/api.ts";
import type { App } from "./http/pipeline/api_env.ts";
import { createEmbeddedStores } from "./composition/embedded_stores.ts";
import { type Crowd, CROWD_SIZE, startCrowd } from "./local/crowd/crowd.ts";
import { assertDemoSale, wantsCrowd, withShortLine } from "./local/crowd/options.ts";
import { type DataDir, DataDirInUseError, openDataDir } from "./local/data_dir.ts";
import { openDemoSale } from "./local/demo_sale.ts";
import { withoutLength } from "./local/head_answer.ts";
import { localChallenge, localRunEndpoints, localSignIn } from "./local/local_run.ts";
import { type LoopbackServer, serveOnLoopback } from "./local/loopback.ts";
import { newSecret } from "./local/new_secret.ts";
import { PortInUseError } from "./local/port_in_use.ts";
import type { Report } from "./ports/report.ts";
import { randomHex } from "./composition/random_hex.ts";
import { createJoinLimit } from "./composition/join_limit.ts";
import { createRemoteStores } from "./composition/remote_stores.ts";
import type { Stores } from "./composition/stores.ts";
import { createTracing } from "./composition/tracing.ts";
import { siteFiles } from "./site/site.ts";

const MAINTENANCE_INTERVAL_MS = 60_000;
/** How long a stop waits for running requests. A second signal ends the wait. */
const STOP_GRACE_MS = 3_000;
const FIRST_CONCERT = 1 as ConcertId;

/** Prints the stack alone: an error of the database has parameters, which contain names of fans. */
const logFault: Report = ({ what, error, requestId, traceparent }) => {
  const stack = error instanceof Error ? error.stack : error;
  console.error(what, ...[requestId, traceparent].filter((id) => id !== undefined), stack);
  if (error instanceof Error && error.cause instanceof Error) console.error(error.cause.message);
};

interface Running {
  readonly app: App;
  readonly services: Services;
  readonly report: Report;
  close(): Promise<void>;
}

/** Over remote stores if the settings name them, else over stores in memory, with a demo sale. */
async function compose(config: Config, dataDir: DataDir | null): Promise<Running> {
  const clock = Date.now;
  const newId = () => crypto.randomUUID();
  const counters = createIsolateCounters({ clock, isolate: randomHex(3) });
  const report = countReport(logFault, counters);
  const keptFronts = createKeptFronts({ clock });
  const { trace, measure, continueTrace } = createTracing({ counters });
  const standIn = localChallenge(config, clock);
  const start = (stores: Stores, close: () => Promise<void>): Running => {
    const services = assemble(config, {
      trace,
      counters,
      stores,
      clock,
      newId,
      random: Math.random,
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      report,
      limitJoins: createJoinLimit(clock),
      keptFronts,
      frontDocuments: null,
      ...(standIn ? { challenge: standIn } : {}),
    });
    const app = createApi(config, {
      services,
      clock,
      newId,
      randomHex,
      report,
      measure,
      continueTrace,
      observers: [requestLogOf(config, { clock, random: Math.random, write: console.log })],
      staticFiles: siteFiles,
      addition: localRunEndpoints(config, clock),
      signIn: localSignIn(config, clock),
    });
    return { app, services, report, close };
  };
  const { remote } = config;
  let fault: ConfigError | null = null;
  if (remote) {
    const stores = createRemoteStores(config, {
      remote,
      trace,
      clock,
      newId,
      random: Math.random,
      report,
      onFront: keptFronts.keep,
      onOtherCurrency: (error) => fault = currencyFault(error),
    });
    // A database that does not answer yet does not stop the start.
    await stores.catalogue.ping().catch((error) => {
      if (fault) throw fault;
      report({ what: "dependency_failed", error });
    });
    await refuseOtherLayout(stores);
    return start(stores, () => Promise.resolve());
  }
  const database = await openEmbeddedDatabase(dataDir?.databaseFolder);
  try {
    await assertCurrency(database.sql, config.currency);
  } catch (error) {
    await database.close();
    throw settingsFault(error);
  }
  const stores = createEmbeddedStores(config, {
    sql: database.sql,
    trace,
    clock,
    newId,
    random: Math.random,
    onFront: keptFronts.keep,
  });
  // The queue is in memory, and starts without a room.
  await stores.queue.learnRooms(await stores.rooms.names());
  if (await stores.catalogue.get(FIRST_CONCERT) === null) {
    await openDemoSale(stores.catalogue, clock());
  }
  return start(stores, () => database.close());
}

/** Throws when the line is of another version of the program. Other failures may pass later. */
async function refuseOtherLayout({ queue }: Stores): Promise<void> {
  await queue.ping().catch((error) => {
    if (error instanceof DependencyError && error.cause instanceof LineLayoutError) {
      throw error.cause;
    }
  });
}

/** Serves one process on loopback until a signal stops it. */
async function serve(config: Config, dataDir: DataDir | null, hasCrowd: boolean): Promise<void> {
  const { app, services, report, close } = await compose(config, dataDir);

  /** Tasks that follow answers. The stop waits for them. */
  const unfinished = new Set<Promise<unknown>>();
  const keep = (task: Promise<unknown>) => {
    const kept = task.finally(() => unfinished.delete(kept));
    unfinished.add(kept);
  };
  const context = { waitUntil: keep, passThroughOnException() {}, props: {} };
  const answer = async (request: Request, address: string) =>
    await app.fetch(request, { address }, context);
  const server = serveOnLoopback(
    config.port,
    async (request, address) => withoutLength(request, await answer(request, address)),
  );
  const crowd = hasCrowd ? sendCrowd(config, answer, keep, report) : null;
  // Before the line has moved nothing is measured, and estimates of waits are far too long.
  void (crowd?.moved ?? Promise.resolve()).then(() => printWelcome(config, hasCrowd));
  const maintenance = setInterval(() => {
    keep(
      services.maintenance.run().catch((error) => report({ what: "maintenance_failed", error })),
    );
  }, MAINTENANCE_INTERVAL_MS);

  await untilStopped(server);
  crowd?.stop();
  clearInterval(maintenance);
  await Promise.all(unfinished);
  await close();
}

/**
 * Waits for a signal, then for the running requests: for the grace time, or until a second signal.
 * The end of the process closes the connections of clients that stall.
 */
async function untilStopped(server: LoopbackServer): Promise<void> {
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  let grace: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    if (grace !== undefined) return resolve();
    grace = setTimeout(resolve, STOP_GRACE_MS);
    void server.shutdown().then(resolve);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);
  await stopped;
  clearTimeout(grace);
}

/** Of no machine (RFC 5737): what others send from here is not the crowd's. */
const CROWD_ADDRESS = "192.0.2.1";

/** The crowd calls the API in this process: it takes no socket from anybody. */
function sendCrowd(
  config: Config,
  answer: (request: Request, address: string) => Promise<Response>,
  keep: (task: Promise<unknown>) => void,
  report: Report,
): Crowd {
  return startCrowd({
    baseUrl: addressOf(config),
    async fetch(url, init) {
      const answering = answer(new Request(url, init), CROWD_ADDRESS);
      keep(answering);
      return await answering;
    },
    signIn: localSignIn(config, Date.now)!,
    report,
  });
}

const addressOf = ({ port }: Config) => `http://localhost:${port}`;

/** One address: from there everything else is a link. */
function printWelcome(config: Config, hasCrowd: boolean): void {
  const token = config.made.includes("ADMIN_TOKEN")
    ? config.operators[0]?.token
    : "as set in ADMIN_TOKEN";
  const crowd = `${CROWD_SIZE} fans of a crowd are in line with you, and buy some of the seats.`;
  console.log([
    `Stanchion is up at ${addressOf(config)}`,
    ...hasCrowd ? [crowd] : [],
    "Pages there: / sells tickets, /ops is the operator's, /docs the reference. Ctrl-C stops it.",
    `operator token: ${token}`,
  ].join("\n"));
}

/** Why the start failed, for the operator. An unknown error is thrown again. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) {
    const faults = error.faults.map(({ setting, message }) => `  ${setting} ${message}`);
    return ["Stanchion cannot start with these settings:", ...faults].join("\n");
  }
  if (error instanceof DataDirInUseError || error instanceof PortInUseError) return error.message;
  if (error instanceof LineLayoutError) return `Stanchion does not start: ${error.message}.`;
  if (error instanceof DatabaseFolderError) return `DATA_DIR: ${error.message}`;
  throw error;
}

async function openFolder(folder: string): Promise<DataDir> {
  try {
    return await openDataDir(folder, newSecret);
  } catch (error) {
    if (error instanceof DataDirInUseError) throw error;
    const message = `cannot keep this run's data: ${(error as Error).message}`;
    throw new ConfigError([{ setting: "DATA_DIR", message }]);
  }
}

async function main(args: readonly string[]): Promise<void> {
  const hasCrowd = wantsCrowd(args);
  const given = Deno.env.toObject();
  const environment = hasCrowd ? withShortLine(given) : given;
  const parsed = parseConfig(environment, newSecret);
  const { dataDir: folder, remote, port } = parsed;
  if (hasCrowd) assertDemoSale(parsed);
  if (remote && folder !== null) {
    const message = "keeps the database of this process: unset it, or DATABASE_URL";
    throw new ConfigError([{ setting: "DATA_DIR", message }]);
  }
  const dataDir = folder === null ? null : await openFolder(folder);
  try {
    await serve(parseConfig(environment, dataDir?.makeSecret ?? newSecret), dataDir, hasCrowd);
  } catch (error) {
    throw error instanceof Deno.errors.AddrInUse ? new PortInUseError(port) : error;
  } finally {
    dataDir?.close();
  }
}

if (import.meta.main) {
  try {
    await main(Deno.args);
    Deno.exit(0);
  } catch (error) {
    console.error(explain(error));
    Deno.exit(1);
  }
}
