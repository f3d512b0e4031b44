/**
 * Reads of an old value after an acknowledged eviction, and how fast reads go, by the way in which a
 * cache is filled: SET and DEL, a SETNX lock, and the lease in the same key.
 */
import { upstashCache } from "../../src/adapters/upstash/cache.ts";
import { type Kept, leased, locked, naive, race } from "../adapters/upstash/cache_race.ts";
import { openUpstash, upstashParts } from "../support/upstash.ts";

const READS = 20_000;

export const CACHES = ["SET and DEL", "SETNX lock", "lease"] as const;

export interface CacheFigures {
  readonly reads: number;
  readonly stale: number;
  readonly perSecond: number;
}

export async function measureCaches(): Promise<Record<typeof CACHES[number], CacheFigures>> {
  const upstash = await openUpstash({ keepAlive: true });
  try {
    const parts = upstashParts(upstash.endpoint, Date.now);
    const cache = upstashCache({ ...parts, prefix: "bench" });
    const measure = async (make: () => Kept): Promise<CacheFigures> => {
      const startedMs = performance.now();
      const { stale } = await race(READS, make);
      const seconds = (performance.now() - startedMs) / 1000;
      return { reads: READS, stale, perSecond: READS / seconds };
    };
    return {
      "SET and DEL": await measure(() => naive(parts, "bench:naive")),
      "SETNX lock": await measure(() => locked(parts, "bench:locked")),
      "lease": await measure(() => leased(cache, "value")),
    };
  } finally {
    await upstash.close();
  }
}
