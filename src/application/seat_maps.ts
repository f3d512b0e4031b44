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

/** The schedules whose sections an isolate keeps. */
const MAX_KEPT_SCHEDULES = 1_000;

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

  /** Maps without seats. Each names the sections of its schedule. */
  const empty = createBoundedMemory<SeatMap>({ maxSize: MAX_KEPT_SCHEDULES });

  /** A name of a section that does not exist keeps nothing of its own. */
  function keep({ key, schedule }: AskedMap, map: SeatMap | null): SeatMap | null {
    if (map?.sections) empty.set(seatMapKey(schedule, null), map, 1);
    else if (map) memory.set(key, map, map.rows.length);
    return map;
  }

  function emptyOf({ schedule, section }: AskedMap, mapVersion: string): SeatMap | null {
    const map = empty.get(seatMapKey(schedule, null));
    const isUnknown = section !== null && map?.mapVersion === mapVersion &&
      !map.sections!.includes(section);
    return isUnknown ? map : null;
  }

  return {
    ask(schedule, section) {
      const key = seatMapKey(schedule, section);
      const kept = memory.get(key);
      return { key, schedule, section, known: kept ? beginningOf(kept) : null };
    },
    async read(context, asked, found, mapVersion) {
      const { key, schedule, section } = asked;
      const kept = memory.get(key);
      if (kept?.mapVersion === mapVersion) return kept;
      const none = emptyOf(asked, mapVersion);
      if (none) return none;
      const load = async () => {
        const map = await catalogue.seatMap(schedule, section);
        const isCached = map && !map.sections && map.rows.length <= MAX_CACHED_SEATS;
        return map && { value: map, ttlMs: isCached ? ttlMs : 0 };
      };
      const evict = () =>
        cache.evict([key]).catch((error) => report({ what: "cache_failed", error }));
      // What the isolate keeps and the cache calls known is of another version.
      if (found.state === "KNOWN") await evict();
      const entry = found.state === "KNOWN" ? EMPTY : found;
      const read = keep(asked, await readThrough(context, key, entry, load));
      if (read?.mapVersion === mapVersion) return read;
      await evict();
      return found.state === "HIT"
        ? keep(asked, await readThrough(context, key, EMPTY, load))
        : read;
    },
  };
}

/** `mapVersion` is the first member of the text in the cache. */
function beginningOf({ mapVersion }: SeatMap): string {
  return `{"mapVersion":${JSON.stringify(mapVersion)},`;
}
