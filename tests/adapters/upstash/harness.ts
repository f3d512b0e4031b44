import { upstashCache } from "../../../src/adapters/upstash/cache.ts";
import { createQueueScripts } from "../../../src/adapters/upstash/queue_scripts.ts";
import { upstashQueueStore } from "../../../src/adapters/upstash/queue_store.ts";
import { upstashSeatVersions } from "../../../src/adapters/upstash/seat_versions.ts";
import type { UpstashEndpoint } from "../../../src/tools/local_cloud/upstash/endpoint.ts";
import type { CacheHarness } from "../../contract/cache/contract.ts";
import {
  governedHarness,
  type MakeQueue,
  TEST_SETTINGS,
} from "../../contract/queue_store/harness.ts";
import type { SeatVersionsHarness } from "../../contract/seat_versions/contract.ts";
import { testClock } from "../../support/test_clock.ts";
import { redisKeys } from "../../support/redis_keys.ts";
import { upstashParts } from "../../support/upstash.ts";

let made = 0;

/** Lines in the Redis behind an endpoint, each with keys of its own. */
export function upstashLines(endpoint: () => UpstashEndpoint): MakeQueue {
  return async (chosen = {}) => {
    const settings = { ...TEST_SETTINGS, ...chosen };
    const clock = testClock();
    const prefix = `line-${++made}`;
    const { redis, script, keyLocking } = upstashParts(endpoint(), clock);
    const calls = createQueueScripts({ settings, script, keyLocking, prefix, time: clock });
    let ids = 0;
    const queue = upstashQueueStore({ redis, calls, newId: () => `id-${++ids}` });
    const { wipe } = redisKeys(endpoint(), prefix, clock);
    return await governedHarness({ queue, settings, clock, forget: wipe, close: wipe });
  };
}

/** A cache in the Redis behind an endpoint, with keys of its own. */
export function upstashCaches(endpoint: () => UpstashEndpoint): () => Promise<CacheHarness> {
  return async () => {
    const clock = testClock();
    const prefix = `cache-${++made}`;
    const cache = upstashCache({ ...upstashParts(endpoint(), clock), prefix, time: clock });
    const { wipe, catchUp } = redisKeys(endpoint(), prefix, clock);
    async function pass(ms: number): Promise<void> {
      clock.advance(ms);
      await catchUp();
    }
    return { cache, pass, close: wipe };
  };
}

/** Versions of seats in the Redis behind an endpoint, with keys of their own. */
export function upstashSeats(endpoint: () => UpstashEndpoint): () => Promise<SeatVersionsHarness> {
  return async () => {
    const clock = testClock();
    const prefix = `seats-${++made}`;
    const { redis, script, keyLocking } = upstashParts(endpoint(), clock);
    const calls = createQueueScripts({
      settings: TEST_SETTINGS,
      script,
      keyLocking,
      prefix,
      time: clock,
    });
    const report = () => {};
    const queue = upstashQueueStore({ redis, calls, newId: () => "epoch" });
    const { wipe, catchUp } = redisKeys(endpoint(), prefix, clock);
    async function pass(ms: number): Promise<void> {
      clock.advance(ms);
      await catchUp();
    }
    return {
      queue,
      versions: upstashSeatVersions({ redis, calls, script, prefix, report, time: clock }),
      clock,
      pass,
      close: wipe,
    };
  };
}
