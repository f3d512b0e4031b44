import type { Page, PageRequest, PaymentStatus } from "../domain/booking.ts";
import type {
  ConcertId,
  FanId,
  PaymentId,
  ReservationId,
  ScheduleId,
  SeatId,
} from "../domain/ids.ts";

/** The payments of a concert. */
export interface Sales {
  /** Newest first, refunded ones too; null if there is no such concert. One statement. */
  list(concertId: ConcertId, filter: SalesFilter, page: PageRequest): Promise<Page<Sale> | null>;
}

/** Null matches all. */
export interface SalesFilter {
  readonly scheduleId: ScheduleId | null;
  readonly seatId: SeatId | null;
  readonly userId: FanId | null;
}

export interface Sale {
  readonly paymentId: PaymentId;
  readonly reservationId: ReservationId;
  readonly userId: FanId;
  readonly scheduleId: ScheduleId;
  readonly seatId: SeatId;
  readonly seatNumber: number;
  readonly seatLabel: string;
  readonly section: string | null;
  readonly row: string | null;
  readonly amount: number;
  readonly status: PaymentStatus;
  readonly paidAt: string;
}
