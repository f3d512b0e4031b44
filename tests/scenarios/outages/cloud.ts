import { deepEqual, equal, ok } from "node:assert/strict";
import pg from "pg";
import { migrate } from "../../../src/adapters/postgres/migrate.ts";
import { neonSql } from "../../../src/adapters/postgres/neon.ts";
import type { Sql } from "../../../src/adapters/postgres/sql.ts";
import { startNeonEndpoint } from "../../../src/tools/local_cloud/neon/endpoint.ts";
import {
  type PostgresServer,
  startPostgresServer,
} from "../../../src/tools/local_cloud/postgres/server.ts";
import { type RedisServer, startRedisServer } from "../../../src/tools/local_cloud/redis/server.ts";
import { startUpstashEndpoint } from "../../../src/tools/local_cloud/upstash/endpoint.ts";
import { assertLaws } from "../../contract/box_office/laws.ts";
import type { Received } from "../../support/api_box.ts";
import { untraced } from "../../support/upstash.ts";
import type { Cloud } from "../../support/remote_box.ts";

const DATABASE = "outages";
const TOKEN = "t".repeat(32);

/** A Redis and a PostgreSQL that can be taken away and given back, behind their protocols. */
export interface FrailCloud extends Cloud {
  readonly postgres: PostgresServer;
  /** The database, for looking behind the API. */
  readonly sql: Sql;
  /** Ends Redis as a crash would: everything in it is lost. */
  killRedis(): Promise<void>;
  /** An empty Redis in the same place. */
  startRedis(): Promise<void>;
  redis(...command: string[]): Promise<unknown>;
  close(): Promise<void>;
}

export async function startCloud(): Promise<FrailCloud> {
  let redis: RedisServer = await startRedisServer();
  const postgres = await startPostgresServer();
  const { port } = redis;
  const away = { hostname: "127.0.0.1" };
  // Without kept connections, since `fetch` by itself sends again what one of those lost.
  const upstash = await startUpstashEndpoint({
    redis: { ...away, port },
    token: TOKEN,
    keepAlive: false,
  });
  const neon = await startNeonEndpoint({
    database: { ...away, port: postgres.port },
    keepAlive: false,
  });
  await postgres.createDatabase(DATABASE);
  await migrateAt(postgres.urlOf(DATABASE));
  const url = new URL(postgres.urlOf(DATABASE));
  url.port = String(neon.port);
  return {
    upstash,
    neon,
    postgres,
    sql: neonSql({ url: url.href, clock: Date.now, trace: untraced }),
    settings: {
      UPSTASH_REDIS_REST_URL: upstash.url,
      UPSTASH_REDIS_REST_TOKEN: TOKEN,
      DATABASE_URL: url.href,
    },
    killRedis: () => redis.kill(),
    async startRedis() {
      redis = await startRedisServer({ port });
    },
    async redis(...command) {
      const headers = { authorization: `Bearer ${TOKEN}` };
      const body = JSON.stringify(command);
      const response = await fetch(upstash.url, { method: "POST", headers, body });
      const { result, error } = await response.json();
      if (error) throw new Error(error);
      return result;
    },
    async close() {
      await Promise.all([upstash.close(), neon.close()]);
      await Promise.all([redis.stop(), postgres.stop()]);
    },
  };
}

async function migrateAt(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await migrate({
    query: (text) => client.query<Record<string, unknown>>(text),
    script: async (text) => {
      await client.query(text);
    },
  });
  await client.end();
}

/** A store is out of reach, and the fan is told when to try again and nothing more. */
export function assertUnavailable({ status, body, headers, text }: Received, what: string): void {
  deepEqual([status, body?.code], [503, "DEPENDENCY_UNAVAILABLE"], `${what}: ${text}`);
  ok(Number(headers.get("Retry-After")) > 0, what);
}

/** What was acknowledged is there, once, and all rows agree with one another. */
export async function assertKept(
  sql: Sql,
  fan: string,
  { charged, paid }: { charged: number; paid: readonly Received[] },
): Promise<void> {
  await assertLaws(sql);
  const acknowledged: { paymentId: string; amount: number }[] = paid.flatMap((answer) => {
    equal(answer.status, 201, answer.text);
    return answer.body.payments;
  });
  const ids = new Set(acknowledged.map(({ paymentId }) => paymentId));
  const [kept] = await sql(
    `select coalesce((select balance from balances where fan_id = $1), 0)::text as balance,
      (select json_agg(payment_id)::text from payments where fan_id = $1) as payments`,
    [fan],
  );
  deepEqual(new Set(JSON.parse(String(kept?.["payments"] ?? "[]"))), ids);
  const spent = [...ids].reduce(
    (sum, id) => sum + acknowledged.find(({ paymentId }) => paymentId === id)!.amount,
    0,
  );
  equal(Number(kept?.["balance"]), charged - spent);
}
