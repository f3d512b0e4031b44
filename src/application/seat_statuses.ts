import { ok, type Result } from "../domain/result.ts";
import type { SeatSnapshot } from "../domain/seat_map.ts";
import type { Cache, CacheEntry, KnownEntry, KnownRead } from "../ports/cache.ts";
import type { Catalogue, ScheduleRef, SeatsFailure } from "../ports/catalogue.ts";
import type { Clock, NewId, Random } from "../ports/clock.ts";
import type { Report } from "../ports/report.ts";
import { createBoundedMemory } from "./bounded_memory.ts";
import { createCacheFill } from "./cache_fill.ts";
import { seatStatusesKey } from "./cache_keys.ts";
import type { RequestContext } from "./request_context.ts";
import { createSingleflight, type Loaded } from "./singleflight.ts";
import type { StockRecount } from "./stock_recount.ts";

/**
 * A snapshot is served for so long, from the time of its lease by the clock of the cache. A lease
 * lasts as long. So a request a second after a change gets a snapshot that was begun after it.
 */
export const SNAPSHOT_TTL_MS = 1_000;
/** When a follower reads the cache again. Together they last longer than a lease. */
const FOLLOW_DELAYS_MS = [25, 50, 100, 200, 200, 200, 250];
/** The leases that a follower waits for, one after the other, before it loads by itself. */
const MAX_LEASES = 2;
/** The letters that an isolate keeps. */
const MAX_KEPT_LETTERS = 2_000_000;

export interface SeatStatusesDependencies {
  readonly catalogue: Pick<Catalogue, "seatStatuses">;
  readonly cache: Cache;
  readonly stockRecount: Pick<StockRecount, "recountUnlessRecent">;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: Random;
  readonly sleep: (ms: number) => Promise<void>;
  readonly report: Report;
}

export type Taken = Result<SeatSnapshot, SeatsFailure>;

/**
 * Snapshots of the statuses of schedules. However many isolates ask, a schedule is loaded at most
 * once a second; while the cache fails, once a second and isolate.
 */
export interface SeatStatuses {
  /** What to read of the cache, with the snapshot that the cache may call known. */
  ask(schedule: ScheduleRef): AskedStatuses;
  /** A snapshot that was begun after this call, or less than a second before it. */
  read(context: RequestContext, asked: AskedStatuses, found: KnownEntry): Promise<Taken>;
  /** As `read()`, of a schedule whose snapshot turned out to be older than its map. */
  renew(context: RequestContext, schedule: ScheduleRef): Promise<Taken>;
}

export interface AskedStatuses extends KnownRead {
  readonly schedule: ScheduleRef;
  readonly kept: SeatSnapshot | null;
}

interface Kept {
  readonly snapshot: SeatSnapshot;
  /** How its text in the cache begins. */
  readonly beginning: string;
  readonly keptAtMs: number;
}

const OVERDUE = Symbol("overdue");
const EMPTY: CacheEntry = { state: "EMPTY" };

export function createSeatStatuses(dependencies: SeatStatusesDependencies): SeatStatuses {
  const { catalogue, cache, stockRecount, clock, newId, random, sleep, report } = dependencies;
  const { orElse, fill } = createCacheFill({ cache, report });
  const flights = createSingleflight({
    clock,
    sleep,
    leaseTtlMs: SNAPSHOT_TTL_MS,
    followerDeadlineMs: SNAPSHOT_TTL_MS,
  });
  const memory = createBoundedMemory<Kept>({ maxSize: MAX_KEPT_LETTERS });

  function keep(key: string, lease: string, snapshot: SeatSnapshot): void {
    const kept = { snapshot, beginning: beginningOf(lease), keptAtMs: clock() };
    memory.set(key, kept, snapshot.statuses.length);
  }

  /** What the isolate has got since this time, if that is newer: a load that ends late loses. */
  function newerThan(key: string, { takenAt }: SeatSnapshot, sinceMs: number): SeatSnapshot | null {
    const kept = memory.get(key);
    const isNewer = kept && kept.keptAtMs >= sinceMs && kept.snapshot.takenAt > takenAt;
    return isNewer ? kept.snapshot : null;
  }

  async function load(
    context: RequestContext,
    { key, schedule }: AskedStatuses,
    lease: string,
  ): Promise<Loaded<Taken>> {
    const beganAtMs = clock();
    const taken = await catalogue.seatStatuses(schedule);
    if (!taken.ok) return { value: taken, ttlMs: 0 };
    const { value, changesInMs } = taken.value;
    if (!value.statuses.includes("A")) {
      context.afterAnswer(() => stockRecount.recountUnlessRecent(value.room));
    }
    if (!newerThan(key, value, beganAtMs)) keep(key, lease, value);
    return { value: ok(value), ttlMs: Math.min(SNAPSHOT_TTL_MS, changesInMs ?? SNAPSHOT_TTL_MS) };
  }

  /** Loads under a lease that this caller holds, and fills the cache. */
  function lead(context: RequestContext, asked: AskedStatuses, lease: string): Promise<Taken> {
    let loading: Promise<Loaded<Taken>> | undefined;
    const { value, ended } = flights.start(
      lease,
      () => loading = load(context, asked, lease),
      { keeps: true },
    );
    const toJson = (taken: Taken) => taken.ok ? textOf(lease, taken.value) : "null";
    context.keepAlive(ended.then(() => fill(asked.key, lease, loading!, toJson)));
    return value as Promise<Taken>;
  }

  /** There is no lease to be had: callers of this isolate share one load a second. */
  function loadUnleased(context: RequestContext, asked: AskedStatuses): Promise<Taken> {
    const lease = `no lease of ${asked.key}`;
    const start = () => load(context, asked, lease);
    return flights.join<Taken>(context, lease, start, { keeps: true }) as Promise<Taken>;
  }

  /** Waits for the holder of the lease; null when the lease is over. */
  async function follow(asked: AskedStatuses, lease: string): Promise<Taken | null> {
    for (const delayMs of FOLLOW_DELAYS_MS) {
      const pause = sleep(delayMs * (1 + random() / 2)).then(() => OVERDUE);
      const flight = flights.current<Taken>(lease);
      const outcome = await (flight ? Promise.race([flight, pause]) : pause);
      if (outcome !== OVERDUE) return outcome as Taken;
      const entry = await orElse<CacheEntry>(() => cache.read(asked.key), EMPTY);
      if (entry.state === "HIT") return parse(asked.key, entry.json);
      if (entry.state === "EMPTY" || entry.lease !== lease) return null;
    }
    return null;
  }

  /** Null for a text that is no snapshot, which is a failure of the cache. */
  function parse(key: string, json: string): Taken | null {
    try {
      const { lease, ...snapshot } = JSON.parse(json) as SeatSnapshot & { lease: string };
      keep(key, lease, snapshot);
      return ok(snapshot);
    } catch (error) {
      report({ what: "cache_failed", error });
      return null;
    }
  }

  async function goOn(
    context: RequestContext,
    asked: AskedStatuses,
    found: CacheEntry,
  ): Promise<Taken> {
    const beganAtMs = clock();
    const taken = await loadOrFollow(context, asked, found);
    if (!taken.ok) return taken;
    return ok(newerThan(asked.key, taken.value, beganAtMs) ?? taken.value);
  }

  async function loadOrFollow(
    context: RequestContext,
    asked: AskedStatuses,
    found: CacheEntry,
  ): Promise<Taken> {
    const mine = newId();
    let entry = found;
    for (let followed = 0; followed < MAX_LEASES;) {
      if (entry.state === "EMPTY") {
        entry = await orElse<CacheEntry>(
          () => cache.lease(asked.key, mine, SNAPSHOT_TTL_MS),
          EMPTY,
        );
        if (entry.state === "EMPTY") break; // a failed cache has no leases
      }
      if (entry.state === "HIT") {
        const parsed = parse(asked.key, entry.json);
        if (parsed) return parsed;
        break;
      }
      if (entry.lease === mine) return await lead(context, asked, mine);
      const taken = await follow(asked, entry.lease);
      if (taken) return taken;
      followed++;
      entry = EMPTY;
    }
    return await loadUnleased(context, asked);
  }

  function ask(schedule: ScheduleRef): AskedStatuses {
    const key = seatStatusesKey(schedule);
    const kept = memory.get(key) ?? null;
    return { key, schedule, known: kept && kept.beginning, kept: kept && kept.snapshot };
  }

  return {
    ask,
    async read(context, asked, found) {
      if (found.state === "KNOWN") return ok(asked.kept!);
      return await goOn(context, asked, found);
    },
    async renew(context, schedule) {
      const asked = ask(schedule);
      await orElse(() => cache.evict([asked.key]), undefined);
      return await goOn(context, asked, EMPTY);
    },
  };
}

/** Each snapshot in the cache begins with its own lease, so that its beginning names it. */
function beginningOf(lease: string): string {
  return `{"lease":${JSON.stringify(lease)},`;
}

function textOf(lease: string, snapshot: SeatSnapshot): string {
  return beginningOf(lease) + JSON.stringify(snapshot).slice(1);
}
