import type { OperatorAct } from "../domain/audit.ts";
import type { Payment } from "../domain/booking.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { ConcertId, FanId, PaymentId, RefundId, RoomId, ScheduleId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { IdempotencyFailure, IdempotentRequest } from "./idempotency.ts";
import type { EventEffects } from "./outbox.ts";

/**
 * Refunds of payments, each singly and whole. Each method is one statement. Refunds take their locks
 * in the order of `Bookings`, and nothing is refunded twice.
 */
export interface Refunds {
  /** By an operator. A repeat gives the same payment, and no effects. */
  refund(order: RefundOrder): Promise<Result<Refunded, FailureOf<"PAYMENT_NOT_FOUND">>>;
  /** By the fan who paid, if the schedule and the ticket allow it. A repeat as above. */
  refundOwn(fan: FanId, paymentId: PaymentId): Promise<Result<Refunded, RefundFailure>>;
  /** Accepts the refund of all payments of a concert or a schedule, or gives the unfinished one. */
  accept(
    order: NewConcertRefund,
    once?: IdempotentRequest | null,
  ): Promise<Result<AcceptedRefund, AcceptRefundFailure>>;
  /** Null if this concert has no such refund. */
  get(concertId: ConcertId, refundId: RefundId): Promise<ConcertRefund | null>;
  /**
   * Refunds at most `limit` payments of one unfinished refund: of this one, or of the oldest with
   * null. Several calls at once carry on different refunds.
   */
  carryOn(refundId: RefundId | null, limit: number): Promise<RefundBatch>;
}

export interface RefundOrder {
  readonly paymentId: PaymentId;
  readonly act: OperatorAct;
  /** Whether the seat can be sold again. Otherwise it is blocked. */
  readonly seatBackOnSale: boolean;
}

export type RefundFailure = FailureOf<"PAYMENT_NOT_FOUND" | "REFUND_NOT_POSSIBLE">;

export interface Refunded {
  readonly payment: Payment;
  /** The fan's balance now. */
  readonly balance: number;
  /** Null when the payment was refunded before. */
  readonly effects: RefundEffects | null;
}

/** The effects of refunds that follow the answer. */
export interface RefundEffects extends EventEffects {
  /** The rooms of the concerts of the seats; none when nothing was refunded. */
  readonly rooms: readonly RoomId[];
  /** Concerts with a schedule that is not sold out any more. */
  readonly concertsWithChangedSchedule: readonly ConcertId[];
  /** Concerts that are not sold out any more. */
  readonly changedConcerts: readonly ConcertId[];
}

export interface NewConcertRefund {
  readonly refundId: RefundId;
  readonly concertId: ConcertId;
  /** Null: all schedules of the concert. */
  readonly scheduleId: ScheduleId | null;
  readonly act: OperatorAct;
  readonly seatsBackOnSale: boolean;
}

export interface ConcertRefund {
  readonly refundId: RefundId;
  /** The terms with which it was accepted. A null schedule: all of the concert. */
  readonly scheduleId: ScheduleId | null;
  readonly reason: string;
  readonly seatsBackOnSale: boolean;
  /** The payments that were COMPLETED when it was accepted. */
  readonly total: number;
  /** Those of them that are refunded by now, by this refund or singly, and their sum. */
  readonly refunded: number;
  readonly amount: number;
  readonly finishedAt: string | null;
}

export interface AcceptedRefund {
  /** False when it was accepted before. */
  readonly isNew: boolean;
  readonly job: ConcertRefund;
  /** Whether an earlier request with the same key was accepted. */
  readonly replayed: boolean;
}

export type AcceptRefundFailure =
  | IdempotencyFailure
  | FailureOf<"CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND">;

export interface RefundBatch {
  /** The payments that this call refunded. */
  readonly refunded: number;
  /** Null when it found no refund to carry on. */
  readonly effects: RefundEffects | null;
  /** Whether any refund is unfinished, also one that another call carries on. */
  readonly unfinished: boolean;
}
