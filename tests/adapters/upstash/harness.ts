import { drawValue } from "../../../src/adapters/node_crypto/draw_value.ts";
import { upstashAdmissionCheck } from "../../../src/adapters/upstash/admission_check.ts";
import type { RedisClient } from "../../../src/adapters/upstash/client.ts";
import { upstashCache } from "../../../src/adapters/upstash/cache.ts";
import { createQueueScripts } from "../../../src/adapters/upstash/queue_scripts.ts";
import { upstashQueueStore } from "../../../src/adapters/upstash/queue_store.ts";
import type { UpstashEndpoint } from "../../../src/tools/local_cloud/upstash/endpoint.ts";
import type { CacheHarness } from "../../contract/cache/contract.ts";
import {
  createQueueHarness,
  type MakeQueue,
  TEST_SETTINGS,
} from "../../contract/queue_store/harness.ts";
import type { AdmissionCheckHarness } from "../../contract/admission_check/contract.ts";
import { testClock } from "../../support/test_clock.ts";
import { redisKeys } from "../../support/redis_keys.ts";
import { upstashParts } from "../../support/upstash.ts";

let made = 0;

/**
 * Lines in the Redis behind an endpoint, each with keys of its own. Long tests bring a client that
 * asks Redis itself.
 */
export function upstashLines(
  endpoint: () => UpstashEndpoint,
  direct?: () => RedisClient,
): MakeQueue {
  return async (chosen = {}) => {
    const settings = { ...TEST_SETTINGS, ...chosen };
    const clock = testClock();
    const prefix = `line-${++made}`;
    const { redis: remote, script, keyLocking } = upstashParts(endpoint(), clock);
    const redis = direct?.() ?? remote;
    const random = () => 0.5;
    const { bounds } = settings;
    const keys = { script, keyLocking, prefix };
    const calls = createQueueScripts({ settings, bounds, ...keys, random, time: clock });
    let ids = 0;
    const reader = { ...settings, random, drawValue, onFront() {} };
    const queue = upstashQueueStore({ redis, calls, newId: () => `id-${++ids}`, reader });
    const { wipe } = redisKeys(endpoint(), prefix, clock);
    return await createQueueHarness({ queue, settings, clock, forget: wipe, close: wipe });
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

/** Checks by the Redis behind an endpoint, with keys of their own. */
export function upstashChecks(
  endpoint: () => UpstashEndpoint,
): () => Promise<AdmissionCheckHarness> {
  return async () => {
    const clock = testClock();
    const prefix = `checks-${++made}`;
    const { redis, script, keyLocking } = upstashParts(endpoint(), clock);
    const calls = createQueueScripts({
      settings: TEST_SETTINGS,
      script,
      keyLocking,
      prefix,
      random: () => 0.5,
      time: clock,
    });
    const report = () => {};
    const reader = { ...TEST_SETTINGS, random: () => 0.5, drawValue, onFront() {} };
    const queue = upstashQueueStore({ redis, calls, newId: () => "epoch", reader });
    const cache = upstashCache({ redis, script, prefix, time: clock });
    const check = upstashAdmissionCheck({ redis, calls, reader, script, prefix, report });
    const { wipe } = redisKeys(endpoint(), prefix, clock);
    return { queue, cache, check, close: wipe };
  };
}
