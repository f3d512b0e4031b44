import type { PlaceObservation } from "../observations.ts";
import { type JudgedObservation, judgePlaces } from "./punctuality.ts";
import { formatTime, type Violation, violationsOf } from "./violation.ts";

/** Violations of the queue's rules. Only fans who poll on time count. */
export interface QueueFindings {
  /** WAITING answers sent after a higher ticket number had been ADMITTED. One for each place. */
  readonly inversions: readonly string[];
  readonly risenPositions: readonly string[];
  /** Places that read GONE while they were waiting. */
  readonly goneWhileWaiting: readonly string[];
  /** Ticket numbers of two places. */
  readonly sharedTickets: readonly string[];
  /** Places that were late once, so that the rest of their answers was not checked. */
  readonly latePlaces: number;
  readonly places: number;
}

const NOTHING_CHECKED: QueueFindings = {
  inversions: [],
  risenPositions: [],
  goneWhileWaiting: [],
  sharedTickets: [],
  latePlaces: 0,
  places: 0,
};

type Ticketed = JudgedObservation & { readonly ticket: number };

/** Compares each WAITING answer with the highest ticket admitted before its request was sent. */
function findInversions(judged: readonly JudgedObservation[]): string[] {
  const checked = judged.filter((one): one is Ticketed => one.onTime && one.ticket !== null);
  const admitted = checked.filter(({ state }) => state === "ADMITTED")
    .sort((a, b) => a.receivedAtMs - b.receivedAtMs);
  const waiting = checked.filter(({ state }) => state === "WAITING")
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
      `ticket ${fan.ticket} polled at ${formatTime(fan.sentAtMs)} and was WAITING, and ticket ` +
        `${highest.ticket} had been ADMITTED at ${formatTime(highest.receivedAtMs)}`,
    );
  }
  return [...found.values()];
}

function findSharedTickets(observations: readonly PlaceObservation[]): string[] {
  const owners = new Map<number, string>();
  const shared = new Set<string>();
  for (const { ticket, place } of observations) {
    if (ticket === null) continue;
    const owner = owners.get(ticket);
    if (owner !== undefined && owner !== place) {
      shared.add(`places ${owner} and ${place} have the same ticket ${ticket}`);
    }
    owners.set(ticket, owner ?? place);
  }
  return [...shared];
}

/**
 * Checks the order of the queue as the fans saw it. After a reset ticket numbers of two epochs mix,
 * so nothing is checked. `showUpMs` is the time to show up of the server: a larger value
 * makes more places count as on time.
 */
export function findQueueFaults(
  observations: readonly PlaceObservation[],
  queueWasReset: boolean,
  showUpMs = 0,
): QueueFindings {
  if (queueWasReset) return NOTHING_CHECKED;
  const places = judgePlaces(observations, showUpMs);
  const risenPositions: string[] = [];
  const goneWhileWaiting: string[] = [];
  for (const place of places) {
    for (const [index, { onTime, state, ticket, position, receivedAtMs }] of place.entries()) {
      const previous = place[index - 1];
      if (!previous || !onTime || previous.state !== "WAITING") continue;
      if (state === "GONE") {
        goneWhileWaiting.push(`ticket ${ticket} read GONE at ${formatTime(receivedAtMs)}`);
      }
      if (position !== null && previous.position !== null && position > previous.position) {
        risenPositions.push(`ticket ${ticket} rose from ${previous.position} to ${position}`);
      }
    }
  }
  return {
    inversions: findInversions(places.flat()),
    risenPositions,
    goneWhileWaiting,
    sharedTickets: findSharedTickets(observations),
    latePlaces: places.filter((place) => !place.at(-1)!.onTime).length,
    places: places.length,
  };
}

export function queueViolations(findings: QueueFindings): Violation[] {
  return [
    ...violationsOf("L2", findings.inversions),
    ...violationsOf("L3", findings.sharedTickets),
    ...violationsOf("L4", findings.risenPositions),
    ...violationsOf("L4", findings.goneWhileWaiting),
  ];
}

/**
 * Errors of the estimated wait in seconds: the estimate of each WAITING answer minus the time until
 * the admission. Only fans who polled on time count.
 */
export function estimateErrors(observations: readonly PlaceObservation[], showUpMs = 0): number[] {
  return judgePlaces(observations, showUpMs).flatMap((place) => {
    const admitted = place.find(({ state }) => state === "ADMITTED");
    if (!admitted?.onTime) return [];
    return place.filter(({ state }) => state === "WAITING").flatMap((waiting) =>
      waiting.estimatedWaitSeconds === null
        ? []
        : [waiting.estimatedWaitSeconds - (admitted.receivedAtMs - waiting.receivedAtMs) / 1000]
    );
  });
}
