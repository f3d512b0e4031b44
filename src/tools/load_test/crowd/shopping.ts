import type { Reservation, SeatAnswer } from "../api/answers.ts";
import { type Fan, type SaleContext, think } from "./fan.ts";
import { payFor } from "./payments.ts";
import {
  type CallEnding,
  cancelHolds,
  type HoldEnding,
  holdSeats,
  type Outcome,
  readSchedulesOnSale,
  readSeats,
} from "./shop_calls.ts";

/** Attempts to hold or pay in one admission. */
const MAX_ROUNDS = 16;
/** One more than the default of SEAT_LIMIT. */
const GREEDY_SEATS = 5;
/** A late payer pays this long after the end of the hold. */
const LATE_BY_MS = 300;
/** A late payer waits at most this long: the holds of a server may last for minutes. */
const LONGEST_DELAY_MS = 8_000;

export type ShopEnding = "PAID" | "SOLD OUT" | "GAVE UP" | "WALKED AWAY" | CallEnding;

/** Adjacent free seats. `favouriteSpot` is a share from 0 to 1 of the free seats in their order. */
export function pickSeats(
  seats: readonly SeatAnswer[],
  seatsWanted: number,
  favouriteSpot: number,
): number[] {
  const free = seats.filter(({ status }) => status === "AVAILABLE")
    .sort((a, b) => a.seatNumber - b.seatNumber);
  const from = Math.floor(favouriteSpot * Math.max(0, free.length - seatsWanted + 1));
  return free.slice(from, from + seatsWanted).map(({ seatId }) => seatId);
}

type TakeEnding = HoldEnding | "SOLD OUT";

/** Finds free seats in the first schedule that has any, and holds them. */
async function takeSeats(
  fan: Fan,
  context: SaleContext,
  seatsWanted: number,
  spot: number,
): Promise<Outcome<readonly Reservation[], TakeEnding>> {
  const schedules = await readSchedulesOnSale(fan, context);
  if ("ending" in schedules) return schedules;
  if (schedules.value.length === 0) return { ending: "SOLD OUT" };
  for (const { scheduleId } of schedules.value) {
    const seats = await readSeats(fan, context, scheduleId);
    if ("ending" in seats) return seats;
    const seatIds = pickSeats(seats.value, seatsWanted, spot);
    if (seatIds.length === 0) continue;
    await think(fan, context);
    return await holdSeats(fan, context, scheduleId, seatIds);
  }
  // Other fans hold every seat. Some of the holds may lapse.
  return { ending: "LOST THE RACE" };
}

async function waitUntilLapsed(
  { stopSwitch, wallClock }: SaleContext,
  holds: readonly Reservation[],
): Promise<void> {
  const endsAtMs = Math.max(...holds.map(({ expiresAt }) => Date.parse(expiresAt)));
  const ms = endsAtMs - wallClock() + LATE_BY_MS;
  await stopSwitch.sleep(Math.max(0, Math.min(ms, LONGEST_DELAY_MS)));
}

/** An admitted fan tries to buy, until a purchase, a sell-out or the end of the fan's patience. */
export async function shop(
  fan: Fan,
  context: SaleContext,
  firstVisit: boolean,
): Promise<ShopEnding> {
  const { traits, random } = fan;
  const { observations } = context;
  let seatsWanted = traits.greedy ? GREEDY_SEATS : traits.seatsWanted;
  let patience = traits.patience;
  let changesSeats = firstVisit && traits.changesSeats;
  let paysLate = firstVisit && traits.paysLate;
  let spot = traits.favouriteSpot;
  for (let round = 0; round < MAX_ROUNDS && patience > 0; round++) {
    const taken = await takeSeats(fan, context, seatsWanted, spot);
    if ("ending" in taken) {
      if (taken.ending === "LOST THE RACE") {
        spot = random.between(0, 1);
        await think(fan, context);
      } else if (taken.ending === "OVER THE LIMIT") {
        if (!firstVisit) return "GAVE UP";
        seatsWanted = traits.seatsWanted;
      } else return taken.ending;
      patience--;
      continue;
    }
    await think(fan, context);
    if (firstVisit && traits.walksAway) return "WALKED AWAY";
    if (changesSeats) {
      changesSeats = false;
      observations.count("seats changed");
      await cancelHolds(fan, context, taken.value);
      spot = random.between(0, 1);
      continue;
    }
    if (paysLate) {
      paysLate = false;
      await waitUntilLapsed(context, taken.value);
    }
    const payEnding = await payFor(fan, context, taken.value);
    if (payEnding !== "LAPSED") return payEnding;
    observations.count("holds lapsed");
    patience--;
  }
  return "GAVE UP";
}
