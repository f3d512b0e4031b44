import pg from "pg";
import { migrate, NewerDatabaseError, sessionOf } from "../../adapters/postgres/migrate.ts";
import { bundle } from "../bundle/bundle.ts";
import { ConfigError } from "../../config.ts";
import { type DataDir, DataDirInUseError, openDataDir } from "../../local/data_dir.ts";
import { startNeonEndpoint } from "./neon/endpoint.ts";
import { FolderNotWritableError } from "./postgres/folder.ts";
import { type PostgresServer, startPostgresServer } from "./postgres/server.ts";
import { MissingProgramError, startRedisServer } from "./redis/server.ts";
import { type EdgeSettings, parseEdgeSettings } from "./settings.ts";
import { createTemporaryFolder } from "./processes/temporary_folder.ts";
import { startUpstashEndpoint } from "./upstash/endpoint.ts";
import { startWorkerd } from "./workerd/workerd.ts";
import { readWorkerdSettings } from "./workerd/wrangler_settings.ts";

const DATABASE = "stanchion";
const CRON_MS = 60_000;
const HOSTNAME = "127.0.0.1";
/** Of each database role, at once: what the hot path of a rush keeps busy on few cores. */
const CONNECTIONS = 16;

function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}

/** Things that were started, to be ended in reverse. */
function cleanUps() {
  const acts: (() => Promise<unknown>)[] = [];
  return {
    add: (act: () => Promise<unknown>) => void acts.push(act),
    async run(): Promise<void> {
      for (const act of acts.reverse()) {
        await act().catch((error) => console.error("while stopping:", error));
      }
    },
  };
}

async function migrateOver(server: PostgresServer): Promise<void> {
  const client = new pg.Client({ connectionString: server.urlOf(DATABASE) });
  await client.connect();
  try {
    await migrate(sessionOf(client));
  } finally {
    await client.end();
  }
}

/** Starts the production path on this machine, and serves until a signal comes. */
async function run(later: ReturnType<typeof cleanUps>): Promise<void> {
  const stopped = signalled();
  const environment = Deno.env.toObject();
  // Bad settings stop the start before anything is started.
  const unserved = storeSettings(1, newSecret(), "postgres://u:p@h/d");
  const { dataDir: dataFolder } = parseEdgeSettings(environment, unserved, newSecret);
  const dataDir = dataFolder === null ? null : await openFolder(dataFolder);
  later.add(async () => dataDir?.close());

  const folder = await createTemporaryFolder("stanchion-edge-");
  later.add(folder.remove);
  const building = bundle(folder.path);
  // Told when it is awaited; Redis may be what is missing.
  building.catch(() => {});
  const redis = await startRedisServer();
  later.add(redis.stop);
  // Not the folder of the local run's database, which is of another make.
  const postgres = await startPostgresServer({
    folder: dataFolder ? `${dataFolder}/postgres` : undefined,
  });
  later.add(postgres.stop);
  await postgres.createDatabase(DATABASE);
  await migrateOver(postgres);
  const upstash = startUpstashEndpoint({
    redis: { hostname: HOSTNAME, port: redis.port },
    token: newSecret(),
  });
  later.add(upstash.close);
  const neon = startNeonEndpoint({
    database: { hostname: HOSTNAME, port: postgres.port },
    maxConnections: CONNECTIONS,
  });
  later.add(neon.close);
  await building;

  const databaseUrl = new URL(postgres.urlOf(DATABASE));
  databaseUrl.port = String(neon.port);
  const stores = storeSettings(upstash.port, upstash.token, databaseUrl.href);
  const settings = parseEdgeSettings(environment, stores, dataDir?.makeSecret ?? newSecret);
  const { port } = settings.config;
  const workerd = await startWorkerd({
    folder: folder.path,
    port,
    ...readWorkerdSettings(),
    settings: settings.worker,
    onOutput: (text) => void Deno.stderr.write(new TextEncoder().encode(text)),
  });
  later.add(workerd.stop);
  const cron = setInterval(() => {
    workerd.fireCron().catch((error) => console.error("cron:", error.message));
  }, CRON_MS);
  later.add(async () => clearInterval(cron));
  printWelcome(settings, redis.port, postgres.urlOf(DATABASE));
  await stopped;
}

function storeSettings(upstashPort: number, token: string, databaseUrl: string) {
  return {
    UPSTASH_REDIS_REST_URL: `http://${HOSTNAME}:${upstashPort}`,
    UPSTASH_REDIS_REST_TOKEN: token,
    DATABASE_URL: databaseUrl,
  };
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

function signalled(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, resolve);
  return promise;
}

function printWelcome({ config, made }: EdgeSettings, redisPort: number, databaseUrl: string) {
  const base = `http://localhost:${config.port}`;
  console.log([
    `Stanchion is up at ${base}  (reference: ${base}/docs, stop: Ctrl-C)`,
    `the Worker in workerd, over redis-server on port ${redisPort} and ${databaseUrl}`,
    ...Object.entries(made).map(([name, secret]) => `${name}=${secret}`),
  ].join("\n"));
}

/** Says in plain words why the start was stopped; anything else is a fault of ours. */
function explain(error: unknown): string {
  if (error instanceof ConfigError) {
    const faults = error.faults.map(({ setting, message }) => `  ${setting} ${message}`);
    return ["Stanchion cannot start with these settings:", ...faults].join("\n");
  }
  if (error instanceof FolderNotWritableError) return `DATA_DIR: ${error.message}`;
  if (error instanceof NewerDatabaseError) return `DATA_DIR: ${error.message}`;
  if (error instanceof MissingProgramError || error instanceof DataDirInUseError) {
    return error.message;
  }
  throw error;
}

if (import.meta.main) {
  const later = cleanUps();
  let code = 0;
  try {
    await run(later);
  } catch (error) {
    code = 1;
    try {
      console.error(explain(error));
    } catch (fault) {
      console.error(fault);
    }
  }
  await later.run();
  Deno.exit(code);
}
