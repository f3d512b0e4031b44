import type { Cache, KnownEntry, KnownRead } from "../../ports/cache.ts";
import type { AdmissionCheck } from "../../ports/admission_check.ts";
import type { QueueStore } from "../../ports/queue_store.ts";

/** Queue and cache are in this process, so both are read in one step. */
export function memoryAdmissionCheck(
  { queue, cache }: { queue: QueueStore; cache: Cache },
): AdmissionCheck {
  async function readKnown({ key, known }: KnownRead): Promise<KnownEntry> {
    const entry = await cache.read(key);
    const isKnown = entry.state === "HIT" && known !== null && entry.json.startsWith(known);
    return isKnown ? { state: "KNOWN" } : entry;
  }

  return {
    async check(place, cacheKey) {
      const [standing, cached] = await Promise.all([queue.status(place), cache.read(cacheKey)]);
      return { standing, cached };
    },
    async checkKnown(place, reads) {
      const [standing, cached] = await Promise.all([
        queue.status(place),
        Promise.all(reads.map(readKnown)),
      ]);
      return { standing, cached: cached as { [Index in keyof typeof reads]: KnownEntry } };
    },
  };
}
