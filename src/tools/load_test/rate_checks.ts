import { bisectRight } from "d3-array";
import type { Breach } from "./audit.ts";
import type { Sample, Sighting } from "./seen.ts";

/** A tenth of a second is left to two clocks that drift apart. */
const WINDOW_MS = 59_900;

export interface RateWitness {
  readonly sightings: readonly Sighting[];
  /** When each fan first asked to join. */
  readonly firstJoins: ReadonlyMap<number, number>;
}

interface Admission {
  readonly afterMs: number;
  readonly beforeMs: number;
}

/** Each place's admission came between the last question that was answered otherwise and this answer. */
function admissionsOf({ sightings, firstJoins }: RateWitness): Admission[] {
  const asked = new Map<string, number>();
  const met = new Set<number>();
  const admitted = new Set<string>();
  const admissions: Admission[] = [];
  for (const { place, fan, state, sentAtMs, receivedAtMs } of sightings) {
    const isFirst = !met.has(fan);
    met.add(fan);
    if (admitted.has(place)) continue;
    if (state !== "ADMITTED") {
      asked.set(place, sentAtMs);
      continue;
    }
    admitted.add(place);
    // Admitted as it was made, perhaps by an earlier request whose answer was lost.
    const afterMs = asked.get(place) ?? (isFirst ? firstJoins.get(fan) : undefined);
    if (afterMs !== undefined) admissions.push({ afterMs, beforeMs: receivedAtMs });
  }
  return admissions;
}

/** The most fans who were for certain admitted within one minute. */
export function mostWithinAMinute(witness: RateWitness): number {
  const latestFirst = admissionsOf(witness).sort((a, b) => b.afterMs - a.afterMs);
  const ends: number[] = [];
  let most = 0;
  for (const { afterMs, beforeMs } of latestFirst) {
    ends.splice(bisectRight(ends, beforeMs), 0, beforeMs);
    most = Math.max(most, bisectRight(ends, afterMs + WINDOW_MS));
  }
  return most;
}

/** Holds the admissions, as fans and operator saw them, to the most that a minute may have. */
export function checkRate(
  witness: RateWitness,
  samples: readonly Sample[],
  perMinute: number | null,
): Breach[] {
  if (perMinute === null) return [];
  const seen = mostWithinAMinute(witness);
  const told = samples.reduce((most, sample) => Math.max(most, sample.admittedLastMinute), 0);
  const found = [
    [seen, "fans saw"],
    [told, "the operator was told of"],
  ] as const;
  return found.filter(([count]) => count > perMinute).map(([count, who]) => ({
    law: "rate",
    what: `${who} ${count} admissions in a minute that may have ${perMinute}`,
  }));
}
