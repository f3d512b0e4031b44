import { createRedisClient } from "../../src/adapters/upstash/client.ts";
import { createMakeScript } from "../../src/adapters/upstash/script.ts";
import {
  startUpstashEndpoint,
  type UpstashEndpoint,
} from "../../src/tools/local_cloud/upstash/endpoint.ts";
import type { Clock } from "../../src/ports/clock.ts";
import type { Trace } from "../../src/ports/trace.ts";
import { startTestRedis, type TestRedis } from "./redis.ts";

export interface UpstashForTests {
  readonly redis: TestRedis;
  readonly endpoint: UpstashEndpoint;
  close(): Promise<void>;
}

/**
 * An empty Redis behind Upstash's protocol. Without kept connections unless told, since `fetch` by
 * itself sends again what one of those lost.
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

export const untraced: Trace = { roundTrip: (_store, act) => act() };

/** What the adapters of one test are built from. */
export function upstashParts({ url, token }: UpstashEndpoint, clock: Clock) {
  return {
    redis: createRedisClient({ url, token, clock, trace: untraced }),
    script: createMakeScript({ keyLocking: false }),
    keyLocking: false,
  };
}
