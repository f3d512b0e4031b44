import type { Page, PageRequest, PaymentStatus } from "../domain/booking.ts";
import type {
  ConcertId,
  FanId,
  PaymentId,
  ReservationId,
  RoomId,
  ScheduleId,
  SeatId,
} from "../domain/ids.ts";

/** The payments of a concert. */
export interface Sales {
  /** Newest first, refunded ones too; null if there is no such concert. One statement. */
  list(concertId: ConcertId, filter: SalesFilter, page: PageRequest): Promise<Page<Sale> | null>;
  /**
   * The minutes of the last hour in which something was held or sold by fans of this room, oldest
   * first. One statement, over the rows of this hour.
   */
  lastHour(room: RoomId): Promise<readonly SalesMinute[]>;
}

/** What was held and sold in one minute. */
export interface SalesMinute {
  /** The beginning of the minute. */
  readonly at: string;
  readonly holds: number;
  readonly sales: number;
  /** The sum of the sales, refunded ones too. */
  readonly amount: number;
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
