import type { FanId } from "../../../src/domain/ids.ts";
import type { Ticket } from "../../../src/domain/ticket.ts";
import type { CheckIn } from "../../../src/ports/tickets.ts";
import {
  type BoxOffice,
  type DateOnSale,
  type Fan,
  must,
  newRichFan,
  nth,
  PRICE,
  putOnSale,
} from "../box_office/office.ts";

export interface BoughtTicket {
  readonly fan: Fan;
  readonly date: DateOnSale;
  readonly ticket: Ticket;
}

/** The latest ticket of the fan. */
export async function latestTicket({ tickets }: BoxOffice, fan: FanId): Promise<Ticket> {
  const { items } = await tickets.list(fan, { limit: 1, after: null });
  return nth(items, 0);
}

/** A ticket for the only seat of a new concert. */
export async function buyTicket(office: BoxOffice): Promise<BoughtTicket> {
  const [date] = await putOnSale(office, [{ seats: 1 }]);
  const fan = await newRichFan(office);
  must(await fan.pay([await fan.holdOne(date, nth(date.seatIds, 0))]));
  return { fan, date, ticket: await latestTicket(office, fan.fan) };
}

export function atDoor(
  { ticketId, scheduleId }: Pick<Ticket, "ticketId" | "scheduleId">,
  changes: Partial<CheckIn> = {},
): CheckIn {
  return {
    ticket: { ticketId, scheduleId },
    forSchedule: null,
    by: { role: "DOOR", name: "north" },
    door: "Gate 3",
    ...changes,
  };
}

/** The reservation's row, locked as a refund locks it. */
export const LOCK_RESERVATION =
  "select 1 from reservations where reservation_id = $1 for no key update";

/** Refunds what costs `PRICE`, and puts its seat back on sale, in one statement. */
const REFUND = `
  with reservation as (
    update reservations set status = 'REFUNDED' where reservation_id = $1 returning *
  ), seat as (
    update seats s set sold = false, held_until = null from reservation r where s.seat_id = r.seat_id
  ), payment as (
    update payments y set status = 'REFUNDED', refunded_at = now() from reservation r
      where y.reservation_id = r.reservation_id returning y.*
  ), balance as (
    update balances b set balance = b.balance + y.amount from payment y where b.fan_id = y.fan_id
  ), entry as (
    insert into ledger_entries (fan_id, kind, amount, payment_id, at)
      select fan_id, 'REFUND', amount, payment_id, now() from payment
  ), history as (
    insert into payment_history (payment_id, status, amount, at)
      select payment_id, 'REFUNDED', ${PRICE}, now() from payment
  )
  select change_seats_left(array_agg(schedule_id), 1, now()) from reservation`;

/** A refund by the rows that it changes. */
export async function refund(
  { sql }: Pick<BoxOffice, "sql">,
  { reservationId }: Pick<Ticket, "reservationId">,
): Promise<void> {
  await sql(REFUND, [reservationId]);
}
