import type { Endpoint } from "../../../../src/tools/local_cloud/http/endpoint.ts";
import {
  type NeonEndpointOptions,
  startNeonEndpoint,
} from "../../../../src/tools/local_cloud/neon/endpoint.ts";
import {
  type PostgresServer,
  startPostgresServer,
} from "../../../../src/tools/local_cloud/postgres/server.ts";
import type { JsonAnswer } from "../upstash/upstash_under_test.ts";

export interface NeonUnderTest {
  readonly server: PostgresServer;
  readonly endpoint: Endpoint;
  /** Of an empty database. */
  readonly url: string;
  close(): Promise<void>;
}

export async function openNeon(
  parts: Omit<NeonEndpointOptions, "database"> = {},
): Promise<NeonUnderTest> {
  const server = await startPostgresServer();
  await server.createDatabase("neon");
  const database = { hostname: "127.0.0.1", port: server.port };
  const endpoint = await startNeonEndpoint({ database, keepAlive: false, ...parts });
  return {
    server,
    endpoint,
    url: server.urlOf("neon"),
    async close() {
      await endpoint.close();
      await server.stop();
    },
  };
}

/** One request as the protocol has it, without an SDK in between. */
export async function postSql(
  { endpoint, url }: NeonUnderTest,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<JsonAnswer & { readonly headers: Headers }> {
  const response = await fetch(endpoint.url, {
    method: "POST",
    headers: { "neon-connection-string": url, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json(), headers: response.headers };
}

export const RAW = { "neon-raw-text-output": "true", "neon-array-mode": "true" };
