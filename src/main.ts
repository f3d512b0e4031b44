import { openEmbeddedDatabase } from "./adapters/postgres/pglite.ts";
import { assemble } from "./assemble.ts";
import { type Config, ConfigError, parseConfig } from "./config.ts";
import type { ConcertId } from "./domain/ids.ts";
import { embeddedStores } from "./embedded.ts";
import { type DataDir, DataDirInUseError, openDataDir } from "./local/data_dir.ts";
import { openDemoSale } from "./local/demo_sale.ts";
import { installedDocsAsset } from "./local/docs_asset.ts";
import type { Report } from "./ports/report.ts";

const HOST = "127.0.0.1";
const TICK_MS = 60_000;
const FIRST_CONCERT = 1 as ConcertId;

const report: Report = ({ what, error, requestId }) => {
  console.error(what, ...(requestId ? [requestId] : []), error);
};

function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}

/** Serves one process on loopback until it is told to stop. */
async function serve(config: Config, dataDir: DataDir | null): Promise<void> {
  const database = await openEmbeddedDatabase(dataDir?.databaseFolder);
  const clock = Date.now;
  const newId = () => crypto.randomUUID();
  const { app, tick, stores } = assemble(config, {
    stores: embeddedStores(config, { sql: database.sql, clock, newId }),
    clock,
    newId,
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    report,
    docsAsset: installedDocsAsset,
    allowJoin: () => Promise.resolve(true),
  });
  if (await stores.catalogue.get(FIRST_CONCERT) === null) {
    await openDemoSale(stores.catalogue, clock());
  }

  /** What goes on after answers; a stop waits for it. */
  const unfinished = new Set<Promise<unknown>>();
  const keep = (task: Promise<unknown>) => {
    const kept = task.finally(() => unfinished.delete(kept));
    unfinished.add(kept);
  };
  const context = { waitUntil: keep, passThroughOnException() {}, props: {} };
  const server = Deno.serve(
    { hostname: HOST, port: config.port, onListen: () => printWelcome(config) },
    (request) => app.fetch(request, {}, context),
  );
  const ticking = setInterval(() => {
    keep(tick().catch((error) => report({ what: "tick_failed", error })));
  }, TICK_MS);

  const stop = () => void server.shutdown();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, stop);
  await server.finished;
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.removeSignalListener(signal, stop);
  clearInterval(ticking);
  await Promise.all(unfinished);
  await database.close();
}

function printWelcome(config: Config): void {
  const base = `http://localhost:${config.port}`;
  const token = config.made.includes("ADMIN_TOKEN")
    ? config.operators[0]?.token
    : "as set in ADMIN_TOKEN";
  const lines = [
    `Stanchion is up at ${base}  (reference: ${base}/docs, stop: Ctrl-C)`,
    `operator token: ${token}`,
  ];
  if (config.localSignIn) {
    lines.push(
      "",
      `  FAN=$(curl -s ${base}/dev/sign-in --json '{"userId":"alice"}' | sed 's/.*:"//;s/".*//')`,
      `  PLACE=$(curl -s -X POST ${base}/v1/queue/tokens -H "Authorization: Bearer $FAN" | sed 's/.*"token":"//;s/".*//')`,
      `  curl -s ${base}/v1/concerts -H "Authorization: Bearer $FAN" -H "Queue-Token: $PLACE"`,
    );
  }
  console.log(lines.join("\n"));
}

/** Says in plain words why the start was stopped; anything else is a fault of ours. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) {
    const faults = error.faults.map(({ setting, message }) => `  ${setting} ${message}`);
    return ["Stanchion cannot start with these settings:", ...faults].join("\n");
  }
  if (error instanceof DataDirInUseError) return error.message;
  if (error instanceof Deno.errors.AddrInUse) {
    return "PORT is in use by another process; set another one.";
  }
  throw error;
}

async function main(): Promise<void> {
  const folder = Deno.env.get("DATA_DIR");
  const dataDir = folder ? await openDataDir(folder, newSecret) : null;
  try {
    const config = parseConfig(Deno.env.toObject(), dataDir?.makeSecret ?? newSecret);
    if (config.remote) {
      throw new ConfigError([{
        setting: "UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN and DATABASE_URL",
        message: "name remote stores, which this program cannot use: unset them",
      }]);
    }
    await serve(config, dataDir);
  } finally {
    dataDir?.close();
  }
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error(explain(error));
    Deno.exit(1);
  }
}
