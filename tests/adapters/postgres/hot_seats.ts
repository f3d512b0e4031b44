import { postgresAccounts } from "../../../src/adapters/postgres/accounts.ts";
import { postgresBookings } from "../../../src/adapters/postgres/bookings.ts";
import { postgresCatalogue } from "../../../src/adapters/postgres/catalogue.ts";
import type { Sql } from "../../../src/adapters/postgres/sql.ts";
import type { Reservation } from "../../../src/domain/booking.ts";
import { type FanId, MAIN_ROOM, type SeatId } from "../../../src/domain/ids.ts";
import {
  CURRENCY,
  type DateOnSale,
  type Fan,
  FIRST,
  must,
  newFan,
  newReservationId,
  PRICE,
  putOnSale,
  SEAT_LIMIT,
} from "../../contract/box_office/office.ts";
import { HANG_MS } from "../../support/wait.ts";
import { pick } from "./race.ts";

const SEATS_PER_DATE = 12;
/** Holds end after 1 to so many ms of PostgreSQL's own clock, many while they are paid for. */
const LONGEST_HOLD_MS = 50;
const ACTS_PER_FAN = 12;
const CHARGE = 20 * PRICE;

/** What became of every act; acts that none of these counts fail the run. */
export type Tally = Record<
  "held" | "taken" | "limited" | "paid" | "lapsed" | "cancelled" | "poor" | "swept",
  number
>;

/** What every run has to see. */
export const OUTCOMES = ["held", "taken", "paid", "lapsed", "limited"] as const;

export interface HotRun {
  readonly tally: Tally;
  /** Of concerts with one date each, once for each payment that reports it. */
  readonly soldOut: readonly number[];
  /** Seats got by holds, by what their answers said. */
  readonly seatsHeld: number;
  readonly charged: number;
  readonly spent: number;
}

/**
 * So many clients at once on two hot dates, for so long and until each of `OUTCOMES` has come. A
 * date that sells out is followed by another.
 */
export async function runHot(
  sql: Sql,
  random: () => number,
  { clients, leastMs }: { clients: number; leastMs: number },
): Promise<HotRun> {
  const parts = { sql };
  const bookings = postgresBookings(parts);
  const accounts = postgresAccounts(parts);
  const catalogue = postgresCatalogue({ ...parts, defaultSettings: FIRST, currency: CURRENCY });
  const clock = { nowMs: Date.now() };
  const newDate = async () =>
    (await putOnSale({ catalogue, clock }, [{ seats: SEATS_PER_DATE }]))[0];
  const hot: DateOnSale[] = [await newDate(), await newDate()];
  const tally: Tally = {
    held: 0,
    taken: 0,
    limited: 0,
    paid: 0,
    lapsed: 0,
    cancelled: 0,
    poor: 0,
    swept: 0,
  };
  const soldOut: number[] = [];
  let [seatsHeld, charged, spent] = [0, 0, 0];

  function hold(fan: FanId, date: DateOnSale, seatIds: readonly SeatId[]) {
    return bookings.holdAll({
      fan,
      place: { room: MAIN_ROOM, fan, order: 1, epoch: "hot" },
      concertId: date.concertId,
      scheduleId: date.scheduleId,
      seats: seatIds.map((seatId) => ({ seatId, reservationId: newReservationId() })),
      seatLimit: SEAT_LIMIT,
      holdTtlMs: 1 + Math.floor(random() * LONGEST_HOLD_MS),
    });
  }

  async function wishAndHold(buyer: Fan, date: DateOnSale): Promise<readonly Reservation[]> {
    const wish = pick(random, date.seatIds, 1 + Math.floor(random() * SEAT_LIMIT));
    const outcome = await hold(buyer.fan, date, wish);
    if (outcome.ok) {
      const held: readonly Reservation[] = JSON.parse(outcome.value.json).reservations;
      if (held.length !== wish.length) throw new Error("B2: a partial hold");
      tally.held++;
      seatsHeld += wish.length;
      return held;
    }
    const { kind } = outcome.failure;
    if (kind === "SEAT_UNAVAILABLE") tally.taken++;
    else if (kind === "SEAT_LIMIT_EXCEEDED") tally.limited++;
    else throw new Error(`a hold was refused: ${JSON.stringify(outcome.failure)}`);
    return [];
  }

  async function pay(buyer: Fan, held: readonly Reservation[]) {
    const outcome = await buyer.pay(held);
    if (outcome.ok) {
      tally.paid++;
      spent += JSON.parse(outcome.value.json).totalAmount;
      for (const concertId of outcome.value.effects.concertsWithChangedSchedule) {
        soldOut.push(concertId);
        const at = hot.findIndex((date) => date.concertId === concertId);
        hot[at] = await newDate();
      }
    } else if (outcome.failure.kind === "RESERVATION_NOT_PAYABLE") tally.lapsed++;
    else if (outcome.failure.kind === "INSUFFICIENT_BALANCE") tally.poor++;
    else throw new Error(`a payment was refused: ${JSON.stringify(outcome.failure)}`);
  }

  async function act(buyer: Fan) {
    const date = hot[Math.floor(random() * hot.length)]!;
    // Two holds at once, so that they might pass the limit together.
    const held = (await Promise.all([wishAndHold(buyer, date), wishAndHold(buyer, date)])).flat();
    const dice = random();
    if (held.length > 0 && dice < 0.7) await pay(buyer, held);
    else if (held.length > 0 && dice < 0.8) {
      const [cancelled] = await Promise.all([buyer.cancel(held[0]!), pay(buyer, held)]);
      if (cancelled.ok) tally.cancelled++;
    } else if (dice > 0.98) tally.swept += (await bookings.sweep(5)).holds;
  }

  const startedMs = performance.now();
  const hasSeenAll = () => OUTCOMES.every((what) => tally[what] > 0) && soldOut.length > 0;
  const isOver = () => {
    const lastedMs = performance.now() - startedMs;
    return lastedMs >= HANG_MS || (lastedMs >= leastMs && hasSeenAll());
  };
  await Promise.all(Array.from({ length: clients }, async () => {
    while (!isOver()) {
      const buyer = newFan({ bookings, accounts });
      must(await buyer.charge(CHARGE));
      charged += CHARGE;
      for (let done = 0; done < ACTS_PER_FAN && !isOver(); done++) {
        await act(buyer);
      }
    }
  }));
  return { tally, soldOut, seatsHeld, charged, spent };
}
