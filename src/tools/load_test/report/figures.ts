import { median, quantile } from "d3-array";
import type { Evidence } from "../checks/evidence.ts";
import { estimateErrors, findQueueFaults } from "../checks/queue_checks.ts";
import { mostWithinAMinute } from "../checks/rate_checks.ts";
import type { Ending } from "../crowd/fan.ts";
import type { Observations } from "../observations.ts";

export interface CallFigures {
  readonly name: string;
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** The rush in numbers. */
export interface Figures {
  readonly seconds: number;
  readonly endings: Readonly<Partial<Record<Ending, number>>>;
  readonly counts: Readonly<Record<string, number>>;
  readonly joined: number;
  readonly admitted: number;
  /** Parked at the end, and returned after being parked. */
  readonly parked: number;
  readonly returned: number;
  readonly sold: number;
  readonly places: number;
  /** Places that were late once, so that their order was not checked. */
  readonly latePlaces: number;
  readonly mostAdmitted: number;
  readonly capacity: number;
  /** The most admissions that certainly happened within one minute. */
  readonly mostPerMinute: number;
  /** Null: the room has no rate. */
  readonly perMinute: number | null;
  /** The length of the published list. Null without a draw. */
  readonly drawn: number | null;
  readonly moneyIn: number;
  readonly moneyOut: number;
  readonly balancesLeft: number;
  readonly calls: readonly CallFigures[];
  readonly socketWaitP99Seconds: number;
  readonly pollsPerFan: number;
  /** The share of the polls for which the server did not ask Redis; null when no answer says. */
  readonly pollsWithoutRedis: number | null;
  readonly estimateErrorMedianSeconds: number | null;
  readonly estimateErrorP90Seconds: number | null;
  readonly serverErrors: number;
  readonly lostAnswers: number;
}

const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

function callFigures({ answerTimesMs }: Observations): CallFigures[] {
  return [...answerTimesMs].map(([name, times]) => ({
    name,
    count: times.length,
    p50Ms: quantile(times, 0.5) ?? 0,
    p99Ms: quantile(times, 0.99) ?? 0,
  })).sort((a, b) => b.count - a.count);
}

function queueFigures({ observations, showUpMs }: Evidence) {
  const { places, samples, counts, queueWasReset } = observations;
  const faults = findQueueFaults(places, queueWasReset, showUpMs);
  const errors = estimateErrors(places, showUpMs).map(Math.abs);
  const joined = new Set(places.map(({ fan }) => fan)).size;
  const admitted = places.filter(({ state }) => state === "ADMITTED");
  const returned = counts.get("returned parked") ?? 0;
  const polls = counts.get("polls") ?? 0;
  const timed = counts.get("polls that say") ?? 0;
  return {
    joined,
    admitted: new Set(admitted.map(({ fan }) => fan)).size,
    parked: (samples.at(-1)?.parked ?? 0) + returned,
    returned,
    places: faults.places,
    latePlaces: faults.latePlaces,
    mostAdmitted: samples.reduce((most, sample) => Math.max(most, sample.admitted), 0),
    capacity: samples.at(-1)?.capacity ?? 0,
    mostPerMinute: mostWithinAMinute(observations),
    pollsPerFan: joined === 0 ? 0 : polls / joined,
    pollsWithoutRedis: timed === 0 ? null : (counts.get("polls without Redis") ?? 0) / timed,
    estimateErrorMedianSeconds: median(errors) ?? null,
    estimateErrorP90Seconds: quantile(errors, 0.9) ?? null,
  };
}

function moneyFigures({ logs, records }: Evidence) {
  return {
    moneyIn: sum(logs.map(({ charged }) => charged)),
    moneyOut: sum(logs.map(({ paid }) => paid)),
    balancesLeft: sum(records.fans.map(({ balance }) => balance)),
  };
}

export function computeFigures(evidence: Evidence): Figures {
  const { observations, logs, endings, seconds, room } = evidence;
  return {
    seconds,
    endings: Object.fromEntries(
      [...Map.groupBy(endings, (ending) => ending)].map(([ending, all]) => [ending, all.length]),
    ),
    counts: Object.fromEntries(observations.counts),
    ...queueFigures(evidence),
    sold: sum(logs.map(({ purchases }) => purchases.length)),
    perMinute: room.perMinute,
    drawn: room.draw && room.draw.list.length,
    ...moneyFigures(evidence),
    calls: callFigures(observations),
    socketWaitP99Seconds: (quantile(observations.socketWaitsMs, 0.99) ?? 0) / 1000,
    serverErrors: observations.serverErrors.length,
    lostAnswers: sum(observations.lostAnswers.values()),
  };
}
