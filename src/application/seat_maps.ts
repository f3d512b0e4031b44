import type { SeatMap } from "../domain/seat_map.ts";
import type { Cache, CacheEntry, KnownEntry, KnownRead } from "../ports/cache.ts";
import type { Catalogue, ScheduleRef } from "../ports/catalogue.ts";
import type { Report } from "../ports/report.ts";
import { createBoundedMemory } from "./bounded_memory.ts";
import { seatMapKey } from "./cache_keys.ts";
import type { ReadThrough } from "./read_through.ts";
import type { RequestContext } from "./request_context.ts";

/** A larger map is not cached: its text would pass what one call of Redis may carry, 1 MB. */
export const MAX_CACHED_SEATS = 12_000;
/** The seats of maps that an isolate keeps: some 30 MB. */
const MAX_KEPT_SEATS = 120_000;

export interface SeatMapsDependencies {
  readonly catalogue: Pick<Catalogue, "seatMap">;
  readonly cache: Pick<Cache, "evict">;
  readonly readThrough: ReadThrough;
  readonly report: Report;
  readonly ttlMs: number;
}

/** What never changes about the seats. A kept map counts while the statuses name its version. */
export interface SeatMaps {
  /** What to read of the cache. */
  ask(schedule: ScheduleRef, section: string | null): AskedMap;
  /** The map of this version; another one if the seats have changed meanwhile. */
  read(
    context: RequestContext,
    asked: AskedMap,
    found: KnownEntry,
    mapVersion: string,
  ): Promise<SeatMap | null>;
}

export interface AskedMap extends KnownRead {
  readonly schedule: ScheduleRef;
  readonly section: string | null;
}

const EMPTY: CacheEntry = { state: "EMPTY" };

export function createSeatMaps(
  { catalogue, cache, readThrough, report, ttlMs }: SeatMapsDependencies,
): SeatMaps {
  const memory = createBoundedMemory<SeatMap>({ maxSize: MAX_KEPT_SEATS });

  function keep(key: string, map: SeatMap | null): SeatMap | null {
    if (map) memory.set(key, map, map.rows.length);
    return map;
  }

  return {
    ask(schedule, section) {
      const key = seatMapKey(schedule, section);
      const kept = memory.get(key);
      return { key, schedule, section, known: kept ? beginningOf(kept) : null };
    },
    async read(context, { key, schedule, section }, found, mapVersion) {
      const kept = memory.get(key);
      if (kept?.mapVersion === mapVersion) return kept;
      const load = async () => {
        const map = await catalogue.seatMap(schedule, section);
        return map && { value: map, ttlMs: map.rows.length > MAX_CACHED_SEATS ? 0 : ttlMs };
      };
      const evict = () =>
        cache.evict([key]).catch((error) => report({ what: "cache_failed", error }));
      // What the isolate keeps and the cache calls known is of another version.
      if (found.state === "KNOWN") await evict();
      const entry = found.state === "KNOWN" ? EMPTY : found;
      const read = keep(key, await readThrough(context, key, entry, load));
      if (read?.mapVersion === mapVersion) return read;
      await evict();
      return found.state === "HIT" ? keep(key, await readThrough(context, key, EMPTY, load)) : read;
    },
  };
}

/** `mapVersion` is the first member of the text in the cache. */
function beginningOf({ mapVersion }: SeatMap): string {
  return `{"mapVersion":${JSON.stringify(mapVersion)},`;
}
