import { deepEqual, equal, ok } from "node:assert/strict";
import { postgresSales } from "../../../src/adapters/postgres/sales.ts";
import { postgresSeating } from "../../../src/adapters/postgres/seating.ts";
import { postgresSupportRecords } from "../../../src/adapters/postgres/support_records.ts";
import {
  type ConcertId,
  type FanId,
  MAIN_ROOM,
  type RoomId,
  type ScheduleId,
} from "../../../src/domain/ids.ts";
import {
  ALEX,
  must,
  newFan,
  newOnce,
  newRefundId,
  newRichFan,
  nth,
  seatsShown,
} from "../../contract/box_office/office.ts";
import { atDoor } from "../../contract/tickets/tickets.ts";
import { A_FAN, CONCERT_ON_SALE, QUIET_ROOM, SMALL_ROOM } from "./large_catalogue.ts";
import type { WatchedSession } from "./large_catalogue_plans.ts";
import { officeOver } from "./office.ts";

/** Large enough that no table but that of the concerts is read whole for its smallness. */
export const SIZE = {
  concerts: 400,
  datesOfConcert: 10,
  seatsOfDate: 20,
  payments: 40_000,
  fans: 4_000,
  holds: 2_000,
  records: 10_000,
};
const PAGE = { limit: 20, after: null };
const SWEPT = 50;
const ALL_SALES = { scheduleId: null, seatId: null, userId: null };
const WET = { dryRun: false };

/** Its seats are numbered by the act. */
function newDate() {
  const seat = { price: 1, section: null, row: null, x: null, y: null };
  return {
    concertAt: new Date(Date.now() + 86_400_000).toISOString(),
    reservationAvailableAt: new Date().toISOString(),
    seats: [seat, seat],
  };
}

/** Every statement of the box office by its own adapter, on that session. */
export function acts({ sql }: WatchedSession) {
  // Real time: the catalogue's openings and ends are around now.
  const office = officeOver({ sql, close: async () => {} }, { nowMs: Date.now() });
  const { catalogue, bookings, accounts, auditLog, refunds, stockCounter, tickets } = office;
  const records = postgresSupportRecords({ sql });
  const sales = postgresSales({ sql });
  const seating = postgresSeating({ sql });
  const concertId = CONCERT_ON_SALE as ConcertId;
  const soldOut = (SIZE.concerts + 1) as ConcertId;
  const scheduleId = 1 as ScheduleId;
  const fan = A_FAN as FanId;

  async function freeSeats(count: number) {
    const { seats } = must(await seatsShown({ catalogue }, { concertId, scheduleId }));
    const free = seats.filter(({ status }) => status === "AVAILABLE").slice(0, count);
    return { concertId, scheduleId, seatIds: free.map(({ seatId }) => seatId) };
  }

  return {
    "listOnSale()": async () => {
      equal((await catalogue.listOnSale(0)).value.concerts.length, SIZE.concerts);
    },
    "idsOnSale()": async () => {
      equal((await catalogue.idsOnSale()).length, SIZE.concerts);
    },
    "list()": async () => {
      const filter = { status: "ON_SALE", room: MAIN_ROOM } as const;
      const first = await catalogue.list(filter, { ...PAGE, limit: 5 });
      equal(
        (await catalogue.list(filter, { ...PAGE, after: first.next })).items.length,
        PAGE.limit,
      );
    },
    "listSchedules()": async () => {
      ok((await catalogue.listSchedules(concertId))!.value.schedules.length > 0);
    },
    "seatMap()": async () => {
      const map = await catalogue.seatMap({ concertId, scheduleId }, null);
      equal(map!.rows.length, SIZE.seatsOfDate);
    },
    "seatStatuses()": async () => {
      const { value } = must(await catalogue.seatStatuses({ concertId, scheduleId }));
      equal(value.statuses.length, SIZE.seatsOfDate);
    },
    "get()": async () => {
      equal((await catalogue.get(concertId))?.schedules.length, SIZE.datesOfConcert);
    },
    "balance()": async () => {
      equal(await accounts.balance(fan), 1_000_000);
    },
    "listReservations()": async () => {
      const first = await bookings.listReservations(fan, { ...PAGE, limit: 5 });
      equal(first.items.length, 5);
      ok((await bookings.listReservations(fan, { ...PAGE, after: first.next })).items.length > 0);
      const { status, scheduleId } = nth(first.items, 0);
      const chosen = await bookings.listReservations(fan, PAGE, { status, scheduleId });
      ok(chosen.items.length > 0);
    },
    "listPayments() and getPayment()": async () => {
      const { items, next } = await bookings.listPayments(fan, { ...PAGE, limit: 5 });
      ok((await bookings.listPayments(fan, { ...PAGE, after: next })).items.length > 0);
      const { paymentId } = nth(items, 0);
      equal((await bookings.getPayment(fan, paymentId))?.history.length, 1);
    },
    "tickets.list(), get() and checkIn()": async () => {
      const first = await tickets.list(fan, { ...PAGE, limit: 5 });
      ok((await tickets.list(fan, { ...PAGE, after: first.next })).items.length > 0);
      const { ticketId, scheduleId } = nth(first.items, 0);
      equal((await tickets.get(fan, ticketId))?.status, "VALID");
      must(await tickets.checkIn(atDoor({ ticketId, scheduleId }), newOnce("in")));
    },
    "ofFan()": async () => {
      ok((await records.ofFan(fan)).payments.length > 0);
    },
    "sales()": async () => {
      equal((await sales.list(soldOut, ALL_SALES, PAGE))?.items.length, PAGE.limit);
    },
    "lastHour()": async () => {
      await sales.lastHour(MAIN_ROOM);
    },
    "sales() of a seat": async () => {
      const [sale] = (await sales.list(soldOut, ALL_SALES, { ...PAGE, limit: 1 }))!.items;
      const { scheduleId, seatId, userId } = sale!;
      const found = await sales.list(soldOut, { scheduleId, seatId, userId: null }, PAGE);
      deepEqual(found?.items, [sale]);
      ok((await sales.list(soldOut, { ...ALL_SALES, userId }, PAGE))!.items.length > 0);
    },
    "addSchedule() and addSeats()": async () => {
      const added = must(await seating.addSchedule(concertId, newDate(), null));
      const { scheduleId } = added.schedule;
      must(await seating.addSeats({ concertId, scheduleId }, newDate().seats, WET, null));
    },
    "seats()": async () => {
      must(await seating.seats({ concertId, scheduleId }));
    },
    "changeSeat()": async () => {
      const { seatIds } = await freeSeats(1);
      for (const status of ["BLOCKED", "AVAILABLE"] as const) {
        must(
          await seating.changeSeat({ concertId, scheduleId }, nth(seatIds, 0), { status }, null),
        );
      }
    },
    "update()": async () => {
      const schedules = [{ scheduleId, salesEndAt: new Date(Date.now() + 60_000).toISOString() }];
      must(await catalogue.update(concertId, { schedules }, null));
    },
    "holdAll(), pay(), cancel() and charge()": async () => {
      const buyer = await newRichFan(office);
      must(
        await buyer.pay(must(await buyer.hold(await freeSeats(2), (await freeSeats(2)).seatIds))),
      );
      const leaver = newFan(office);
      const [held] = must(await leaver.hold(await freeSeats(1), (await freeSeats(1)).seatIds));
      must(await leaver.cancel(held!));
    },
    "ledgerOf()": async () => {
      const first = await records.ledgerOf(fan, { ...PAGE, limit: 5 });
      ok((await records.ledgerOf(fan, { ...PAGE, after: first.next })).items.length > 0);
    },
    "refund()": async () => {
      const { items: [payment] } = await bookings.listPayments(fan, PAGE);
      const { paymentId } = payment!;
      ok(must(await refunds.refund({ paymentId, act: ALEX, seatBackOnSale: true })).effects);
    },
    "refund of a concert": async () => {
      const order = { refundId: newRefundId(), scheduleId: null, act: ALEX, seatsBackOnSale: true };
      const { job } = must(await refunds.accept({ ...order, concertId: soldOut }));
      equal((await refunds.carryOn(job.refundId, SWEPT)).refunded, SWEPT);
      equal((await refunds.get(soldOut, job.refundId))?.refunded, SWEPT);
    },
    "auditLog()": async () => {
      const first = await auditLog.list(null, PAGE);
      equal((await auditLog.list(null, { ...PAGE, after: first.next })).items.length, PAGE.limit);
    },
    "auditLog() of a room": async () => {
      const quiet = QUIET_ROOM as RoomId;
      const first = await auditLog.list(quiet, { ...PAGE, limit: 5 });
      ok((await auditLog.list(quiet, { ...PAGE, after: first.next })).items.length > 0);
    },
    "count()": async () => {
      const stock = await stockCounter.count(MAIN_ROOM);
      equal(stock?.available, 1000);
      ok(stock!.returnsAtMs! > stock!.asOfMs);
    },
    "count() where all is sold": async () => {
      deepEqual((await stockCounter.count(SMALL_ROOM as RoomId))?.available, 0);
    },
    "sweep()": async () => {
      deepEqual(await bookings.sweep(SWEPT), { holds: SWEPT, records: SWEPT });
    },
  } satisfies Record<string, () => Promise<void>>;
}

export type ActName = keyof ReturnType<typeof acts>;
