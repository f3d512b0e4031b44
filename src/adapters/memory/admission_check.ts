import type { Cache } from "../../ports/cache.ts";
import type { AdmissionCheck } from "../../ports/admission_check.ts";
import type { QueueStore } from "../../ports/queue_store.ts";

/** Queue and cache are in this process, so both are read in one step. */
export function memoryAdmissionCheck(
  { queue, cache }: { queue: QueueStore; cache: Cache },
): AdmissionCheck {
  return {
    async check(place, cacheKey) {
      const [standing, cached] = await Promise.all([queue.status(place), cache.read(cacheKey)]);
      return { standing, cached };
    },
  };
}
