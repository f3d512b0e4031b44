import { createRedisClient, type RedisClient } from "../../src/adapters/upstash/client.ts";
import { createMakeScript, type MakeScript } from "../../src/adapters/upstash/script.ts";
import {
  startUpstashEndpoint,
  type UpstashEndpoint,
} from "../../src/tools/local_cloud/upstash/endpoint.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Trace } from "../../src/ports/trace.ts";
import { startTestRedis, type TestRedis } from "./redis.ts";
import { HANG_MS } from "./wait.ts";

export interface UpstashForTests {
  readonly redis: TestRedis;
  readonly endpoint: UpstashEndpoint;
  close(): Promise<void>;
}

/**
 * An empty Redis behind Upstash's protocol. By default every request has its own connection, since
 * `fetch` by itself repeats a request that a kept connection lost.
 */
export async function openUpstash({ keepAlive = false } = {}): Promise<UpstashForTests> {
  const redis = await startTestRedis();
  const endpoint = await startUpstashEndpoint({ redis, token: "t".repeat(32), keepAlive });
  return {
    redis,
    endpoint,
    async close() {
      await endpoint.close();
      await redis.stop();
    },
  };
}

export const untraced: Trace = { roundTrip: (_store, act) => act(), headers: () => ({}) };

/** What the adapters of one test are built from. */
export interface UpstashParts {
  readonly redis: RedisClient;
  readonly script: MakeScript;
  readonly keyLocking: boolean;
}

/** With a deadline that only a hang meets. */
export function upstashParts({ url, token }: UpstashEndpoint, clock: Clock): UpstashParts {
  return {
    redis: createRedisClient({ url, token, clock, trace: untraced, deadlineMs: HANG_MS }),
    script: createMakeScript({ keyLocking: false }),
    keyLocking: false,
  };
}
