import type { ConcertId, FanId, PaymentId, ReservationId, SeatId } from "../../src/domain/ids.ts";
import type { PlaceRef } from "../../src/domain/queue.ts";
import type { BestAvailable } from "../../src/ports/bookings.ts";
import type { IdempotentRequest } from "../../src/ports/idempotency.ts";
import type { DateOnSale } from "../contract/box_office/office.ts";

export interface ModelSeat {
  readonly seatId: SeatId;
  readonly seatNumber: number;
  readonly section: string;
  readonly row: string;
  readonly label: string;
  readonly price: number;
}

export interface ModelDate extends DateOnSale {
  /** By number. */
  readonly seats: readonly ModelSeat[];
  opensAtMs: number;
  readonly endsAtMs: number;
  readonly refundUntilMs: number | null;
}

export interface ModelReservation {
  readonly reservationId: ReservationId;
  readonly fan: FanId;
  readonly place: PlaceRef;
  readonly date: ModelDate;
  readonly seatId: SeatId;
  readonly price: number;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  status: "HELD" | "PAID" | "CANCELLED" | "REFUNDED";
}

export interface ModelPayment {
  readonly paymentId: PaymentId;
  readonly reservation: ModelReservation;
  readonly paidAtMs: number;
  refundedAtMs: number | null;
}

/** The sender of an idempotent act: a fan, or an operator. */
export interface Send {
  readonly caller: string;
  readonly once: IdempotentRequest;
}

export interface ModelHold {
  readonly fan: FanId;
  readonly place: PlaceRef;
  readonly date: ModelDate;
  /** Those that were asked for, or the best. */
  readonly wanted: readonly SeatId[] | BestAvailable;
  /** What the box office has called the reservations, by place. */
  readonly reservationIds: readonly ReservationId[];
  readonly holdTtlMs: number;
  readonly seatLimit: number;
}

export interface ModelOutcome {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly failure?: { readonly kind: string };
}

/**
 * The box office as the contract describes it. It keeps no seats, balances or sell-outs: it counts
 * reservations and ledger entries at each question.
 */
export const refusal = (kind: string, more: object = {}): ModelOutcome => ({
  ok: false,
  failure: { kind, ...more },
});

/** The box office in a few sets: what the real one must answer. */
export interface BoxOfficeModel {
  readonly reservations: readonly ModelReservation[];
  readonly payments: readonly ModelPayment[];
  readonly dates: readonly ModelDate[];
  statusOf(reservation: ModelReservation): ModelReservation["status"] | "EXPIRED";
  isBlocked(seatId: SeatId): boolean;
  seatStatus(seatId: SeatId): "AVAILABLE" | "HELD" | "SOLD";
  seatsLeft(date: ModelDate): number;
  /** Concerts of which another date than these is on sale: those do not change their status. */
  staysOnSale(concertId: number, changed: readonly ModelDate[]): boolean;
  balance(fan: FanId): number;
  /** Adds to the ledger. */
  enter(fan: FanId, amount: number): void;
  setBlocked(seatId: SeatId, isBlocked: boolean): void;
  /** The operator's change of a seat. */
  block(seatId: SeatId, isBlocked: boolean): ModelOutcome;
  takenOf(fan: FanId, date: ModelDate): number;
  /** The act behind a key: done now, or what became of it when it was done. */
  happensOnce(send: Send, act: () => ModelOutcome): ModelOutcome;
  hold(hold: ModelHold): ModelOutcome;
  cancel(fan: FanId, reservationId: ReservationId): ModelOutcome;
  charge(send: Send, fan: FanId, amount: number): ModelOutcome;
  pay(
    send: Send,
    fan: FanId,
    items: readonly { reservationId: ReservationId; paymentId: PaymentId }[],
  ): ModelOutcome;
  /** Changes nothing but the age of idempotency keys. */
  sweep(): { readonly records: number };
  /** What is withdrawn: ids of concerts and of schedules. */
  readonly withdrawnConcerts: Set<ConcertId>;
  readonly withdrawnDates: Set<number>;
  isOnSale(date: ModelDate): boolean;
  /** Of a sale or of refunds, or else of a hold too. */
  nextEndMs(ofSale: boolean): number | null;
  paymentsOf(reservation: ModelReservation): number;
  ledgerOf(fan: FanId): number;
}
