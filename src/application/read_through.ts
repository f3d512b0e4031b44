import type { Cache, CacheEntry } from "../ports/cache.ts";
import type { Clock, NewId, Random } from "../ports/clock.ts";
import type { Report } from "../ports/report.ts";
import type { Call } from "./request_context.ts";

/** A lease outlives any load that is still worth waiting for. */
const LEASE_TTL_MS = 3_000;
/** When a follower looks again for the value that somebody else loads. */
const FOLLOW_DELAYS_MS = [25, 50, 100];
/** A follower trusts a load of its own isolate this long: the leader's request may be cut off. */
const FLIGHT_DEADLINE_MS = 200;
const OVERDUE = Symbol("overdue");

/** What a load found; null when there is nothing, which is never cached. */
export type Loaded<Value> = { readonly value: Value; readonly ttlMs: number } | null;

export interface ReadThroughParts {
  readonly cache: Cache;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: Random;
  readonly sleep: (ms: number) => Promise<void>;
  readonly report: Report;
}

interface Flight {
  readonly value: Promise<unknown>;
  /** When its lease is over, or its value. */
  endsAtMs: number;
}

export type ReadThrough = <Value>(
  call: Call,
  key: string,
  found: CacheEntry,
  load: () => Promise<Loaded<Value>>,
) => Promise<Value | null>;

/**
 * Reads through the cache: one load per key and isolate, and one fill among all isolates. Loads
 * are shared by lease, not by key. An eviction removes the lease, so whoever asks after an
 * eviction finds another lease and never joins a load that began before it.
 */
export function readThrough(
  { cache, clock, newId, random, sleep, report }: ReadThroughParts,
): ReadThrough {
  /**
   * Loads by the lease that stood when they began, kept for as long as it may stand: who finds
   * that lease still standing may have the value, landed or not.
   */
  const flights = new Map<string, Flight>();

  /** A broken cache is an empty one: reported, never propagated. */
  async function spare<Value>(act: () => Promise<Value>, otherwise: Value): Promise<Value> {
    try {
      return await act();
    } catch (error) {
      report({ what: "cache_failed", error });
      return otherwise;
    }
  }

  async function settle<Value>(
    key: string,
    lease: string,
    loading: Promise<Loaded<Value>>,
  ): Promise<void> {
    const loaded = await loading.catch(() => null);
    const ttlMs = loaded ? Math.floor(loaded.ttlMs) : 0;
    await spare(async () => {
      if (loaded && ttlMs > 0) await cache.fill(key, lease, JSON.stringify(loaded.value), ttlMs);
      else await cache.release(key, lease);
    }, undefined);
  }

  function flightUnder<Value>(lease: string): Promise<Value | null> | undefined {
    const flight = flights.get(lease);
    if (!flight || flight.endsAtMs <= clock()) return undefined;
    return flight.value as Promise<Value | null>;
  }

  /** Starts a load of this isolate under this lease. */
  function fly<Value>(
    call: Call,
    key: string,
    lease: string,
    load: () => Promise<Loaded<Value>>,
    { fills, lasts = true }: { fills: boolean; lasts?: boolean },
  ): Promise<Value | null> {
    const startedMs = clock();
    for (const [old, { endsAtMs }] of flights) if (endsAtMs <= startedMs) flights.delete(old);
    const loading = load();
    const value = loading.then((loaded) => loaded && loaded.value);
    const flight: Flight = { value, endsAtMs: startedMs + LEASE_TTL_MS };
    flights.set(lease, flight);
    const landed = loading.then((loaded) => {
      if (loaded) flight.endsAtMs = Math.min(flight.endsAtMs, startedMs + loaded.ttlMs);
      return lasts && loaded !== null;
    }, () => false).then(async (stays) => {
      if (!stays && flights.get(lease) === flight) flights.delete(lease);
      if (fills) await settle(key, lease, loading);
    });
    call.keepAlive(landed);
    return value;
  }

  /** Waits for the load under this lease, or loads; nobody waits for a cut-off load for good. */
  async function ride<Value>(
    call: Call,
    key: string,
    lease: string,
    load: () => Promise<Loaded<Value>>,
    options: { fills: boolean; lasts?: boolean } = { fills: false },
  ): Promise<Value | null> {
    for (let joined = flightUnder<Value>(lease); joined;) {
      const overdue = sleep(FLIGHT_DEADLINE_MS).then(() => OVERDUE);
      const landed = await Promise.race([joined, overdue]);
      if (landed !== OVERDUE) return landed as Value | null;
      // Its request may have been cut off. One follower loads anew, the others join that one.
      const current = flightUnder<Value>(lease);
      if (current === joined) break;
      joined = current;
    }
    return await fly(call, key, lease, load, options);
  }

  async function follow<Value>(
    call: Call,
    key: string,
    lease: string,
    load: () => Promise<Loaded<Value>>,
  ): Promise<Value | null> {
    for (const delayMs of flightUnder(lease) ? [] : FOLLOW_DELAYS_MS) {
      await sleep(delayMs * (1 + random() / 2));
      const entry = await spare<CacheEntry>(() => cache.read(key), { state: "EMPTY" });
      if (entry.state === "HIT") return await told(call, key, entry.json, load);
      if (entry.state === "EMPTY" || entry.lease !== lease) break;
    }
    return await ride(call, key, lease, load);
  }

  /** Without a lease callers share what is under way and keep nothing. */
  function rideUnkept<Value>(
    call: Call,
    key: string,
    load: () => Promise<Loaded<Value>>,
  ): Promise<Value | null> {
    return ride(call, key, `no lease of ${key}`, load, { fills: false, lasts: false });
  }

  /** The value that was kept; a text that is none is a broken cache. */
  async function told<Value>(
    call: Call,
    key: string,
    json: string,
    load: () => Promise<Loaded<Value>>,
  ): Promise<Value | null> {
    let value: Value;
    try {
      value = JSON.parse(json);
    } catch (error) {
      report({ what: "cache_failed", error });
      return await rideUnkept(call, key, load);
    }
    return value;
  }

  return async (call, key, found, load) => {
    if (found.state === "HIT") return await told(call, key, found.json, load);
    if (found.state === "LEASED") return await follow(call, key, found.lease, load);
    const mine = newId();
    const entry = await spare<CacheEntry>(() => cache.lease(key, mine, LEASE_TTL_MS), {
      state: "EMPTY",
    });
    if (entry.state === "HIT") return await told(call, key, entry.json, load);
    // A broken cache has no leases.
    if (entry.state === "EMPTY") return await rideUnkept(call, key, load);
    if (entry.lease !== mine) return await follow(call, key, entry.lease, load);
    return await fly(call, key, mine, load, { fills: true });
  };
}
