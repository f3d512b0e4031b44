import type { PlaceObservation } from "../observations.ts";

/** The least that SHOW_UP_SECONDS can be. */
const MIN_SHOW_UP_MS = 1_000;

/** Also has the ticket number in the answers before the draw. */
export interface JudgedObservation extends PlaceObservation {
  /** Whether the fan had polled on time until this answer. */
  readonly onTime: boolean;
}

/**
 * A fan misses a turn POLL_MAX_SECONDS + SHOW_UP_SECONDS after it came. POLL_MAX_SECONDS is at least
 * the longest `pollAfterSeconds` of any answer. A shorter silence cannot have cost a turn.
 */
function harmlessSilenceMs(observations: readonly PlaceObservation[], turnMs: number): number {
  let longestSeconds = 0;
  for (const { pollAfterSeconds } of observations) {
    longestSeconds = Math.max(longestSeconds, pollAfterSeconds ?? 0);
  }
  return Math.max(turnMs, longestSeconds * 1000 + MIN_SHOW_UP_MS);
}

function judgePlace(place: readonly PlaceObservation[], harmlessMs: number): JudgedObservation[] {
  let onTime = true;
  const ticket = place.find((one) => one.ticket !== null)?.ticket ?? null;
  return place.map((observation, index) => {
    const previous = place[index - 1];
    // No place can miss a turn before the opening.
    const isLate = previous?.state === "WAITING" && observation.reason !== "LOBBY" &&
      observation.receivedAtMs - previous.sentAtMs > harmlessMs;
    if (isLate) onTime = false;
    return { ...observation, ticket: observation.ticket ?? ticket, onTime };
  });
}

/**
 * The observations of each place in order. A place that was late once is not on time from then on:
 * the server may have given its turn away. `turnMs` is how long a turn is kept at least; 0 where it
 * is not known.
 */
export function judgePlaces(
  observations: readonly PlaceObservation[],
  turnMs: number,
): JudgedObservation[][] {
  const harmlessMs = harmlessSilenceMs(observations, turnMs);
  return [...Map.groupBy(observations, ({ place }) => place).values()]
    .map((place) => judgePlace(place, harmlessMs));
}
