import type { Endpoint } from "../../src/tools/local_cloud/http/endpoint.ts";
import { startNeonEndpoint } from "../../src/tools/local_cloud/neon/endpoint.ts";
import {
  startUpstashEndpoint,
  type UpstashEndpoint,
} from "../../src/tools/local_cloud/upstash/endpoint.ts";
import { type PostgresDatabase, type PostgresServer, startPostgres } from "./postgres_server.ts";
import { startTestRedis, type TestRedis } from "./redis.ts";

/** A real Redis and a real PostgreSQL behind the protocols of the cloud. */
export interface RemoteBackend {
  readonly redis: TestRedis;
  readonly upstash: UpstashEndpoint;
  readonly postgres: PostgresServer;
  /** Migrated; for tests that look behind the API. */
  readonly database: PostgresDatabase;
  readonly neon: Endpoint;
  /** The settings that name them. */
  readonly settings: {
    readonly UPSTASH_REDIS_REST_URL: string;
    readonly UPSTASH_REDIS_REST_TOKEN: string;
    readonly DATABASE_URL: string;
  };
  close(): Promise<void>;
}

const TOKEN = "t".repeat(32);
const CONNECTIONS = 2;

export async function startRemoteBackend(): Promise<RemoteBackend> {
  const [redis, postgres] = await Promise.all([startTestRedis(), startPostgres()]);
  // Without kept connections, since `fetch` by itself sends again what one of those lost.
  const upstash = await startUpstashEndpoint({ redis, token: TOKEN, keepAlive: false });
  const database = await postgres.createDatabase(CONNECTIONS);
  const { port } = postgres;
  const neon = await startNeonEndpoint({
    database: { hostname: "127.0.0.1", port },
    keepAlive: false,
  });
  const databaseUrl = new URL(database.url);
  databaseUrl.port = String(neon.port);
  return {
    redis,
    upstash,
    postgres,
    database,
    neon,
    settings: {
      UPSTASH_REDIS_REST_URL: upstash.url,
      UPSTASH_REDIS_REST_TOKEN: TOKEN,
      DATABASE_URL: databaseUrl.href,
    },
    async close() {
      await Promise.all([upstash.close(), neon.close()]);
      await database.close();
      await Promise.all([redis.stop(), postgres.stop()]);
    },
  };
}
