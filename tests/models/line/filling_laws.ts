import { admissionPace } from "../../../src/domain/room.ts";
import { COUNT_TAKES_MS, DRAW_STEP_MS } from "../../../src/domain/queue_bounds.ts";
import { allowsNow, type Epoch } from "./epoch.ts";
import type { Looked } from "./look_laws.ts";
import { isPunctual, type Place, type Span } from "./places.ts";
import { limitedInside } from "./witness.ts";

/** No free slot idles while a fan who calls waits, as far as rate and stock allow. */
export function checkFilling(looked: Looked): void {
  const { witness: { laws, graceMs }, epoch, after } = looked;
  const { atMs, counts } = after;
  const { rules, lastSlotMs } = epoch;
  if (!allowsNow(epoch, atMs).promotes || atMs < epoch.holdUntilMs) return;
  // A draw is over a step after its last fan was drawn, or left.
  const isDrawing = epoch.places.some(({ lotOpenedMs, order, state, end }) =>
    lotOpenedMs !== null && order === null &&
    (state !== "OVER" || atMs < end!.byMs + DRAW_STEP_MS)
  );
  if (isDrawing || mayLackSeats(looked)) return;
  const pace = admissionPace(rules.admissionsPerMinute);
  const sinceMs = Math.max(lastSlotMs, epoch.rulesAppliedMs);
  if (pace && atMs - sinceMs <= Math.ceil(pace.intervalMs)) return;
  if (pace && epoch.hasLostActs) return;
  const isWaiting = [...after.states].find(([place, state]) =>
    (state === "WAITING" || state === "RETURNED") && isPunctual(place, atMs, graceMs)
  );
  laws.check(
    "no free slot idles while a fan who calls waits",
    counts.admitted >= rules.capacity || isWaiting === undefined,
    () => `${counts.admitted} of ${rules.capacity} inside, and ${isWaiting?.[0].fan} waits`,
  );
}

/** Whether the stock may keep fans from going in. */
function mayLackSeats({ epoch, witness: { period } }: Looked): boolean {
  const { limitedSinceMs, budget } = epoch.stock;
  if (epoch.hasLostActs && epoch.stock.asOfMs > -Infinity) return true;
  if (limitedSinceMs === null) return false;
  return budget === null || budget <= 0 || period.sinceMs < limitedSinceMs;
}

/**
 * How many more may go in for certain by a count that arrived then. It is not certain whether ends
 * close to the count are in it.
 */
function leastBudget({ places, stock }: Epoch, arrivedMs: number): number | null {
  const { limitedSinceMs, available } = stock;
  if (limitedSinceMs === null) return null;
  const isClose = ({ afterMs, byMs }: Span) =>
    afterMs <= arrivedMs && byMs >= arrivedMs - COUNT_TAKES_MS;
  let inside = 0;
  for (const { slot, end, parked } of places) {
    // A fan who was parked between two looks may have had a slot.
    const given = slot ?? parked;
    if (given === null || given.byMs <= limitedSinceMs || given.afterMs > arrivedMs) continue;
    const over = end ?? (parked && (slot === null || parked.byMs > slot.byMs) ? parked : null);
    if (over && isClose(over)) return null;
    if (!over || over.byMs > arrivedMs) inside++;
  }
  return available - inside;
}

/** Nobody is admitted for nothing: those who went in since the sell-out are not more than seats. */
export function checkStock(
  { witness: { laws, period }, epoch, before }: Looked,
  seats: number | null,
): void {
  const { stock } = epoch;
  const fresh = [...period.slots];
  if (stock.arrivedMs !== null) stock.budget = leastBudget(epoch, stock.arrivedMs);
  stock.arrivedMs = null;
  // The act that ended or parked a waiting place may have called its fan before.
  const mayHaveGoneIn = epoch.places.filter((place) =>
    place.slot === null && (period.ended.has(place) || place.parked?.afterMs === period.sinceMs)
  );
  if (stock.budget !== null) stock.budget -= fresh.length + mayHaveGoneIn.length;
  if (seats === null || !before || !stock.isKnown || epoch.hasLostActs) return;
  // Whoever joins an empty line goes in also when no seat is left.
  const isNew = (place: Place) => period.created.has(place);
  const certain = fresh.filter((place) => !isNew(place));
  if (!period.isLimited || certain.length === 0 || period.released > 0) return;
  const inside = limitedInside(epoch).filter((place) => !place.hasPaid && !isNew(place));
  const boughtSince = stock.unlimitedBuysMs.filter((atMs) => atMs >= stock.asOfMs).length;
  laws.check(
    "nobody goes in for nothing",
    inside.length <= seats + boughtSince,
    () => `${inside.map(({ fan }) => fan)} are inside for ${seats} seats`,
  );
}
