/**
 * The members of the API's answers that the load test reads. They are written from the contract, as
 * any client would write them, and share nothing with the server's code.
 */

export interface QueueAnswer {
  readonly state: "WAITING" | "ADMITTED" | "GONE";
  /** The ticket number; null before the draw. */
  readonly ticket: number | null;
  readonly position: number | null;
  readonly estimatedWaitSeconds: number | null;
  readonly pollAfterSeconds: number | null;
  readonly reason: "ENDED" | "LINE_RESET" | "LOBBY" | "HELD" | "CLOSED" | "SOLD_OUT" | null;
  /** With SOLD_OUT. */
  readonly seatsMayReturn?: boolean;
  /** Before the draw. */
  readonly pseudonym?: string;
  /** A newer token of the same place. */
  readonly token?: string;
}

export interface JoinAnswer extends QueueAnswer {
  readonly token: string;
}

export interface Concerts {
  readonly concerts: readonly { readonly concertId: number }[];
  readonly nextCursor?: string | null;
}

export interface ScheduleAnswer {
  readonly scheduleId: number;
  readonly status: "ON_SALE" | "SOLD_OUT";
}

export interface SeatAnswer {
  readonly seatId: number;
  readonly seatNumber: number;
  readonly price: number;
  readonly status: "AVAILABLE" | "HELD" | "SOLD";
}

export interface Reservation {
  readonly reservationId: string;
  readonly scheduleId: number;
  readonly seatId: number;
  readonly seatNumber: number;
  readonly price: number;
  readonly status: "HELD" | "PAID" | "CANCELLED" | "EXPIRED";
  readonly expiresAt: string;
}

export interface HoldAnswer {
  readonly reservations: readonly Reservation[];
  readonly totalPrice: number;
}

export interface Payment {
  readonly paymentId: string;
  readonly reservationId: string;
  readonly amount: number;
}

export interface PayAnswer {
  readonly payments: readonly Payment[];
  readonly totalAmount: number;
  readonly balance: number;
}

export interface BalanceAnswer {
  readonly balance: number;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface Draw {
  readonly drawId: string;
  readonly commitment: string;
  readonly seed: string | null;
}

export interface DrawnTicket {
  readonly pseudonym: string;
  readonly ticket: number;
}

/** The public answer about a room. */
export interface PublicRoom {
  readonly draw: Draw | null;
}

export interface RoomSettings {
  readonly capacity: number;
  readonly admissionsPerMinute: number | null;
  readonly admissionTtlSeconds: number;
  readonly holdTtlSeconds: number;
  readonly pollMinSeconds: number;
  readonly pollMaxSeconds: number;
}

export interface OperatorRoom extends PublicRoom, RoomSettings {
  readonly room: string;
  /** Grows by one with every change. */
  readonly version: number;
}

export interface CreatedConcert {
  readonly concertId: number;
}

export interface OperatorConcert {
  readonly status: "ON_SALE" | "SOLD_OUT" | "WITHDRAWN";
  readonly schedules: readonly {
    readonly scheduleId: number;
    readonly status: "ON_SALE" | "SOLD_OUT";
    readonly seatCount: number;
    readonly seatsLeft: number;
  }[];
}

export interface OperatorQueue {
  readonly waiting: number;
  readonly admitted: number;
  readonly parked: number;
  readonly capacity: number;
  readonly admittedLastMinute: number;
  readonly epoch: string | null;
}

export interface OperatorFan {
  readonly userId: string;
  readonly place: { readonly state: "WAITING" | "ADMITTED" | "PARKED" } | null;
  readonly balance: number;
  readonly payments: readonly Payment[];
}

export interface SaleRecord {
  readonly paymentId: string;
  readonly reservationId: string;
  readonly userId: string;
  readonly scheduleId: number;
  readonly seatId: number;
  readonly amount: number;
  readonly status: "COMPLETED" | "REFUNDED";
}

/** A refusal. The members after `detail` depend on the code. */
export interface Problem {
  readonly code: string;
  readonly detail?: string;
  readonly line?: QueueAnswer;
  readonly balance?: number;
  readonly required?: number;
  readonly limit?: number;
  readonly held?: number;
}
