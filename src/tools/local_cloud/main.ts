import pg from "pg";
import { migrate, NewerDatabaseError, sessionOf } from "../../adapters/postgres/migrate.ts";
import { assertCurrency, clientSql } from "../../adapters/postgres/sql.ts";
import { bundle } from "../bundle/bundle.ts";
import { ConfigError, settingsFault } from "../../config.ts";
import { type DataDir, DataDirInUseError, openDataDir } from "../../local/data_dir.ts";
import { newSecret } from "../../local/new_secret.ts";
import { assertPortIsFree, PortInUseError } from "../../local/port_in_use.ts";
import { startNeonEndpoint } from "./neon/endpoint.ts";
import { FolderNotWritableError } from "./postgres/folder.ts";
import { type PostgresServer, startPostgresServer } from "./postgres/server.ts";
import { MissingProgramError, startRedisServer } from "./redis/server.ts";
import { type EdgeSettings, parseEdgeSettings } from "./settings.ts";
import { createTemporaryFolder } from "./processes/temporary_folder.ts";
import { startUpstashEndpoint } from "./upstash/endpoint.ts";
import { startWorkerd, type Workerd, WorkerdError } from "./workerd/workerd.ts";
import { readWorkerdSettings } from "./workerd/wrangler_settings.ts";

const DATABASE = "stanchion";
const CRON_MS = 60_000;
const HOSTNAME = "127.0.0.1";
/** For each database role: as many as a load test keeps busy on few cores. */
const CONNECTIONS = 16;

/** Throws `ConfigError` if the amounts of the database are in another currency. */
async function migrateDatabase(server: PostgresServer, currency: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.urlOf(DATABASE) });
  await client.connect();
  try {
    await migrate(sessionOf(client));
    await assertCurrency(clientSql(client), currency);
  } catch (error) {
    throw settingsFault(error);
  } finally {
    await client.end();
  }
}

/**
 * Starts the production path on this machine, and serves until SIGINT or SIGTERM. `started` ends
 * what was started, in reverse order. Throws `PortInUseError`, and `WorkerdError` when workerd does
 * not start or ends by itself.
 */
async function run(started: AsyncDisposableStack): Promise<void> {
  const stopped = waitForSignal();
  const environment = Deno.env.toObject();
  // Checks the settings before anything is started, with stores that do not exist yet.
  const placeholders = storeSettings(1, newSecret(), "postgres://u:p@localhost/d");
  const { dataDir: dataFolder, config: { port, currency } } = parseEdgeSettings(
    environment,
    placeholders,
    newSecret,
  );
  const dataDir = dataFolder === null ? null : await openDataFolder(dataFolder);
  started.defer(() => dataDir?.close());
  // workerd binds the port last. Without this check a busy port is reported after many seconds.
  assertPortIsFree(port);

  const folder = await createTemporaryFolder("stanchion-edge-");
  started.defer(folder.remove);
  const building = bundle(folder.path);
  // Its error is thrown where it is awaited. A missing Redis is reported first.
  building.catch(() => {});
  const redis = await startRedisServer();
  started.defer(redis.stop);
  // `deno task dev` keeps a database of another kind in another folder of DATA_DIR.
  const postgres = await startPostgresServer({
    folder: dataFolder ? `${dataFolder}/postgres` : undefined,
  });
  started.defer(postgres.stop);
  await postgres.createDatabase(DATABASE);
  await migrateDatabase(postgres, currency);
  const upstash = await startUpstashEndpoint({
    redis: { hostname: HOSTNAME, port: redis.port },
    token: newSecret(),
  });
  started.defer(upstash.close);
  const neon = await startNeonEndpoint({
    database: { hostname: HOSTNAME, port: postgres.port },
    maxConnections: CONNECTIONS,
  });
  started.defer(neon.close);
  await building;

  const databaseUrl = new URL(postgres.urlOf(DATABASE));
  databaseUrl.port = String(neon.port);
  const stores = storeSettings(upstash.port, upstash.token, databaseUrl.href);
  const settings = parseEdgeSettings(environment, stores, dataDir?.makeSecret ?? newSecret);
  const workerd = await startWorkerd({
    folder: folder.path,
    port,
    ...readWorkerdSettings(),
    settings: settings.worker,
    onOutput: (text) => void Deno.stderr.writeSync(new TextEncoder().encode(text)),
  });
  started.defer(workerd.stop);
  const cron = setInterval(() => {
    workerd.fireCron().catch((error) => console.error("cron:", error.message));
  }, CRON_MS);
  started.defer(() => clearInterval(cron));
  printWelcome(settings, redis.port, postgres.urlOf(DATABASE));
  await Promise.race([stopped, failAtEndOf(workerd)]);
}

async function failAtEndOf(workerd: Workerd): Promise<never> {
  await workerd.ended;
  throw new WorkerdError("workerd ended by itself. Its output is printed above.");
}

function storeSettings(upstashPort: number, token: string, databaseUrl: string) {
  return {
    UPSTASH_REDIS_REST_URL: `http://${HOSTNAME}:${upstashPort}`,
    UPSTASH_REDIS_REST_TOKEN: token,
    DATABASE_URL: databaseUrl,
  };
}

async function openDataFolder(folder: string): Promise<DataDir> {
  try {
    return await openDataDir(folder, newSecret);
  } catch (error) {
    if (error instanceof DataDirInUseError) throw error;
    const message = `cannot keep this run's data: ${(error as Error).message}`;
    throw new ConfigError([{ setting: "DATA_DIR", message }]);
  }
}

function waitForSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, resolve);
  return promise;
}

function printWelcome({ config, generated }: EdgeSettings, redisPort: number, databaseUrl: string) {
  const base = `http://localhost:${config.port}`;
  console.log([
    `Stanchion is up at ${base}`,
    "Pages there: / sells tickets, /ops is the operator's, /docs the reference. Ctrl-C stops it.",
    `the Worker in workerd, over redis-server on port ${redisPort} and ${databaseUrl}`,
    ...Object.entries(generated).map(([name, secret]) => `${name}=${secret}`),
  ].join("\n"));
}

/** The message of an error that the user can correct. Throws every other error again. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) {
    const faults = error.faults.map(({ setting, message }) => `  ${setting} ${message}`);
    return ["Stanchion cannot start with these settings:", ...faults].join("\n");
  }
  if (error instanceof FolderNotWritableError) return `DATA_DIR: ${error.message}`;
  if (error instanceof NewerDatabaseError) return `DATA_DIR: ${error.message}`;
  const isPlain = [MissingProgramError, DataDirInUseError, PortInUseError, WorkerdError]
    .some((kind) => error instanceof kind);
  if (isPlain) return (error as Error).message;
  throw error;
}

if (import.meta.main) {
  const started = new AsyncDisposableStack();
  let code = 0;
  try {
    await run(started);
  } catch (error) {
    code = 1;
    try {
      console.error(explain(error));
    } catch (unexpected) {
      console.error(unexpected);
    }
  }
  await started.disposeAsync().catch((error) => console.error("while stopping:", error));
  Deno.exit(code);
}
