import type { Clock } from "../ports/clock.ts";
import type { RoundTrips, Store } from "../ports/trace.ts";

const MINUTE_MS = 60_000;
const KEPT_MINUTES = 60;

export interface StoreActivity {
  readonly roundTrips: number;
  /** Of one round trip. */
  readonly meanMs: number;
  /** The longest time that one request waited for the store. */
  readonly longestMs: number;
}

export interface ActivityMinute {
  /** The beginning of the minute, in epoch milliseconds. */
  readonly atMs: number;
  readonly requests: number;
  readonly stores: Readonly<Record<Store, StoreActivity>>;
  /** How many requests were refused with each code. */
  readonly refusals: Readonly<Record<string, number>>;
}

/** What this isolate has answered in the last hour. It knows nothing of other isolates. */
export interface IsolateActivity {
  readonly sinceMs: number;
  /** `code` is that of the problem document; null when the request was not refused. */
  record(roundTrips: RoundTrips, code: string | null): void;
  /** Oldest first; minutes without a request are not in it. */
  lastHour(): readonly ActivityMinute[];
}

type Sums = Record<Store, { trips: number; ms: number; longestMs: number }>;
interface Minute {
  readonly number: number;
  requests: number;
  readonly sums: Sums;
  readonly refusals: Record<string, number>;
}

/** Memory: a record for each of 60 minutes, with one number for each code of the API. */
export function createIsolateActivity({ clock }: { readonly clock: Clock }): IsolateActivity {
  const sinceMs = clock();
  let minutes: readonly Minute[] = [];

  const recent = () => {
    const oldest = Math.floor(clock() / MINUTE_MS) - KEPT_MINUTES;
    return minutes.filter(({ number }) => number > oldest);
  };
  function present(): Minute {
    const number = Math.floor(clock() / MINUTE_MS);
    const last = minutes.at(-1);
    if (last?.number === number) return last;
    const none = () => ({ trips: 0, ms: 0, longestMs: 0 });
    const sums = { redis: none(), postgres: none() };
    const minute = { number, requests: 0, sums, refusals: {} };
    minutes = [...recent().slice(1 - KEPT_MINUTES), minute];
    return minute;
  }

  return {
    sinceMs,
    record(roundTrips, code) {
      const minute = present();
      minute.requests++;
      for (const store of ["redis", "postgres"] as const) {
        const { trips, ms } = roundTrips[store];
        const sum = minute.sums[store];
        sum.trips += trips;
        sum.ms += ms;
        sum.longestMs = Math.max(sum.longestMs, ms);
      }
      if (code !== null) minute.refusals[code] = (minute.refusals[code] ?? 0) + 1;
    },
    lastHour: () =>
      recent().map(({ number, requests, sums, refusals }) => ({
        atMs: number * MINUTE_MS,
        requests,
        stores: { redis: activityOf(sums.redis), postgres: activityOf(sums.postgres) },
        refusals: { ...refusals },
      })),
  };
}

function activityOf({ trips, ms, longestMs }: Sums[Store]): StoreActivity {
  const rounded = (value: number) => Math.round(value * 10) / 10;
  return {
    roundTrips: trips,
    meanMs: rounded(trips === 0 ? 0 : ms / trips),
    longestMs: rounded(longestMs),
  };
}
