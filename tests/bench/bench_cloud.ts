import { startNeonEndpoint } from "../../src/tools/local_cloud/neon/endpoint.ts";
import { startRedisServer } from "../../src/tools/local_cloud/redis/server.ts";
import { startUpstashEndpoint } from "../../src/tools/local_cloud/upstash/endpoint.ts";
import { startPostgres } from "../support/postgres_server.ts";

/** A real Redis and a real PostgreSQL behind the protocols of the cloud, which keep connections. */
export interface BenchCloud {
  readonly upstashUrl: string;
  readonly upstashToken: string;
  /** Of a migrated database without a sale, which has the rules of the room. */
  readonly databaseUrl: string;
  close(): Promise<void>;
}

const HOSTNAME = "127.0.0.1";
const TOKEN = "t".repeat(32);
const CONNECTIONS = 2;

/** Throws `MissingProgramError` without a redis-server. */
export async function startBenchCloud(): Promise<BenchCloud> {
  const redis = await startRedisServer();
  const upstash = await startUpstashEndpoint({
    redis: { hostname: HOSTNAME, port: redis.port },
    token: TOKEN,
  });
  const postgres = await startPostgres();
  const database = await postgres.createDatabase(CONNECTIONS);
  const neon = await startNeonEndpoint({ database: { hostname: HOSTNAME, port: postgres.port } });
  const databaseUrl = new URL(database.url);
  databaseUrl.port = String(neon.port);
  return {
    upstashUrl: upstash.url,
    upstashToken: TOKEN,
    databaseUrl: databaseUrl.href,
    async close() {
      await Promise.all([upstash.close(), neon.close()]);
      await database.close();
      await Promise.all([redis.stop(), postgres.stop()]);
    },
  };
}
