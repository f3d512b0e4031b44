import type {
  ConcertId,
  PaymentId,
  ReservationId,
  RoomId,
  ScheduleId,
  SeatId,
  TicketId,
} from "./ids.ts";

/** Money is an integer in the smallest unit of the currency. Times are RFC 3339 UTC. */

export type SeatStatus = "AVAILABLE" | "HELD" | "SOLD";
export type ReservationStatus = "HELD" | "PAID" | "CANCELLED" | "EXPIRED" | "REFUNDED";
export type PaymentStatus = "COMPLETED" | "REFUNDED";
export type ConcertStatus = "ON_SALE" | "SOLD_OUT" | "ENDED" | "WITHDRAWN";
export type ScheduleStatus = ConcertStatus;

export interface Concert {
  readonly concertId: ConcertId;
  readonly title: string;
  readonly description: string;
  readonly venue: string | null;
  readonly timeZone: string;
  /** Fans admitted to this room may buy. */
  readonly room: RoomId;
}

export interface Schedule {
  readonly scheduleId: ScheduleId;
  readonly concertAt: string;
  readonly reservationAvailableAt: string;
  /** The end in force. */
  readonly salesEndAt: string;
  readonly status: ScheduleStatus;
}

export interface Seat {
  readonly seatId: SeatId;
  readonly seatNumber: number;
  readonly label: string;
  readonly section: string | null;
  readonly row: string | null;
  readonly x: number | null;
  readonly y: number | null;
  readonly price: number;
  readonly status: SeatStatus;
}

export interface Reservation {
  readonly reservationId: ReservationId;
  readonly concertId: ConcertId;
  readonly concertTitle: string;
  readonly concertStatus: ConcertStatus;
  readonly venue: string | null;
  readonly timeZone: string;
  readonly scheduleId: ScheduleId;
  readonly concertAt: string;
  readonly seatId: SeatId;
  readonly seatNumber: number;
  readonly seatLabel: string;
  readonly section: string | null;
  readonly row: string | null;
  readonly price: number;
  readonly status: ReservationStatus;
  readonly expiresAt: string;
  readonly createdAt: string;
  /** Null before the payment. */
  readonly ticketId: TicketId | null;
}

export interface Payment {
  readonly paymentId: PaymentId;
  readonly reservationId: ReservationId;
  readonly amount: number;
  readonly status: PaymentStatus;
  readonly paidAt: string;
  readonly refundedAt: string | null;
}

export interface PaymentWithHistory extends Payment {
  readonly history: readonly { status: PaymentStatus; amount: number; at: string }[];
}

export const LEDGER_KINDS = ["CHARGE", "PAYMENT", "REFUND", "CORRECTION"] as const;
export type LedgerKind = typeof LEDGER_KINDS[number];

/** An entry of the ledger. A balance is the sum of its entries. */
export interface LedgerEntry {
  readonly entryId: string;
  readonly kind: LedgerKind;
  /** Signed: payments are not above zero. */
  readonly amount: number;
  /** The payment of a PAYMENT or REFUND, else null. */
  readonly reference: PaymentId | null;
  /** Null where the fan acted. */
  readonly operator: string | null;
  readonly reason: string | null;
  readonly at: string;
}

/** The position of a row in a list that is newest first: its time, then its sequence number. */
export interface PageMark {
  readonly atMs: number;
  readonly sequence: number;
}

export interface PageRequest {
  readonly limit: number;
  /** The last row of the previous page; null for the first page. */
  readonly after: PageMark | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** `after` of the next page; null at the end. */
  readonly next: PageMark | null;
}
