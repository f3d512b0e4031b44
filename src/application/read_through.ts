import type { Cache, CacheEntry } from "../ports/cache.ts";
import type { Clock, NewId, Random } from "../ports/clock.ts";
import type { Report } from "../ports/report.ts";
import { createCacheFill } from "./cache_fill.ts";
import type { RequestContext } from "./request_context.ts";
import { createSingleflight, type Loaded } from "./singleflight.ts";

/** A load that takes longer no longer fills the cache. */
const LEASE_TTL_MS = 3_000;
/** When a follower reads the cache again while another isolate loads. */
const FOLLOW_DELAYS_MS = [25, 50, 100];

export interface ReadThroughDependencies {
  readonly cache: Cache;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: Random;
  readonly sleep: (ms: number) => Promise<void>;
  readonly report: Report;
  /** How long a caller waits for the load of another request of the isolate. */
  readonly followerDeadlineMs?: number;
}

/** Gives the value of `found`, or loads it and fills the cache. Null if there is nothing. */
export type ReadThrough = <Value>(
  context: RequestContext,
  key: string,
  found: CacheEntry,
  load: () => Promise<Loaded<Value>>,
) => Promise<Value | null>;

/** A read of one key: what every step needs. */
interface Read<Value> {
  readonly context: RequestContext;
  readonly key: string;
  readonly load: () => Promise<Loaded<Value>>;
}

/** Reads through the cache: one load for each key and isolate, one fill among all isolates. */
export function createReadThrough(dependencies: ReadThroughDependencies): ReadThrough {
  const { cache, clock, newId, random, sleep, report, followerDeadlineMs } = dependencies;
  const flights = createSingleflight({
    clock,
    sleep,
    leaseTtlMs: LEASE_TTL_MS,
    ...(followerDeadlineMs === undefined ? {} : { followerDeadlineMs }),
  });

  const { orElse, fill } = createCacheFill({ cache, report });

  /** Loads under a lease that this caller holds, and fills the cache. */
  function startLoad<Value>({ context, key, load }: Read<Value>, lease: string) {
    let loading: Promise<Loaded<Value>> | undefined;
    const { value, ended } = flights.start(lease, () => loading = load(), { keeps: true });
    context.keepAlive(ended.then(() => fill(key, lease, loading!, JSON.stringify)));
    return value;
  }

  /** Joins the load under this lease, or loads without filling. */
  function joinLoad<Value>({ context, load }: Read<Value>, lease: string): Promise<Value | null> {
    return flights.join(context, lease, load, { keeps: true });
  }

  /** The cache failed, so there is no lease: callers share the running load, nothing is kept. */
  function joinUnleased<Value>({ context, key, load }: Read<Value>): Promise<Value | null> {
    return flights.join(context, `no lease of ${key}`, load, { keeps: false });
  }

  /** Waits until the holder of the lease has filled the cache, for a bounded time. */
  async function waitForLeader<Value>(read: Read<Value>, lease: string): Promise<Value | null> {
    for (const delayMs of flights.current(lease) ? [] : FOLLOW_DELAYS_MS) {
      await sleep(delayMs * (1 + random() / 2));
      const entry = await orElse<CacheEntry>(() => cache.read(read.key), { state: "EMPTY" });
      if (entry.state === "HIT") return await parse(read, entry.json);
      if (entry.state === "EMPTY" || entry.lease !== lease) break;
    }
    return await joinLoad(read, lease);
  }

  /** Parses a cached text. A text that is no JSON counts as a failure of the cache. */
  async function parse<Value>(read: Read<Value>, json: string): Promise<Value | null> {
    let value: Value;
    try {
      value = JSON.parse(json);
    } catch (error) {
      report({ what: "cache_failed", error });
      return await joinUnleased(read);
    }
    return value;
  }

  return async (context, key, found, load) => {
    const read = { context, key, load };
    if (found.state === "HIT") return await parse(read, found.json);
    if (found.state === "LEASED") return await waitForLeader(read, found.lease);
    const lease = newId();
    const entry = await orElse<CacheEntry>(() => cache.lease(key, lease, LEASE_TTL_MS), {
      state: "EMPTY",
    });
    if (entry.state === "HIT") return await parse(read, entry.json);
    if (entry.state === "EMPTY") return await joinUnleased(read); // a failed cache has no leases
    if (entry.lease !== lease) return await waitForLeader(read, entry.lease);
    return await startLoad(read, lease);
  };
}
