import type { ReservationId, RoomId, ScheduleId, SeatId } from "./ids.ts";
import type { LineStatus } from "./line_status.ts";
import type { ReservationStatus } from "./booking.ts";
import type { RoomState } from "./room.ts";

/** The refusals of an act. `kind` is the stable `code` of the API's problem document. */
export type Failure =
  | { kind: "VALIDATION_FAILED"; errors: readonly FieldError[] }
  | { kind: "NOT_ADMITTED"; line: LineStatus }
  | { kind: "ROOM_NOT_FOUND" }
  | { kind: "ROOM_EXISTS" }
  /** The room has concerts on sale, now or later, or fans; or it is `main`. */
  | { kind: "ROOM_IN_USE" }
  /**
   * The change would draw the fans who gathered. `opensAt`: the opening is so near that the queue
   * may have drawn them already; null: they are drawn because the room becomes `state`.
   */
  | { kind: "LOBBY_WOULD_END"; state: RoomState; opensAt: string | null }
  | { kind: "PLACE_NOT_FOUND" }
  /** Nobody can join in this state. `opensAt`: when the room opens by itself. */
  | { kind: "LINE_CLOSED"; state: RoomState; opensAt: string | null }
  /** The room gives a new place only with a passed challenge; `siteKey` asks for one. */
  | { kind: "CHALLENGE_REQUIRED"; siteKey: string }
  /** The challenge was not passed, or its token is spent, too old, or that of another join. */
  | { kind: "CHALLENGE_FAILED"; siteKey: string }
  /** Only fans who are admitted to `room` may do this. */
  | { kind: "WRONG_ROOM"; room: RoomId }
  | { kind: "CONCERT_NOT_FOUND" }
  | { kind: "SCHEDULE_NOT_FOUND" }
  | { kind: "SEAT_NOT_FOUND"; seatIds: readonly SeatId[] }
  | { kind: "RESERVATION_NOT_FOUND" }
  | { kind: "PAYMENT_NOT_FOUND" }
  | { kind: "SALE_NOT_OPEN"; opensAt: string }
  | { kind: "SALE_CLOSED"; closedAt: string }
  /**
   * `ownReservations`: which of the seats are live holds of the caller. `seatsTogether`: where the
   * best seats were asked for, how many are free side by side.
   */
  | {
    kind: "SEAT_UNAVAILABLE";
    seatIds: readonly SeatId[];
    /** In the same order, for people. */
    seats?: readonly SeatName[];
    ownReservations: readonly OwnReservation[];
    seatsTogether?: number;
  }
  | { kind: "SEAT_LIMIT_EXCEEDED"; limit: number; held: number }
  | {
    kind: "RESERVATION_NOT_PAYABLE";
    reservations: readonly {
      reservationId: ReservationId;
      status: ReservationStatus;
      seat?: SeatName;
    }[];
  }
  | { kind: "RESERVATION_NOT_CANCELLABLE" }
  | { kind: "INSUFFICIENT_BALANCE"; balance: number; required: number }
  /** The code is not one that this service signed. */
  | { kind: "TICKET_CODE_INVALID" }
  | { kind: "TICKET_NOT_FOUND" }
  /** The ticket is of `scheduleId`, which is not the schedule that is let in. */
  | { kind: "TICKET_OTHER_SCHEDULE"; scheduleId: ScheduleId }
  | { kind: "TICKET_VOID" }
  | { kind: "ALREADY_CHECKED_IN"; checkedInAt: string; door: string | null }
  /** Why the fan's own refund is refused. An operator can refund the payment. */
  | { kind: "REFUND_NOT_POSSIBLE"; reason: RefundObstacle }
  /** A refund of what was withdrawn was accepted. */
  | { kind: "WITHDRAWAL_FINAL" }
  /** Why the name of the fan is still needed. */
  | { kind: "ERASURE_NOT_POSSIBLE"; reasons: readonly ErasureObstacle[] }
  | { kind: "IDEMPOTENCY_KEY_REUSED" }
  | { kind: "IDEMPOTENCY_IN_PROGRESS" }
  | { kind: "RATE_LIMITED"; of: RateLimited; retryAfterSeconds: number };

/** Joins of one fan, or credentials from one address that nobody here signed. */
export type RateLimited = "JOINS" | "CREDENTIALS";

export const REFUND_OBSTACLES = ["WINDOW_CLOSED", "CHECKED_IN"] as const;
/** The time for refunds by fans is over, or there is none; or the ticket was let in. */
export type RefundObstacle = typeof REFUND_OBSTACLES[number];

export const ERASURE_OBSTACLES = ["BALANCE", "HOLDS", "TICKETS", "REFUNDS"] as const;
/**
 * A balance that is not zero; live holds; tickets of a date to come; payments of something withdrawn
 * that are not refunded, or of a refund that is not finished.
 */
export type ErasureObstacle = typeof ERASURE_OBSTACLES[number];

export type FailureKind = Failure["kind"];
export type FailureOf<Kind extends FailureKind> = Extract<Failure, { kind: Kind }>;

/** What is printed on the seat. */
export interface SeatName {
  readonly section: string | null;
  readonly row: string | null;
  readonly label: string;
}

/** A live hold of one's own on a seat. */
export interface OwnReservation {
  readonly seatId: SeatId;
  readonly reservationId: ReservationId;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** A fault of the input: its JSON path, and what would be right. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** The amounts of the database are in another currency than that of the settings. */
export class OtherCurrencyError extends Error {
  override readonly name = "OtherCurrencyError";
  constructor(readonly kept: string) {
    super(`the amounts of this database are in ${kept}`);
  }
}

/** A dependency did not answer. The API answers DEPENDENCY_UNAVAILABLE. */
export class DependencyError extends Error {
  override readonly name = "DependencyError";
  constructor(readonly dependency: "redis" | "postgres" | "jwks" | "turnstile", cause: unknown) {
    super(`${dependency} is unavailable`, { cause });
  }
}
