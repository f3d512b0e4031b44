import type { PlaceRef, Standing } from "../domain/queue.ts";
import type { CacheEntry } from "./cache.ts";

/** The admission check and the cache read of one call, in one round trip. */
export interface AdmissionCheck {
  check(place: PlaceRef, cacheKey: string): Promise<{ standing: Standing; cached: CacheEntry }>;
}
