import { fail } from "node:assert/strict";
import type { Sql } from "../../../src/adapters/postgres/sql.ts";
import type { Reservation, Seat } from "../../../src/domain/booking.ts";
import type {
  ConcertId,
  FanId,
  PaymentId,
  RefundId,
  ReservationId,
  RoomId,
  ScheduleId,
  SeatId,
  TicketId,
} from "../../../src/domain/ids.ts";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import { ok, type Result } from "../../../src/domain/result.ts";
import type { Draw, RoomSettings } from "../../../src/domain/room.ts";
import type { Accounts } from "../../../src/ports/accounts.ts";
import type { AuditLog } from "../../../src/ports/audit_log.ts";
import type { Bookings } from "../../../src/ports/bookings.ts";
import { type SeatSnapshot, seatsOf } from "../../../src/domain/seat_map.ts";
import type {
  Catalogue,
  NewSeat,
  ScheduleRef,
  SeatsFailure,
} from "../../../src/ports/catalogue.ts";
import type { Sales } from "../../../src/ports/sales.ts";
import type { Seating } from "../../../src/ports/seating.ts";
import type { StockCounter } from "../../../src/ports/stock_counter.ts";
import type { FanErasure } from "../../../src/ports/fan_erasure.ts";
import type { IdempotentRequest, RecordedAnswers } from "../../../src/ports/idempotency.ts";
import type { Outbox } from "../../../src/ports/outbox.ts";
import type { Webhooks } from "../../../src/ports/webhooks.ts";
import type { OperatorAct } from "../../../src/domain/audit.ts";
import type { Refunds } from "../../../src/ports/refunds.ts";
import type { Rooms } from "../../../src/ports/rooms.ts";
import type { Tickets } from "../../../src/ports/tickets.ts";
import { type HoldCalls, holdCalls } from "./holds.ts";

/** The ports of one adapter, and what a test needs beside them. */
export interface BoxOffice {
  readonly catalogue: Catalogue;
  readonly seating: Seating;
  readonly sales: Sales;
  readonly bookings: Bookings;
  readonly accounts: Accounts;
  readonly recordedAnswers: RecordedAnswers;
  readonly refunds: Refunds;
  /** Their first settings are `FIRST`. */
  readonly rooms: Rooms;
  readonly auditLog: AuditLog;
  readonly stockCounter: StockCounter;
  readonly fanErasure: FanErasure;
  readonly tickets: Tickets;
  readonly webhooks: Webhooks;
  readonly outbox: Outbox;
  /** The time that acts decide by. All tests of an office share it, so it only ever goes on. */
  readonly clock: { nowMs: number };
  /** For what no port tells: the schema's own refusals, and that nothing at all has changed. */
  readonly sql: Sql;
  close(): Promise<void>;
}

/** Registers one test of the contract. */
export type ContractTest = (name: string, run: (office: BoxOffice) => Promise<void>) => void;

export const HOLD_TTL_MS = 300_000;
export const SEAT_LIMIT = 4;
export const PRICE = 1000;
export const CURRENCY = "KRW";
export const MISSING_ID = 999_999_999;

/** What the room `main` begins with here, and a new room where nothing else is said. */
export const FIRST: RoomSettings = {
  state: "OPEN",
  opensAtMs: null,
  capacity: 1000,
  admissionsPerMinute: null,
  admissionTtlMs: 900_000,
  holdTtlMs: HOLD_TTL_MS,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
  challengeAtJoin: false,
};

export const ALEX: OperatorAct = { operator: "alex", reason: "the sale of the year" };

export interface DateOnSale {
  readonly concertId: ConcertId;
  readonly scheduleId: ScheduleId;
  readonly seatIds: readonly SeatId[];
}

/** The seats of a date as a fan sees them, from its map and its statuses. */
export async function seatsShown(
  { catalogue }: Pick<BoxOffice, "catalogue">,
  { concertId, scheduleId }: ScheduleRef,
): Promise<
  Result<
    { readonly seats: readonly Seat[]; readonly endsInMs: number | null } & SeatSnapshot,
    SeatsFailure
  >
> {
  const taken = await catalogue.seatStatuses({ concertId, scheduleId });
  if (!taken.ok) return taken;
  const { value: snapshot, changesInMs: endsInMs } = taken.value;
  const map = await catalogue.seatMap({ concertId, scheduleId }, null) ?? fail("there is no map");
  return ok({ ...snapshot, endsInMs, seats: seatsOf(map, snapshot) });
}

export interface NewDate {
  readonly seats: number;
  /** What a seat has beside its number, by its place from 0. */
  readonly seatAt?: (place: number) => Partial<NewSeat>;
  readonly price?: number;
  /** From now; a minute ago by default. */
  readonly opensInMs?: number;
  readonly concertInMs?: number;
}

/** One concert with these dates. */
export async function putOnSale<const Dates extends readonly NewDate[]>(
  { catalogue, clock }: Pick<BoxOffice, "catalogue" | "clock">,
  dates: Dates,
  room?: RoomId,
): Promise<{ readonly [Index in keyof Dates]: DateOnSale }> {
  const concert = {
    title: "Ode",
    description: "A concert",
    venue: null,
    room,
    timeZone: "Asia/Seoul",
    schedules: dates.map((date) => ({
      concertAt: rfc3339(clock.nowMs + (date.concertInMs ?? 86_400_000)),
      reservationAvailableAt: rfc3339(clock.nowMs + (date.opensInMs ?? -60_000)),
      seats: Array.from({ length: date.seats }, (_, index) => ({
        seatNumber: index + 1,
        price: date.price ?? PRICE,
        section: null,
        row: null,
        x: null,
        y: null,
        ...date.seatAt?.(index),
      })),
    })),
  };
  const created = must(await catalogue.create(concert, null));
  return created.schedules.map(({ scheduleId, seats }) => ({
    concertId: created.concertId,
    scheduleId,
    seatIds: seats.map(({ seatId }) => seatId),
  })) as { readonly [Index in keyof Dates]: DateOnSale };
}

/** A fan with a place in the queue, and the calls of such a fan. */
export interface Fan extends HoldCalls {
  readonly fan: FanId;
  readonly place: PlaceRef;
  holdOne(date: DateOnSale, seatId: SeatId): Promise<Reservation>;
  cancel(reservation: Pick<Reservation, "reservationId">): ReturnType<Bookings["cancel"]>;
  pay(
    reservations: readonly Pick<Reservation, "reservationId">[],
    once?: IdempotentRequest,
  ): ReturnType<Bookings["pay"]>;
  charge(amount: number, once?: IdempotentRequest): ReturnType<Accounts["charge"]>;
}

export function newFan(
  { bookings, accounts }: Pick<BoxOffice, "bookings" | "accounts">,
  room = MAIN_ROOM,
): Fan {
  const fan = `fan-${crypto.randomUUID()}` as FanId;
  const place: PlaceRef = { room, fan, order: 7, epoch: crypto.randomUUID() };

  const own = (once: IdempotentRequest) => ({ ...once, caller: `fan:${fan}` });

  const holds = holdCalls({
    bookings,
    fan,
    place,
    seatLimit: SEAT_LIMIT,
    holdTtlMs: HOLD_TTL_MS,
    newReservationId,
  });

  return {
    fan,
    place,
    ...holds,
    async holdOne(date: DateOnSale, seatId: SeatId): Promise<Reservation> {
      return nth(must(await holds.hold(date, [seatId])), 0);
    },
    cancel: (reservation: Pick<Reservation, "reservationId">) =>
      bookings.cancel(fan, reservation.reservationId),
    pay: (
      reservations: readonly Pick<Reservation, "reservationId">[],
      once = newOnce("pay"),
    ) => {
      const items = reservations.map(({ reservationId }) => ({
        reservationId,
        paymentId: newPaymentId(),
        ticketId: newTicketId(),
      }));
      return bookings.pay({ fan, items }, own(once));
    },
    charge: (amount: number, once = newOnce("charge")) =>
      accounts.charge({ fan, amount, currency: CURRENCY, act: null }, own(once)),
  };
}

/** A fan who can pay for anything here. */
export async function newRichFan(
  office: Pick<BoxOffice, "bookings" | "accounts">,
  room = MAIN_ROOM,
): Promise<Fan> {
  const fan = newFan(office, room);
  must(await fan.charge(RICH));
  return fan;
}
export const RICH = 1_000_000;

/** A key of `ALEX`. The calls of a fan make it one of the fan. */
export function newOnce(route: string): IdempotentRequest {
  return {
    caller: `operator:${ALEX.operator}`,
    route,
    key: crypto.randomUUID(),
    bodyHash: "a".repeat(64),
  };
}

/** A room that no other test knows, made by `ALEX`. */
export async function newRoom(
  { rooms }: Pick<BoxOffice, "rooms">,
  settings: Partial<RoomSettings> = {},
  draw = newDraw(),
): Promise<RoomId> {
  const room = `room-${crypto.randomUUID().slice(0, 13)}` as RoomId;
  must(await rooms.create(room, settings, draw, ALEX));
  return room;
}

export function newDraw(): Draw {
  const hex = () => crypto.randomUUID().replaceAll("-", "");
  return { id: crypto.randomUUID(), seed: hex() + hex(), salt: hex() };
}

export function newReservationId(): ReservationId {
  return `rsv_${crypto.randomUUID()}`;
}

export function newTicketId(): TicketId {
  return `tkt_${crypto.randomUUID()}`;
}

export function newRefundId(): RefundId {
  return `rfd_${crypto.randomUUID()}`;
}

export function newPaymentId(): PaymentId {
  return `pay_${crypto.randomUUID()}`;
}

export function rfc3339(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function must<Value, Refusal>(result: Result<Value, Refusal>): Value {
  return result.ok ? result.value : fail(`refused: ${JSON.stringify(result.failure)}`);
}

/** The refusal without the names of seats, which are for people: see `namingContract`. */
export function refusalOf<Value, Refusal>(result: Result<Value, Refusal>): Refusal {
  const refusal = fullRefusalOf(result);
  return JSON.parse(JSON.stringify(refusal), (_, member) => {
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    const { seats: _seats, seat: _seat, ...rest } = member;
    return rest;
  });
}

export function fullRefusalOf<Value, Refusal>(result: Result<Value, Refusal>): Refusal {
  return result.ok ? fail(`not refused: ${JSON.stringify(result.value)}`) : result.failure;
}

export function nth<Item>(items: readonly Item[], index: number): Item {
  return items[index] ?? fail(`there is no item ${index} in ${JSON.stringify(items)}`);
}
