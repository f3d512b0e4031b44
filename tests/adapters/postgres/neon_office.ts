import { neonSql } from "../../../src/adapters/postgres/neon.ts";
import type { Endpoint } from "../../../src/tools/local_cloud/http/endpoint.ts";
import { startNeonEndpoint } from "../../../src/tools/local_cloud/neon/endpoint.ts";
import type { Clock } from "../../../src/ports/clock.ts";
import type { PostgresDatabase, PostgresServer } from "../../support/postgres_server.ts";
import { untraced } from "../../support/upstash.ts";
import type { Trace } from "../../../src/ports/trace.ts";

export interface NeonOptions {
  readonly clock?: Clock;
  readonly trace?: Trace;
  readonly deadlineMs?: number;
}

export interface NeonForTests {
  readonly endpoint: Endpoint;
  /** Of the database, by way of the endpoint. */
  readonly url: string;
  /** A client of its own, which has earned no retries yet. */
  connect(options?: NeonOptions): ReturnType<typeof neonSql>;
}

/** One database behind Neon's protocol. */
export async function neonOver(
  server: PostgresServer,
  database: PostgresDatabase,
): Promise<NeonForTests> {
  // Without kept connections, since `fetch` by itself sends again what one of those lost.
  const endpoint = await startNeonEndpoint({
    database: { hostname: "127.0.0.1", port: server.port },
    keepAlive: false,
  });
  const url = new URL(database.url);
  url.port = String(endpoint.port);
  return {
    endpoint,
    url: url.href,
    connect: ({ clock = Date.now, trace = untraced, ...rest } = {}) =>
      neonSql({ url: url.href, clock, trace, ...rest }),
  };
}
