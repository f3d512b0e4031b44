import type { Sighting } from "./seen.ts";

/**
 * What the line's laws look like from outside.
 *
 * A turn is missed POLL_MAX_SECONDS + SHOW_UP_SECONDS after it came. The first is no less than the
 * longest pause that anybody was told, and the second no less than one second, if more is not
 * known of them. So a fan whose answers each came within that time of the sending of the request
 * before was never parked, and is held to have polled *as told*. Whoever was ever later is left out
 * from then on, for the server may rightly have given the turn away.
 */
const LEAST_SHOW_UP_MS = 1_000;

export interface LineFindings {
  /** Fans told WAITING though a higher ticket, never late, had been told ADMITTED before they asked. */
  readonly inversions: readonly string[];
  /** Positions that rose for a fan who polls as told. */
  readonly rises: readonly string[];
  /** Places that read GONE while waiting, for a fan who polls as told. */
  readonly goneWhileWaiting: readonly string[];
  /** Tickets told to two places. */
  readonly sharedTickets: readonly string[];
  /** Places that were late once, and so unchecked from then on. */
  readonly late: number;
  readonly places: number;
}

const NOTHING: LineFindings = {
  inversions: [],
  rises: [],
  goneWhileWaiting: [],
  sharedTickets: [],
  late: 0,
  places: 0,
};

/** With the ticket of the place, also in answers of before the draw. */
interface Judged extends Sighting {
  readonly asTold: boolean;
}

type Ticketed = Judged & { readonly ticket: number };

/** Silence shorter than this can not have cost anybody a turn; `turnMs` is what is known of it. */
function harmlessSilenceMs(sightings: readonly Sighting[], turnMs: number): number {
  let longestSeconds = 0;
  for (const { pollAfterSeconds } of sightings) {
    longestSeconds = Math.max(longestSeconds, pollAfterSeconds ?? 0);
  }
  return Math.max(turnMs, longestSeconds * 1000 + LEAST_SHOW_UP_MS);
}

function byPlace(sightings: readonly Sighting[]): Map<string, Sighting[]> {
  const places = new Map<string, Sighting[]>();
  for (const sighting of sightings) {
    const known = places.get(sighting.place);
    if (known) known.push(sighting);
    else places.set(sighting.place, [sighting]);
  }
  return places;
}

function judge(place: readonly Sighting[], harmlessMs: number): Judged[] {
  let asTold = true;
  const ticket = place.find((told) => told.ticket !== null)?.ticket ?? null;
  return place.map((sighting, index) => {
    const before = place[index - 1];
    // Before the opening no place ages.
    const late = before?.state === "WAITING" && sighting.reason !== "LOBBY" &&
      sighting.receivedAtMs - before.sentAtMs > harmlessMs;
    if (late) asTold = false;
    return { ...sighting, ticket: sighting.ticket ?? ticket, asTold };
  });
}

/** The sightings of each place, in order, with whether the fan had polled as told until then. */
function judgedPlaces(sightings: readonly Sighting[], turnMs: number): Judged[][] {
  const harmlessMs = harmlessSilenceMs(sightings, turnMs);
  return [...byPlace(sightings).values()].map((place) => judge(place, harmlessMs));
}

const at = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

/** Each WAITING sighting against the highest ticket told ADMITTED before it was asked for. */
function inversionsOf(judged: readonly Judged[]): string[] {
  const held = judged.filter((told): told is Ticketed => told.asTold && told.ticket !== null);
  const admitted = held.filter(({ state }) => state === "ADMITTED")
    .sort((a, b) => a.receivedAtMs - b.receivedAtMs);
  const waiting = held.filter(({ state }) => state === "WAITING")
    .sort((a, b) => a.sentAtMs - b.sentAtMs);
  const found = new Map<string, string>();
  let next = 0;
  let highest: Ticketed | undefined;
  for (const fan of waiting) {
    for (; next < admitted.length && admitted[next]!.receivedAtMs < fan.sentAtMs; next++) {
      if (!highest || admitted[next]!.ticket > highest.ticket) highest = admitted[next]!;
    }
    if (!highest || highest.ticket <= fan.ticket || found.has(fan.place)) continue;
    found.set(
      fan.place,
      `ticket ${fan.ticket} asked at ${at(fan.sentAtMs)} and was WAITING, though ticket ` +
        `${highest.ticket} was told ADMITTED at ${at(highest.receivedAtMs)}`,
    );
  }
  return [...found.values()];
}

function sharedTickets(sightings: readonly Sighting[]): string[] {
  const owners = new Map<number, string>();
  const shared = new Set<string>();
  for (const { ticket, place } of sightings) {
    if (ticket === null) continue;
    const owner = owners.get(ticket);
    if (owner !== undefined && owner !== place) {
      shared.add(`ticket ${ticket} was told to places ${owner} and ${place}`);
    }
    owners.set(ticket, owner ?? place);
  }
  return [...shared];
}

/**
 * After a reset of the line tickets of two epochs mix, so order is not checked then. `turnMs` is
 * how long a turn is kept for a fan, at the least; the more is known, the more places are checked.
 */
export function checkLine(
  sightings: readonly Sighting[],
  lineWasReset: boolean,
  turnMs = 0,
): LineFindings {
  if (lineWasReset) return NOTHING;
  const places = judgedPlaces(sightings, turnMs);
  const rises: string[] = [];
  const goneWhileWaiting: string[] = [];
  for (const place of places) {
    for (const [index, now] of place.entries()) {
      const before = place[index - 1];
      if (!before || !now.asTold || before.state !== "WAITING") continue;
      if (now.state === "GONE") {
        goneWhileWaiting.push(`ticket ${now.ticket} read GONE at ${at(now.receivedAtMs)}`);
      }
      if (now.position !== null && before.position !== null && now.position > before.position) {
        rises.push(`ticket ${now.ticket} rose from ${before.position} to ${now.position}`);
      }
    }
  }
  return {
    inversions: inversionsOf(places.flat()),
    rises,
    goneWhileWaiting,
    sharedTickets: sharedTickets(sightings),
    late: places.filter((place) => !place.at(-1)!.asTold).length,
    places: places.length,
  };
}

/**
 * Errors of the estimated wait in seconds, early ones negative: what each WAITING answer said,
 * less the time until the fan was told ADMITTED. Only fans who polled as told, for others waited
 * by choice.
 */
export function estimateErrors(sightings: readonly Sighting[], turnMs = 0): number[] {
  return judgedPlaces(sightings, turnMs).flatMap((place) => {
    const admitted = place.find(({ state }) => state === "ADMITTED");
    if (!admitted?.asTold) return [];
    return place.filter(({ state }) => state === "WAITING").flatMap((told) =>
      told.estimatedWaitSeconds === null
        ? []
        : [told.estimatedWaitSeconds - (admitted.receivedAtMs - told.receivedAtMs) / 1000]
    );
  });
}
