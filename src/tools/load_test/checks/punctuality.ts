import type { PlaceObservation } from "../observations.ts";

/** The least that SHOW_UP_SECONDS can be. */
const MIN_SHOW_UP_MS = 1_000;

/** Also has the ticket number in the answers before the draw. */
export interface JudgedObservation extends PlaceObservation {
  /** Whether the fan had polled on time until this answer. */
  readonly onTime: boolean;
}

/**
 * A fan misses a turn SHOW_UP_SECONDS after the time at which they were to ask again. A shorter
 * silence cannot have cost a turn.
 */
function harmlessSilenceMs({ pollAfterSeconds }: PlaceObservation, showUpMs: number): number {
  return (pollAfterSeconds ?? 0) * 1000 + Math.max(showUpMs, MIN_SHOW_UP_MS);
}

function judgePlace(place: readonly PlaceObservation[], showUpMs: number): JudgedObservation[] {
  let onTime = true;
  const ticket = place.find((one) => one.ticket !== null)?.ticket ?? null;
  return place.map((observation, index) => {
    const previous = place[index - 1];
    // No place can miss a turn before the opening.
    const isLate = previous?.state === "WAITING" && observation.reason !== "LOBBY" &&
      observation.receivedAtMs - previous.sentAtMs > harmlessSilenceMs(previous, showUpMs);
    if (isLate) onTime = false;
    return { ...observation, ticket: observation.ticket ?? ticket, onTime };
  });
}

/**
 * The observations of each place in order. A place that was late once is not on time from then on:
 * the server may have given its turn away. `showUpMs` is that of the server; 0 where it is not known.
 */
export function judgePlaces(
  observations: readonly PlaceObservation[],
  showUpMs: number,
): JudgedObservation[][] {
  return [...Map.groupBy(observations, ({ place }) => place).values()]
    .map((place) => judgePlace(place, showUpMs));
}
