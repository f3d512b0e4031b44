import type { PostgresDatabase } from "../../support/postgres_server.ts";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import {
  ALEX,
  type BoxOffice,
  CURRENCY,
  must,
  newDraw,
  newFan,
  newOnce,
  newRefundId,
  newRichFan,
  newRoom,
  nth,
  PRICE,
  putOnSale,
} from "../../contract/box_office/office.ts";
import { acceptRefund } from "../../contract/refunds/concert_refunds.ts";
import { paidSeats } from "../../contract/refunds/refunding.ts";
import { officeOver } from "./office.ts";

/** What the fan of `actsIn` was charged. */
export const CHARGED = 10 * PRICE;

export const REPEATABLE = [
  "pay",
  "charge",
  "cancel",
  "refund",
  "refund of a concert",
  "correction",
  "balance",
  "own reservations",
  "seat map",
  "seat statuses",
  "list of concerts",
  "schedules",
  "the operator's change",
  "a room's rules",
  "a room's change",
  "a room's opening",
  "audit log",
  "stock",
] as const;
export const ONCE_ONLY = [
  "hold",
  "create",
  "sweep",
  "new room",
  "audit entry",
  "batch of a refund",
] as const;

type Repeatable = typeof REPEATABLE[number];
type OnceOnly = typeof ONCE_ONLY[number];

/** A fan with money and two holds, made in peace, who from now on acts in this office. */
export async function actsIn(database: PostgresDatabase, office: BoxOffice) {
  const peace = officeOver({ sql: database.sql, close: () => Promise.resolve() });
  const [date] = await putOnSale(peace, [{ seats: 4 }]);
  const made = newFan(peace);
  must(await made.charge(CHARGED));
  const held = must(await made.hold(date, date.seatIds.slice(0, 2)));
  const [first] = held;
  const [paidDate] = await putOnSale(peace, [{ seats: 1 }]);
  const [paymentId] = await paidSeats(await newRichFan(peace), paidDate);
  const refundId = newRefundId();
  const once = newOnce("act");
  const input = { fan: made.fan, amount: 5, currency: CURRENCY, act: null };
  const items = held.map(({ reservationId }, at) => ({
    reservationId,
    paymentId: `pay_${once.key}.${at}` as const,
    ticketId: `tkt_${once.key}.${at}` as const,
  }));
  const { accounts, auditLog, bookings, catalogue, refunds, rooms, stockCounter } = office;
  const page = { limit: 20, after: null };
  const order = {
    fan: made.fan,
    place: made.place,
    concertId: date.concertId,
    scheduleId: date.scheduleId,
    holdTtlMs: 300_000,
    seatLimit: 4,
    seats: [{ seatId: nth(date.seatIds, 3), reservationId: `rsv_${once.key}` as const }],
  };
  const repeatable: Record<Repeatable, () => Promise<unknown>> = {
    pay: () => bookings.pay({ fan: made.fan, items }, once),
    charge: () => accounts.charge(input, once),
    cancel: () => bookings.cancel(made.fan, first!.reservationId),
    refund: () => refunds.refund({ paymentId: paymentId!, act: ALEX, seatBackOnSale: true }),
    "refund of a concert": () => acceptRefund(office, paidDate, { refundId }),
    correction: () => accounts.correct({ ...input, act: ALEX }, once),
    balance: () => accounts.balance(made.fan),
    "own reservations": () => bookings.listReservations(made.fan, page),
    "seat map": () => catalogue.seatMap(date, null),
    "seat statuses": () => catalogue.seatStatuses(date),
    "list of concerts": () => catalogue.listOnSale(0),
    schedules: () => catalogue.listSchedules(date.concertId),
    "the operator's change": () => catalogue.update(date.concertId, { title: "Ode II" }, null),
    "a room's rules": () => rooms.rules(MAIN_ROOM),
    "a room's change": () => rooms.change(MAIN_ROOM, { capacity: 7 }, newDraw(), ALEX),
    "a room's opening": () => rooms.recordOpening(MAIN_ROOM),
    "audit log": () => auditLog.list(null, page),
    stock: () => stockCounter.count(MAIN_ROOM),
  };
  const onceOnly: Record<OnceOnly, () => Promise<unknown>> = {
    hold: () => bookings.holdAll(order),
    create: () => putOnSale(office, [{ seats: 1 }]),
    sweep: () => bookings.sweep(10),
    "new room": () => newRoom(office),
    "batch of a refund": () => refunds.carryOn(null, 1),
    "audit entry": () =>
      auditLog.record({
        ...ALEX,
        action: "PROMOTED",
        room: MAIN_ROOM,
        subject: null,
        old: null,
        new: null,
      }),
  };
  return { fan: made.fan, repeatable, onceOnly };
}
