import type { Cache } from "../../ports/cache.ts";
import type { Gate } from "../../ports/admission_check.ts";
import type { QueueStore } from "../../ports/queue_store.ts";

/** Line and cache live in this process: asking both is one step. */
export function memoryGate({ queue, cache }: { queue: QueueStore; cache: Cache }): Gate {
  return {
    async check(place, cacheKey) {
      const [standing, cached] = await Promise.all([queue.status(place), cache.read(cacheKey)]);
      return { standing, cached };
    },
  };
}
