import { memoryCache } from "../../src/adapters/memory/cache.ts";
import { memoryQueueStore } from "../../src/adapters/memory/queue_store.ts";
import type { CacheHarness } from "../contract/cache/contract.ts";
import {
  createQueueHarness,
  type MakeQueue,
  TEST_SETTINGS,
} from "../contract/queue_store/harness.ts";
import { testClock } from "../support/test_clock.ts";

/** Lines in this process's memory; `make` may be a mutated one. */
export function memoryLines(make = memoryQueueStore): MakeQueue {
  return async (chosen = {}) => {
    const settings = { ...TEST_SETTINGS, ...chosen };
    const clock = testClock();
    let made = 0;
    const { bounds } = settings;
    const queue = make({ settings, clock, bounds, newId: () => `id-${++made}`, random: () => 0.5 });
    const forget = async () => queue.wipe();
    return await createQueueHarness({ queue, settings, clock, forget, close: async () => {} });
  };
}

/** A cache in this process's memory; `make` may be a mutated one. */
export function memoryCaches(make = memoryCache): () => Promise<CacheHarness> {
  return async () => {
    const clock = testClock();
    const pass = async (ms: number) => clock.advance(ms);
    return { cache: make({ clock }), pass, close: async () => {} };
  };
}
