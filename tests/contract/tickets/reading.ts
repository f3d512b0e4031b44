import { deepEqual, equal } from "node:assert/strict";
import type { TicketStatus } from "../../../src/domain/ticket.ts";
import { assertLaws } from "../box_office/laws.ts";
import {
  type BoxOffice,
  type ContractTest,
  must,
  newFan,
  newRichFan,
  newTicketId,
  nth,
  putOnSale,
  rfc3339,
} from "../box_office/office.ts";
import { atDoor, buyTicket, refund } from "./tickets.ts";

async function statusOf(
  { tickets }: BoxOffice,
  { fan, ticket }: Awaited<ReturnType<typeof buyTicket>>,
): Promise<TicketStatus | undefined> {
  return (await tickets.get(fan.fan, ticket.ticketId))?.status;
}

async function withdraw(
  { sql }: BoxOffice,
  table: "concerts" | "schedules",
  id: number,
  at: string | null,
): Promise<void> {
  const column = table === "concerts" ? "concert_id" : "schedule_id";
  const text = `update ${table} set withdrawn_at = $1::text::timestamptz
    where ${column} = $2::text::bigint`;
  await sql(text, [at, String(id)]);
}

export function ticketReadingContract(test: ContractTest): void {
  test("`tickets.get()` tells a paid reservation's concert, date and seat", async (office) => {
    const { clock, tickets, bookings } = office;
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = await newRichFan(office);
    const reservation = await fan.holdOne(date, nth(date.seatIds, 1));
    deepEqual(await tickets.list(fan.fan, { limit: 9, after: null }), { items: [], next: null });
    must(await fan.pay([reservation]));
    const [paid] = (await bookings.listReservations(fan.fan, { limit: 9, after: null })).items;
    const ticket = {
      ticketId: paid!.ticketId!,
      reservationId: reservation.reservationId,
      concertId: date.concertId,
      concertTitle: "Ode",
      venue: null,
      timeZone: "Asia/Seoul",
      scheduleId: date.scheduleId,
      concertAt: rfc3339(clock.nowMs + 86_400_000),
      seatNumber: 2,
      seatLabel: "2",
      section: null,
      row: null,
      status: "VALID",
      checkedInAt: null,
      door: null,
    };
    deepEqual(await tickets.get(fan.fan, ticket.ticketId), ticket);
    deepEqual((await tickets.list(fan.fan, { limit: 9, after: null })).items, [ticket]);
  });

  test("`tickets.get()` knows no missing ticket and none of another fan", async (office) => {
    const { fan, ticket } = await buyTicket(office);
    equal(await office.tickets.get(newFan(office).fan, ticket.ticketId), null);
    equal(await office.tickets.get(fan.fan, newTicketId()), null);
  });

  test("`tickets.list()` has the fan's own in pages, newest first", async (office) => {
    const { clock, tickets } = office;
    const [date] = await putOnSale(office, [{ seats: 5 }]);
    const fan = await newRichFan(office);
    for (const count of [1, 2, 1]) {
      const taken = (await tickets.list(fan.fan, { limit: 9, after: null })).items.length;
      must(await fan.pay(must(await fan.hold(date, date.seatIds.slice(taken, taken + count)))));
      clock.nowMs += 1;
    }
    const other = await newRichFan(office);
    must(await other.pay([await other.holdOne(date, nth(date.seatIds, 4))]));
    const pages: number[][] = [];
    let after = null;
    do {
      const { items, next } = await tickets.list(fan.fan, { limit: 2, after });
      pages.push(items.map(({ seatNumber }) => seatNumber));
      after = next;
    } while (after);
    // Of tickets of one payment, the one that was asked for first is on top.
    deepEqual(pages, [[4, 2], [3, 1]]);
  });

  test("a ticket is VOID while its concert or schedule is withdrawn", async (office) => {
    const bought = await buyTicket(office);
    const { date: { concertId, scheduleId } } = bought;
    for (const [table, id] of [["concerts", concertId], ["schedules", scheduleId]] as const) {
      await withdraw(office, table, id, rfc3339(office.clock.nowMs));
      equal(await statusOf(office, bought), "VOID");
      await withdraw(office, table, id, null);
      equal(await statusOf(office, bought), "VALID");
    }
  });

  test("a ticket that was refunded is VOID for good, let in or not", async (office) => {
    for (const isLetIn of [false, true]) {
      const bought = await buyTicket(office);
      const { fan, ticket } = bought;
      if (isLetIn) {
        must(await office.tickets.checkIn(atDoor(ticket), null));
        equal(await statusOf(office, bought), "CHECKED_IN");
      }
      await refund(office, bought);
      equal(await statusOf(office, bought), "VOID");
      const { items } = await office.tickets.list(fan.fan, { limit: 9, after: null });
      deepEqual(items.map(({ status }) => status), ["VOID"], "it is still listed");
      equal(nth(items, 0).checkedInAt, isLetIn ? rfc3339(office.clock.nowMs) : null);
    }
    await assertLaws(office.sql);
  });
}
