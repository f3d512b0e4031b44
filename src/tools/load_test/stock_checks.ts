import type { Breach } from "./audit.ts";
import type { Sighting } from "./seen.ts";

/** When each seat was first asked for, and first asked to be paid, whatever came of it. */
export interface SeatAsks {
  readonly firstHolds: ReadonlyMap<number, number>;
  readonly firstPayments: ReadonlyMap<number, number>;
}

const at = (ms: number) => `${(ms / 1000).toFixed(2)} s`;

/** When the last of so many seats was first asked for; never, if any was not. */
function allAskedAtMs(asks: ReadonlyMap<number, number>, seats: number): number {
  if (asks.size < seats) return Infinity;
  return [...asks.values()].reduce((latest, ms) => Math.max(latest, ms), -Infinity);
}

function check(
  told: readonly Sighting[],
  provenAtMs: number,
  what: (times: number, toldAt: string, provenAt: string) => string,
): Breach[] {
  const early = told.filter(({ receivedAtMs }) => receivedAtMs < provenAtMs);
  if (early.length === 0) return [];
  const first = early.reduce((a, b) => a.receivedAtMs <= b.receivedAtMs ? a : b);
  const provenAt = provenAtMs === Infinity ? "never" : at(provenAtMs);
  return [{ law: "sold out", what: what(early.length, at(first.receivedAtMs), provenAt) }];
}

/**
 * SOLD_OUT that was told too soon, as far as the crowd's own requests prove it, for nobody else
 * buys here: a seat is free until somebody asks to hold it, and may return until it is asked to be
 * paid. What was free again and not counted yet is no breach.
 */
export function checkSoldOut(
  sightings: readonly Sighting[],
  { firstHolds, firstPayments }: SeatAsks,
  seats: number,
): Breach[] {
  const told = sightings.filter(({ reason }) => reason === "SOLD_OUT");
  const forGood = told.filter(({ seatsMayReturn }) => seatsMayReturn !== true);
  return [
    ...check(
      told,
      allAskedAtMs(firstHolds, seats),
      (times, toldAt, askedAt) =>
        `told ${times} times from ${toldAt} on, and the last seat was first asked for: ${askedAt}`,
    ),
    ...check(
      forGood,
      allAskedAtMs(firstPayments, seats),
      (times, toldAt, paidAt) =>
        `told for good ${times} times from ${toldAt} on, and the last seat was first asked to be ` +
        `paid: ${paidAt}`,
    ),
  ];
}
