import { bisectRight } from "d3-array";
import type { PlaceObservation, Sample } from "../observations.ts";
import type { Violation } from "./violation.ts";

/** One minute, less a tenth of a second for the drift between two clocks. */
const WINDOW_MS = 59_900;

export interface RateEvidence {
  readonly places: readonly PlaceObservation[];
  /** By fan: the time of the first request to join. */
  readonly firstJoins: ReadonlyMap<number, number>;
}

/** An admission happened between these two times. */
interface AdmissionInterval {
  readonly afterMs: number;
  readonly beforeMs: number;
}

/** From the last request that was not answered with ADMITTED to the first ADMITTED answer. */
function admissionIntervals({ places, firstJoins }: RateEvidence): AdmissionInterval[] {
  const lastRequests = new Map<string, number>();
  const knownFans = new Set<number>();
  const admitted = new Set<string>();
  const intervals: AdmissionInterval[] = [];
  for (const { place, fan, state, sentAtMs, receivedAtMs } of places) {
    const isFirst = !knownFans.has(fan);
    knownFans.add(fan);
    if (admitted.has(place)) continue;
    if (state !== "ADMITTED") {
      lastRequests.set(place, sentAtMs);
      continue;
    }
    admitted.add(place);
    // A place may be admitted by its join, even by an earlier join whose answer was lost.
    const afterMs = lastRequests.get(place) ?? (isFirst ? firstJoins.get(fan) : undefined);
    if (afterMs !== undefined) intervals.push({ afterMs, beforeMs: receivedAtMs });
  }
  return intervals;
}

/** The most admissions that certainly happened within one minute. */
export function mostWithinAMinute(evidence: RateEvidence): number {
  const latestFirst = admissionIntervals(evidence).sort((a, b) => b.afterMs - a.afterMs);
  const ends: number[] = [];
  let most = 0;
  for (const { afterMs, beforeMs } of latestFirst) {
    ends.splice(bisectRight(ends, beforeMs), 0, beforeMs);
    most = Math.max(most, bisectRight(ends, afterMs + WINDOW_MS));
  }
  return most;
}

/** Compares the admissions in the fans' and the operator's answers with the rate of the room. */
export function checkRate(
  evidence: RateEvidence,
  samples: readonly Sample[],
  perMinute: number | null,
): Violation[] {
  if (perMinute === null) return [];
  const inSamples = samples.reduce((most, one) => Math.max(most, one.admittedLastMinute), 0);
  const counts = [
    [mostWithinAMinute(evidence), "the fans' answers show"],
    [inSamples, "an operator's answer shows"],
  ] as const;
  return counts.filter(([count]) => count > perMinute).map(([count, source]) => ({
    rule: "L6",
    detail: `${source} ${count} admissions in a minute, and the rate is ${perMinute}`,
  }));
}
