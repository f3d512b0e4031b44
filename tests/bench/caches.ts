/**
 * Reads of an old value after an acknowledged eviction, and reads a second, by the way in which a
 * cache is filled: SET and DEL, a SETNX lock, and the lease in the same key.
 */
import { upstashCache } from "../../src/adapters/upstash/cache.ts";
import { type Kept, leased, locked, naive, race } from "../adapters/upstash/cache_race.ts";
import { openUpstash, upstashParts } from "../support/upstash.ts";
import { requireMeasured, type Spread, spread } from "./measure.ts";
import { createSection } from "./section.ts";
import { count, formatTable, ranged } from "./table.ts";

export interface CachesSize {
  /** Reads a round. More than 100, or nothing is evicted. */
  readonly reads: number;
  readonly rounds: number;
}

export interface CacheFigures {
  readonly reads: number;
  readonly stale: Spread;
  readonly readsPerSecond: Spread;
}

export type CacheWay = "SET and DEL" | "SETNX lock" | "lease";

export const caches = createSection({
  about: "caches: stale reads after an eviction, by a lease, a lock, and SET and DEL",
  sizes: { full: { reads: 5_000, rounds: 3 }, smoke: { reads: 130, rounds: 1 } },
  measure: measureCaches,
  tables: (figures) => [formatTable(
    "Reads of an old value after an acknowledged eviction, 14 readers and 2 writers",
    ["", "reads a round", "stale", "reads a second"],
    Object.entries(figures).map(([way, { reads, stale, readsPerSecond }]) => [
      way,
      count(reads),
      ranged(stale, count),
      ranged(readsPerSecond),
    ]),
  )],
});

export async function measureCaches(size: CachesSize): Promise<Record<CacheWay, CacheFigures>> {
  const upstash = await openUpstash({ keepAlive: true });
  try {
    const parts = upstashParts(upstash.endpoint, Date.now);
    const cache = upstashCache({ ...parts, prefix: "bench" });
    return {
      "SET and DEL": await measureWay(size, (key) => naive(parts, `bench:naive:${key}`)),
      "SETNX lock": await measureWay(size, (key) => locked(parts, `bench:locked:${key}`)),
      "lease": await measureWay(size, (key) => leased(cache, key)),
    };
  } finally {
    await upstash.close();
  }
}

async function measureWay(
  { reads, rounds }: CachesSize,
  make: (key: string) => Kept,
): Promise<CacheFigures> {
  const stale: number[] = [];
  const readsPerSecond: number[] = [];
  const changes: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const startedMs = performance.now();
    // A race counts from 0, so each has its own key.
    const outcome = await race(reads, () => make(`value-${round}`));
    readsPerSecond.push(reads / ((performance.now() - startedMs) / 1000));
    stale.push(outcome.stale);
    changes.push(outcome.changes);
  }
  requireMeasured("changes of the value", changes);
  requireMeasured("reads a second", readsPerSecond);
  return { reads, stale: spread(stale), readsPerSecond: spread(readsPerSecond) };
}
