import type {
  Page,
  PageRequest,
  Payment,
  PaymentWithHistory,
  Reservation,
  ReservationStatus,
} from "../domain/booking.ts";
import type { FailureOf } from "../domain/failures.ts";
import type {
  ConcertId,
  FanId,
  PaymentId,
  ReservationId,
  RoomId,
  ScheduleId,
  SeatId,
  TicketId,
} from "../domain/ids.ts";
import type { PlaceRef } from "../domain/queue.ts";
import type { Result } from "../domain/result.ts";
import type { IdempotencyFailure, IdempotentRequest, RecordedAnswer } from "./idempotency.ts";
import type { EventEffects } from "./outbox.ts";

/**
 * Holds and payments. Each method is one statement and changes all or nothing. Every act takes its
 * locks in this order, so no two acts can deadlock: idempotency key, currency, (fan, schedule)
 * ascending by the number of the lock, seats ascending, reservations, balance, schedules ascending,
 * concerts ascending, rooms.
 */
export interface Bookings {
  /**
   * Holds all the seats or none; a lapsed hold of another fan counts as free. The answer is
   * {reservations, totalPrice, takenAt}.
   */
  holdAll(
    order: HoldOrder,
    once?: IdempotentRequest | null,
  ): Promise<Result<RecordedAnswer<null>, HoldFailure>>;
  /** Ends an unpaid reservation; its seat is free at once. A repeat gives the same answer. */
  cancel(
    fan: FanId,
    reservationId: ReservationId,
  ): Promise<Result<CancelledReservation, CancelFailure>>;
  listReservations(
    fan: FanId,
    page: PageRequest,
    filter?: ReservationFilter,
  ): Promise<Page<Reservation>>;
  /** Pays for live holds of the fan from the fan's balance, all or none. */
  pay(
    order: PayOrder,
    once: IdempotentRequest,
  ): Promise<Result<RecordedAnswer<PayEffects>, PayFailure>>;
  listPayments(fan: FanId, page: PageRequest): Promise<Page<Payment>>;
  getPayment(fan: FanId, paymentId: PaymentId): Promise<PaymentWithHistory | null>;
  /** Marks lapsed holds and deletes old idempotency records, at most `limit` of each. */
  sweep(limit: number): Promise<{ readonly holds: number; readonly records: number }>;
}

/** Which of the fan's reservations; null takes any. */
export interface ReservationFilter {
  /** A lapsed hold is EXPIRED, swept or not. */
  readonly status: ReservationStatus | null;
  readonly scheduleId: ScheduleId | null;
}

/** Seats side by side in one row: see `lock_best_seats` of migration 015 for which are best. */
export interface BestAvailable {
  readonly quantity: number;
  readonly section: string | null;
  /** Of each seat. */
  readonly maxPrice: number | null;
}

/** Named seats, or the best available. */
export type WantedSeats =
  | {
    readonly seats: readonly { readonly seatId: SeatId; readonly reservationId: ReservationId }[];
  }
  | {
    readonly bestAvailable: BestAvailable & { readonly reservationIds: readonly ReservationId[] };
  };

export type HoldOrder = HoldTerms & WantedSeats;

interface HoldTerms {
  readonly fan: FanId;
  readonly place: PlaceRef;
  readonly concertId: ConcertId;
  readonly scheduleId: ScheduleId;
  readonly holdTtlMs: number;
  /** The most seats of one schedule that one fan may hold and have paid together. */
  readonly seatLimit: number;
}

export type HoldFailure =
  | IdempotencyFailure
  | FailureOf<
    | "CONCERT_NOT_FOUND"
    | "SCHEDULE_NOT_FOUND"
    | "SEAT_NOT_FOUND"
    | "SALE_NOT_OPEN"
    | "SALE_CLOSED"
    | "WRONG_ROOM"
    | "SEAT_UNAVAILABLE"
    | "SEAT_LIMIT_EXCEEDED"
  >;

export interface CancelledReservation extends Reservation {
  /** When it was cancelled. Snapshots of the statuses of that time and later have the change. */
  readonly takenAt: string;
}

export type CancelFailure = FailureOf<"RESERVATION_NOT_FOUND" | "RESERVATION_NOT_CANCELLABLE">;

export interface PayOrder {
  readonly fan: FanId;
  readonly items: readonly {
    readonly reservationId: ReservationId;
    readonly paymentId: PaymentId;
    readonly ticketId: TicketId;
  }[];
}

export type PayFailure =
  | IdempotencyFailure
  | FailureOf<"RESERVATION_NOT_FOUND" | "RESERVATION_NOT_PAYABLE" | "INSUFFICIENT_BALANCE">;

/** The effects of a payment that follow its answer. */
export interface PayEffects extends EventEffects {
  /** The places under which the holds were made. */
  readonly places: readonly PlaceRef[];
  /** Concerts with a schedule that is sold out now, or is not any more. */
  readonly concertsWithChangedSchedule: readonly ConcertId[];
  /** Concerts that are sold out now, or are not any more. */
  readonly changedConcerts: readonly ConcertId[];
  /** The rooms of the concerts with such a schedule. */
  readonly rooms: readonly RoomId[];
}
