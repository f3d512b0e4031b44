/**
 * Reads of an old value after an acknowledged eviction, and how fast reads go, by the way in which a
 * cache is filled: SET and DEL, a SETNX lock, and the lease in the same key.
 */
import { upstashCache } from "../../src/adapters/upstash/cache.ts";
import { type Kept, leased, locked, naive, race } from "../adapters/upstash/cache_race.ts";
import { openUpstash, upstashParts } from "../support/upstash.ts";
import { type Spread, spread } from "./measure.ts";

const ROUNDS = 3;
const READS = 5_000;

export const CACHES = ["SET and DEL", "SETNX lock", "lease"] as const;

export interface CacheFigures {
  /** In each round. */
  readonly reads: number;
  readonly stale: Spread;
  readonly perSecond: Spread;
}

export async function measureCaches(): Promise<Record<typeof CACHES[number], CacheFigures>> {
  const upstash = await openUpstash({ keepAlive: true });
  try {
    const parts = upstashParts(upstash.endpoint, Date.now);
    const cache = upstashCache({ ...parts, prefix: "bench" });
    const measure = async (make: (key: string) => Kept): Promise<CacheFigures> => {
      const stale: number[] = [];
      const perSecond: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const startedMs = performance.now();
        // A race counts from 0, so each has a key of its own.
        const outcome = await race(READS, () => make(`value-${round}`));
        perSecond.push(READS / ((performance.now() - startedMs) / 1000));
        stale.push(outcome.stale);
      }
      return { reads: READS, stale: spread(stale), perSecond: spread(perSecond) };
    };
    return {
      "SET and DEL": await measure((key) => naive(parts, `bench:naive:${key}`)),
      "SETNX lock": await measure((key) => locked(parts, `bench:locked:${key}`)),
      "lease": await measure((key) => leased(cache, key)),
    };
  } finally {
    await upstash.close();
  }
}
