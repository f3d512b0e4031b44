import type { PlaceRef, Standing } from "../domain/queue.ts";
import type { CacheEntry } from "./cache.ts";

/** The admission check and the cache read of a browsing call, in one round trip. */
export interface Gate {
  check(place: PlaceRef, cacheKey: string): Promise<{ standing: Standing; cached: CacheEntry }>;
}
