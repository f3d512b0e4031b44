import { postgresAccounts } from "../../../src/adapters/postgres/accounts.ts";
import { postgresBookings } from "../../../src/adapters/postgres/bookings.ts";
import { postgresCatalogue } from "../../../src/adapters/postgres/catalogue.ts";
import type { Sql } from "../../../src/adapters/postgres/sql.ts";
import type { Reservation } from "../../../src/domain/booking.ts";
import { MAIN_ROOM, type SeatId } from "../../../src/domain/ids.ts";
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

/** Holds end after 5 to so many ms of PostgreSQL's own clock: many while they are paid for. */
const SHORTEST_HOLD_MS = 5;
const LONGEST_HOLD_MS = 60;
/** The second hold is asked for at some time of the first one, or a little later. */
const LATEST_SECOND_HOLD = 1.5;
const CHARGE = 4 * SEAT_LIMIT * PRICE;

/** What became of the acts; an act that ends in another way fails the run. */
export type CrowdTally = Record<
  "tries" | "paid" | "lapsed" | "heldAgain" | "limited",
  number
>;

/**
 * Payers who come in waves, so long. All of a wave hold as many seats of one date as they may, for
 * a short time, and pay for them at once, so that they wait in line for the date; each asks for as
 * many other seats while the holds lapse, and pays for these too.
 */
export async function runPayerCrowd(
  sql: Sql,
  random: () => number,
  { payers, leastMs }: { payers: number; leastMs: number },
): Promise<CrowdTally> {
  const parts = { sql };
  const bookings = postgresBookings(parts);
  const accounts = postgresAccounts(parts);
  const catalogue = postgresCatalogue({ ...parts, defaultSettings: FIRST, currency: CURRENCY });
  const tally: CrowdTally = { tries: 0, paid: 0, lapsed: 0, heldAgain: 0, limited: 0 };

  async function hold(
    { fan }: Fan,
    { concertId, scheduleId }: DateOnSale,
    seatIds: readonly SeatId[],
    holdTtlMs: number,
  ): Promise<readonly Reservation[]> {
    const held = await bookings.holdAll({
      fan,
      place: { room: MAIN_ROOM, fan, order: 1, epoch: "crowd" },
      concertId,
      scheduleId,
      seats: seatIds.map((seatId) => ({ seatId, reservationId: newReservationId() })),
      seatLimit: SEAT_LIMIT,
      holdTtlMs,
    });
    if (held.ok) return JSON.parse(held.value.json).reservations;
    if (held.failure.kind !== "SEAT_LIMIT_EXCEEDED") throw new Error(held.failure.kind);
    tally.limited++;
    return [];
  }

  async function pay(buyer: Fan, held: readonly Reservation[]): Promise<void> {
    const paid = await buyer.pay(held);
    if (paid.ok) tally.paid++;
    else if (paid.failure.kind === "RESERVATION_NOT_PAYABLE") tally.lapsed++;
    else throw new Error(paid.failure.kind);
  }

  async function buy(buyer: Fan, date: DateOnSale, seats: readonly SeatId[]): Promise<void> {
    const ttlMs = SHORTEST_HOLD_MS + random() * (LONGEST_HOLD_MS - SHORTEST_HOLD_MS);
    const first = await hold(buyer, date, seats.slice(0, SEAT_LIMIT), Math.ceil(ttlMs));
    if (first.length === 0) throw new Error("a new fan has no seat");
    tally.tries++;
    const holdAgain = async () => {
      const waitMs = random() * LATEST_SECOND_HOLD * ttlMs;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      const second = await hold(buyer, date, seats.slice(SEAT_LIMIT), FIRST.holdTtlMs);
      if (second.length === 0) return;
      tally.heldAgain++;
      await pay(buyer, second);
    };
    await Promise.all([pay(buyer, first), holdAgain()]);
  }

  const startedMs = performance.now();
  while (performance.now() - startedMs < leastMs || tally.limited === 0 || tally.lapsed === 0) {
    const clock = { nowMs: Date.now() };
    const [date] = await putOnSale({ catalogue, clock }, [{ seats: 2 * SEAT_LIMIT * payers }]);
    const buyers = await Promise.all(Array.from({ length: payers }, async () => {
      const buyer = newFan({ bookings, accounts });
      must(await buyer.charge(CHARGE));
      return buyer;
    }));
    await Promise.all(buyers.map((buyer, index) => {
      const from = 2 * SEAT_LIMIT * index;
      return buy(buyer, date, date.seatIds.slice(from, from + 2 * SEAT_LIMIT));
    }));
  }
  return tally;
}
