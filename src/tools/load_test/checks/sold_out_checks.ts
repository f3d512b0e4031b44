import type { PlaceObservation } from "../observations.ts";
import { formatTime, type Violation, violationsOf } from "./violation.ts";

/** By seat: the time of the first request to hold it, and to pay it, whatever the answer. */
export interface SeatRequests {
  readonly firstHolds: ReadonlyMap<number, number>;
  readonly firstPayments: ReadonlyMap<number, number>;
}

/** When every seat had been requested. Infinity: one never was. */
function allRequestedAtMs(requests: ReadonlyMap<number, number>, seats: number): number {
  if (requests.size < seats) return Infinity;
  return [...requests.values()].reduce((latest, ms) => Math.max(latest, ms), -Infinity);
}

function findEarly(
  soldOut: readonly PlaceObservation[],
  requestedAtMs: number,
  subject: string,
  request: string,
): string[] {
  const early = soldOut.filter(({ receivedAtMs }) => receivedAtMs < requestedAtMs);
  if (early.length === 0) return [];
  const first = early.reduce((a, b) => a.receivedAtMs <= b.receivedAtMs ? a : b);
  const requestedAt = requestedAtMs === Infinity ? "never" : formatTime(requestedAtMs);
  return [
    `${early.length} answers had ${subject} from ${formatTime(first.receivedAtMs)} on, and the ` +
    `first request to ${request} the last seat was sent: ${requestedAt}`,
  ];
}

/**
 * Finds SOLD_OUT answers that came too early. Only the crowd buys here: a seat is free until the
 * first request to hold it, and may return until the first request to pay it. A seat that is free
 * again and not counted yet is no violation.
 */
export function checkSoldOut(
  places: readonly PlaceObservation[],
  { firstHolds, firstPayments }: SeatRequests,
  seats: number,
): Violation[] {
  const soldOut = places.filter(({ reason }) => reason === "SOLD_OUT");
  const final = soldOut.filter(({ seatsMayReturn }) => seatsMayReturn !== true);
  return violationsOf("sold out", [
    ...findEarly(soldOut, allRequestedAtMs(firstHolds, seats), "SOLD_OUT", "hold"),
    ...findEarly(
      final,
      allRequestedAtMs(firstPayments, seats),
      "SOLD_OUT without seatsMayReturn",
      "pay",
    ),
  ]);
}
