import {
  startUpstashEndpoint,
  type UpstashEndpoint,
} from "../../../../src/tools/local_cloud/upstash/endpoint.ts";
import { startTestRedis, type TestRedis } from "../../../support/redis.ts";

export interface UpstashUnderTest {
  readonly redis: TestRedis;
  readonly endpoint: UpstashEndpoint;
  close(): Promise<void>;
}

/** Without kept connections, since `fetch` by itself sends again what one of those lost. */
export async function openUpstash(): Promise<UpstashUnderTest> {
  const redis = await startTestRedis();
  const endpoint = await startUpstashEndpoint({ redis, token: "secret", keepAlive: false });
  return {
    redis,
    endpoint,
    async close() {
      await endpoint.close();
      await redis.stop();
    },
  };
}

export interface JsonAnswer {
  readonly status: number;
  // deno-lint-ignore no-explicit-any -- tests look at any field
  readonly body: any;
}

/** One request as the protocol has it, without an SDK in between. */
export async function post(
  { url, token }: UpstashEndpoint,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<JsonAnswer> {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

export const BASE64 = { "upstash-encoding": "base64" };
