import type { PlaceRef, Standing } from "../domain/queue.ts";
import type { CacheEntry, KnownEntry, KnownRead } from "./cache.ts";

/** The admission check and the reads of the cache of one call, in one round trip. */
export interface AdmissionCheck {
  check(place: PlaceRef, cacheKey: string): Promise<{ standing: Standing; cached: CacheEntry }>;
  /** Reads several keys. A value that the caller has already does not travel again. */
  checkKnown<const Reads extends readonly KnownRead[]>(
    place: PlaceRef,
    reads: Reads,
  ): Promise<{ standing: Standing; cached: { readonly [Index in keyof Reads]: KnownEntry } }>;
}
