import type { DrawObservation, PlaceObservation } from "../observations.ts";

/** The fans' answers and the public answers about a draw. */
export interface DrawEvidence {
  readonly places: readonly PlaceObservation[];
  /** In order. The first was received before any fan joined. */
  readonly draws: readonly DrawObservation[];
  readonly firstJoins: ReadonlyMap<number, number>;
  readonly leftPlaces: ReadonlySet<string>;
  /** A reset loses the list of the draw. */
  readonly queueWasReset: boolean;
}

/** A place that was made before the opening. */
export interface GatheredPlace {
  readonly fan: number;
  readonly pseudonym: string;
  /** False: the fan left before an answer had a ticket number, so the list may not name the fan. */
  readonly mustBeListed: boolean;
  readonly tickets: ReadonlySet<number>;
}

export function ticketsOf(place: readonly PlaceObservation[]): Set<number> {
  return new Set(place.flatMap(({ ticket }) => ticket === null ? [] : [ticket]));
}

export function gatheredPlaces(
  places: Iterable<readonly PlaceObservation[]>,
  leftPlaces: ReadonlySet<string>,
): GatheredPlace[] {
  const gathered: GatheredPlace[] = [];
  for (const place of places) {
    const named = place.find(({ pseudonym }) => pseudonym !== null);
    if (!named) continue;
    const tickets = ticketsOf(place);
    const mustBeListed = tickets.size > 0 || !leftPlaces.has(named.place);
    gathered.push({ fan: named.fan, pseudonym: named.pseudonym!, mustBeListed, tickets });
  }
  return gathered;
}

/** The time of the first answer that shows an open room. */
export function openedByMs(observations: readonly PlaceObservation[]): number {
  return observations
    .filter(({ state, position }) => state === "ADMITTED" || position !== null)
    .reduce((first, { receivedAtMs }) => Math.min(first, receivedAtMs), Infinity);
}
