import type { Clock } from "../ports/clock.ts";
import type { RequestContext } from "./request_context.ts";

const FOLLOWER_DEADLINE_MS = 200;
const OVERDUE = Symbol("overdue");

/** What a load found; null if there is nothing, which is never kept. */
export type Loaded<Value> = { readonly value: Value; readonly ttlMs: number } | null;

interface Flight {
  readonly value: Promise<unknown>;
  /** The end of its lease, or of its value if that is earlier. */
  endsAtMs: number;
}

export interface StartedFlight<Value> {
  readonly value: Promise<Value | null>;
  /** Settles when the load has ended, never rejects. */
  readonly ended: Promise<void>;
}

/**
 * Loads of this isolate that callers share (singleflight), by lease instead of by key: an eviction
 * removes the lease, so a caller after the eviction has another lease and never joins a load that
 * began before it.
 */
export interface Singleflight {
  /** The number of loads that are kept in memory. */
  readonly size: number;
  /** The load under this lease, running or ended, while its value is still valid. */
  current<Value>(lease: string): Promise<Value | null> | undefined;
  /** With `keeps`, callers may also join after the load has ended, until its TTL is over. */
  start<Value>(
    lease: string,
    load: () => Promise<Loaded<Value>>,
    options: { readonly keeps: boolean },
  ): StartedFlight<Value>;
  /**
   * Joins the load under this lease, or starts it. A follower whose leader does not end within the
   * deadline starts a load of its own, which the other followers join.
   */
  join<Value>(
    context: RequestContext,
    lease: string,
    load: () => Promise<Loaded<Value>>,
    options: { readonly keeps: boolean },
  ): Promise<Value | null>;
}

export interface SingleflightDependencies {
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  readonly leaseTtlMs: number;
  /** A follower waits this long for the load of another request, which may have ended. */
  readonly followerDeadlineMs?: number;
}

export function createSingleflight(
  { clock, sleep, leaseTtlMs, followerDeadlineMs = FOLLOWER_DEADLINE_MS }: SingleflightDependencies,
): Singleflight {
  const flights = new Map<string, Flight>();

  function removeEnded(nowMs: number): void {
    for (const [lease, { endsAtMs }] of flights) if (endsAtMs <= nowMs) flights.delete(lease);
  }

  const singleflight: Singleflight = {
    get size() {
      return flights.size;
    },
    current<Value>(lease: string) {
      const flight = flights.get(lease);
      if (!flight || flight.endsAtMs <= clock()) return undefined;
      return flight.value as Promise<Value | null>;
    },
    start(lease, load, { keeps }) {
      const startedMs = clock();
      removeEnded(startedMs);
      const loading = load();
      const value = loading.then((loaded) => loaded && loaded.value);
      const flight: Flight = { value, endsAtMs: startedMs + leaseTtlMs };
      flights.set(lease, flight);
      const ended = loading.then((loaded) => {
        if (loaded) flight.endsAtMs = Math.min(flight.endsAtMs, startedMs + loaded.ttlMs);
        return keeps && loaded !== null;
      }, () => false).then((stays) => {
        if (!stays && flights.get(lease) === flight) flights.delete(lease);
      });
      return { value, ended };
    },
    async join<Value>(
      context: RequestContext,
      lease: string,
      load: () => Promise<Loaded<Value>>,
      options: { readonly keeps: boolean },
    ) {
      for (let joined = singleflight.current<Value>(lease); joined;) {
        const overdue = sleep(followerDeadlineMs).then(() => OVERDUE);
        const outcome = await Promise.race([joined, overdue]);
        if (outcome !== OVERDUE) return outcome as Value | null;
        const current = singleflight.current<Value>(lease);
        if (current === joined) break;
        joined = current;
      }
      const { value, ended } = singleflight.start(lease, load, options);
      context.keepAlive(ended);
      return await value;
    },
  };
  return singleflight;
}
