import { DependencyError } from "../domain/failures.ts";
import type { Clock } from "../ports/clock.ts";
import type { Figures, OfficeFigures } from "../ports/office_figures.ts";
import type { Overview, QueueStore } from "../ports/queue_store.ts";
import type { Report } from "../ports/report.ts";
import type { IsolateCounters } from "./isolate_counters.ts";
import { labelsOf, type MetricFamily } from "./metric_family.ts";
import { officeFamilies, WINDOW_MS } from "./office_families.ts";
import { roomFamilies } from "./room_families.ts";

/** The most rooms that have metrics: each has about thirty. */
const MAX_ROOMS = 20;
/** While nothing is going on, the database is asked so often: it falls asleep in between. */
const IDLE_LOOK_MS = 3_600_000;

export interface MetricsDependencies {
  readonly queue: Pick<QueueStore, "overview">;
  readonly officeFigures: OfficeFigures;
  readonly counters: Pick<IsolateCounters, "families">;
  readonly clock: Clock;
  readonly report: Report;
}

export interface Metrics {
  /**
   * At most one round trip to each store. A store that fails is itself a metric, and the others are
   * given all the same.
   */
  families(): Promise<MetricFamily[]>;
}

export function createMetrics(dependencies: MetricsDependencies): Metrics {
  const { queue, officeFigures, counters, clock, report } = dependencies;
  let askedAtMs = -Infinity;
  let wasUnfinished = false;

  /** Null when the store is away. */
  async function orNull<Value>(act: () => Promise<Value>): Promise<Value | null> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof DependencyError)) throw error;
      report({ what: "dependency_failed", error });
      return null;
    }
  }

  /** Whether the database is awake anyway, or was not asked for long. A line that fails may be full. */
  function asksOffice(overview: Overview | null): boolean {
    const isAwake = overview === null || overview.activeRooms > 0 || wasUnfinished;
    return isAwake || Math.abs(clock() - askedAtMs) >= IDLE_LOOK_MS;
  }

  return {
    async families() {
      const overview = await orNull(() => queue.overview(MAX_ROOMS));
      const asked = asksOffice(overview);
      const figures = asked
        ? await orNull(() => officeFigures.read({ windowMs: WINDOW_MS, maxRooms: MAX_ROOMS }))
        : null;
      if (figures) {
        askedAtMs = clock();
        wasUnfinished = figures.deliveries + figures.unfinishedRefunds > 0;
      }
      return [
        ...counters.families(),
        storeUp(overview, asked, figures),
        ...overview ? roomFamilies(overview) : [],
        ...figures ? officeFamilies(figures) : [],
      ];
    },
  };
}

function storeUp(
  overview: Overview | null,
  asked: boolean,
  figures: Figures | null,
): MetricFamily {
  const up: [string, boolean][] = [["redis", overview !== null]];
  if (asked) up.push(["postgres", figures !== null]);
  return {
    name: "stanchion_store_up",
    type: "gauge",
    help: "1 if the store answered this scrape.",
    samples: up.map(([store, isUp]) => ["", labelsOf({ store }), Number(isUp)]),
  };
}
