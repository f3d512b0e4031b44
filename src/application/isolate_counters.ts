import { PROGRAM_VERSION } from "../domain/version.ts";
import type { Clock } from "../ports/clock.ts";
import type { Counters } from "../ports/counters.ts";
import { FAULTS } from "../ports/report.ts";
import { createDurationHistogram, type DurationHistogram } from "./duration_histogram.ts";
import { labelsOf, type MetricFamily, type Sample } from "./metric_family.ts";

/** Of a round trip and of a request, in seconds. */
const DURATION_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Of a document about the front: it is used for a second, in an outage for 30. */
const FRONT_AGE_BOUNDS = [0.25, 0.5, 1, 2, 5, 10, 30];

/** The counters of this isolate, from its start on, and what they say. */
export interface IsolateCounters extends Counters {
  families(): MetricFamily[];
}

/** Counts by names: those of the first map, within them those of the second. */
type Tally<Name> = Map<string, Map<Name, number>>;

function add<Name>(tally: Tally<Name>, first: string, second: Name): void {
  let counts = tally.get(first);
  if (!counts) tally.set(first, counts = new Map());
  counts.set(second, (counts.get(second) ?? 0) + 1);
}

/** What grows from 0 is seen to grow; what appears with 1 is not. */
function zeroes(...names: readonly string[]): Tally<""> {
  return new Map(names.map((name) => [name, new Map([["", 0]])]));
}

/**
 * `isolate` is the label of all its samples: two isolates count apart, and a sum over the label is
 * right however often each of them was asked.
 */
export function createIsolateCounters(
  { clock, isolate }: { readonly clock: Clock; readonly isolate: string },
): IsolateCounters {
  const startedAtMs = clock();
  const own = labelsOf({ isolate });
  const requests: Tally<number> = new Map();
  const refusals: Tally<""> = new Map();
  const cacheReads: Tally<"hit" | "miss"> = new Map();
  const cacheLoads: Tally<""> = new Map();
  const failures = zeroes("redis", "postgres");
  const deliveries = zeroes("delivered", "refused", "silent");
  const cronRuns = zeroes("done", "failed");
  const faults = zeroes(...FAULTS);
  const durations = createDurationHistogram(DURATION_BOUNDS);
  const fronts = createDurationHistogram(FRONT_AGE_BOUNDS);
  const stores = {
    redis: createDurationHistogram(DURATION_BOUNDS),
    postgres: createDurationHistogram(DURATION_BOUNDS),
  };

  const counted = <Name>(
    tally: Tally<Name>,
    labels: (first: string, second: Name) => Record<string, string>,
  ): Sample[] =>
    [...tally].flatMap(([first, counts]) =>
      [...counts].map(([second, count]): Sample => [
        "_total",
        `${own},${labelsOf(labels(first, second))}`,
        count,
      ])
    );
  const counter = (name: string, help: string, samples: Sample[]): MetricFamily => ({
    name: `stanchion_isolate_${name}`,
    type: "counter",
    help,
    samples,
  });
  const seconds = (
    name: string,
    help: string,
    histograms: readonly (readonly [string, DurationHistogram])[],
  ): MetricFamily => ({
    name: `stanchion_isolate_${name}_seconds`,
    type: "histogram",
    unit: "seconds",
    help,
    samples: histograms.flatMap(([labels, histogram]) => histogram.samples(labels)),
  });

  return {
    countRequest(route, status, code, ms) {
      add(requests, route, status);
      if (code !== null) add(refusals, code, "");
      durations.observe(ms);
    },
    countRoundTrip(store, ms, failed) {
      stores[store].observe(ms);
      if (failed) add(failures, store, "");
    },
    countCacheRead: (kind, isHit) => add(cacheReads, kind, isHit ? "hit" : "miss"),
    countCacheLoad: (kind) => add(cacheLoads, kind, ""),
    countFront: (ageMs) => fronts.observe(ageMs),
    countDelivery: (result) => add(deliveries, result, ""),
    countCronRun: (succeeded) => add(cronRuns, succeeded ? "done" : "failed", ""),
    countFault: (what) => add(faults, what, ""),
    families: () => [
      {
        name: "stanchion_isolate",
        type: "info",
        help: "The program.",
        samples: [["_info", `${own},${labelsOf({ version: PROGRAM_VERSION })}`, 1]],
      },
      {
        name: "stanchion_isolate_start_time_seconds",
        type: "gauge",
        unit: "seconds",
        help: "When the isolate started.",
        samples: [["", own, startedAtMs / 1000]],
      },
      counter(
        "requests",
        "Requests. Pages and unknown paths are other.",
        counted(requests, (route, status) => ({ route, status: String(status) })),
      ),
      counter(
        "refusals",
        "Requests that were refused.",
        counted(refusals, (code) => ({ code })),
      ),
      seconds("request_duration", "Time of requests.", [[
        own,
        durations,
      ]]),
      seconds(
        "round_trip_duration",
        "Time of round trips to a store.",
        Object.entries(stores).map(([store, histogram]) =>
          [`${own},${labelsOf({ store })}`, histogram] as const
        ),
      ),
      counter(
        "round_trip_failures",
        "Round trips without an answer.",
        counted(failures, (store) => ({ store })),
      ),
      counter(
        "cache_reads",
        "Reads of the shared cache.",
        counted(cacheReads, (kind, result) => ({ kind, result })),
      ),
      counter(
        "cache_loads",
        "Loads to fill the shared cache.",
        counted(cacheLoads, (kind) => ({ kind })),
      ),
      seconds(
        "front_age",
        "Age of the documents that answered far fans.",
        [[own, fronts]],
      ),
      counter(
        "deliveries",
        "Attempts to deliver an event.",
        counted(deliveries, (result) => ({ result })),
      ),
      counter(
        "cron_runs",
        "Runs of the cron.",
        counted(cronRuns, (result) => ({ result })),
      ),
      counter(
        "faults",
        "Faults in the log.",
        counted(faults, (what) => ({ what })),
      ),
    ],
  };
}
