import type { ReservationId, RoomId, SeatId } from "./ids.ts";
import type { LineAnswer } from "./queue.ts";
import type { ReservationStatus } from "./booking.ts";
import type { RoomState } from "./room.ts";

/**
 * Every way in which a call can be refused. `kind` is the stable `code` of the problem document;
 * the other members are published with it, except `retryAfterSeconds` and `allow`, which are headers.
 */
export type Failure =
  | { kind: "NOT_FOUND" }
  | { kind: "METHOD_NOT_ALLOWED"; allow: readonly string[] }
  | { kind: "PAYLOAD_TOO_LARGE"; limitBytes: number }
  | { kind: "UNSUPPORTED_MEDIA_TYPE" }
  | { kind: "UNAUTHENTICATED" }
  | { kind: "QUEUE_TOKEN_REQUIRED" }
  | { kind: "QUEUE_TOKEN_INVALID" }
  | { kind: "QUEUE_TOKEN_MISMATCH" }
  | { kind: "FORBIDDEN" }
  | { kind: "MALFORMED_JSON" }
  | { kind: "VALIDATION_FAILED"; errors: readonly FieldError[] }
  | { kind: "NOT_ADMITTED"; line: LineAnswer; retryAfterSeconds: number }
  | { kind: "ROOM_NOT_FOUND" }
  | { kind: "ROOM_EXISTS" }
  | { kind: "PLACE_NOT_FOUND" }
  /** Nobody joins in this state; `opensAt` is when that changes by itself. */
  | { kind: "LINE_CLOSED"; state: RoomState; opensAt: string | null }
  /** What was asked for is for those admitted to `room`. */
  | { kind: "WRONG_ROOM"; room: RoomId }
  | { kind: "CONCERT_NOT_FOUND" }
  | { kind: "SCHEDULE_NOT_FOUND" }
  | { kind: "SEAT_NOT_FOUND"; seatIds: readonly SeatId[] }
  | { kind: "RESERVATION_NOT_FOUND" }
  | { kind: "PAYMENT_NOT_FOUND" }
  | { kind: "SALE_NOT_OPEN"; opensAt: string }
  | { kind: "SEAT_UNAVAILABLE"; seatIds: readonly SeatId[] }
  | { kind: "SEAT_LIMIT_EXCEEDED"; limit: number; held: number }
  | {
    kind: "RESERVATION_NOT_PAYABLE";
    reservations: readonly { reservationId: ReservationId; status: ReservationStatus }[];
  }
  | { kind: "RESERVATION_NOT_CANCELLABLE" }
  | { kind: "INSUFFICIENT_BALANCE"; balance: number; required: number }
  | { kind: "IDEMPOTENCY_KEY_REQUIRED" }
  | { kind: "IDEMPOTENCY_KEY_REUSED" }
  | { kind: "IDEMPOTENCY_IN_PROGRESS" }
  | { kind: "RATE_LIMITED"; retryAfterSeconds: number }
  | {
    kind: "DEPENDENCY_UNAVAILABLE";
    retryAfterSeconds: number;
    /** The state of each, where it was asked for. */
    dependencies?: { readonly redis: "up" | "down"; readonly postgres: "up" | "down" };
  }
  | { kind: "INTERNAL" };

export type FailureKind = Failure["kind"];
export type FailureOf<Kind extends FailureKind> = Extract<Failure, { kind: Kind }>;

/** One fault of the input: where it is, and what would be right. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

/** A store did not answer. The one fault with an answer of its own: try again later. */
export class DependencyError extends Error {
  override readonly name = "DependencyError";
  constructor(readonly dependency: "redis" | "postgres" | "jwks", cause: unknown) {
    super(`${dependency} is unavailable`, { cause });
  }
}
