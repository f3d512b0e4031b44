import type { FanId, PaymentId, ReservationId, SeatId } from "../../src/domain/ids.ts";
import type { PlaceRef } from "../../src/domain/queue.ts";
import type { BestAvailable } from "../../src/ports/bookings.ts";
import type { IdempotentRequest } from "../../src/ports/idempotency.ts";
import type { DateOnSale } from "../contract/box_office/office.ts";

export interface ModelSeat {
  readonly seatId: SeatId;
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
