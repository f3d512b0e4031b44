import type { RoomId, ScheduleId, SeatId } from "../../domain/ids.ts";
import { BODY_LIMIT_BYTES } from "../pipeline/body.ts";
import { WAITING_EXAMPLE } from "../schemas/line.ts";
import type { ApiFailureKind, ProblemOf } from "../problems/failures.ts";

const SITE_KEY_EXAMPLE = "0x4AAAAAAADnPIDROrmt1Wwj";

/** One failure of each kind, for the documentation. */
export const FAILURE_EXAMPLES: { readonly [Kind in ApiFailureKind]: ProblemOf<Kind> } = {
  NOT_FOUND: { kind: "NOT_FOUND" },
  METHOD_NOT_ALLOWED: { kind: "METHOD_NOT_ALLOWED", allow: ["GET", "HEAD"] },
  PAYLOAD_TOO_LARGE: { kind: "PAYLOAD_TOO_LARGE", limitBytes: BODY_LIMIT_BYTES },
  UNSUPPORTED_MEDIA_TYPE: { kind: "UNSUPPORTED_MEDIA_TYPE" },
  UNAUTHENTICATED: { kind: "UNAUTHENTICATED" },
  QUEUE_TOKEN_REQUIRED: { kind: "QUEUE_TOKEN_REQUIRED" },
  QUEUE_TOKEN_INVALID: { kind: "QUEUE_TOKEN_INVALID" },
  QUEUE_TOKEN_MISMATCH: { kind: "QUEUE_TOKEN_MISMATCH" },
  FORBIDDEN: { kind: "FORBIDDEN", reason: "SELF_CHARGE_OFF" },
  MALFORMED_JSON: { kind: "MALFORMED_JSON" },
  VALIDATION_FAILED: {
    kind: "VALIDATION_FAILED",
    errors: [{ path: "limit", message: "must be a whole number from 1 to 100" }],
  },
  NOT_ADMITTED: { kind: "NOT_ADMITTED", line: WAITING_EXAMPLE },
  ROOM_NOT_FOUND: { kind: "ROOM_NOT_FOUND" },
  ROOM_EXISTS: { kind: "ROOM_EXISTS" },
  ROOM_IN_USE: { kind: "ROOM_IN_USE" },
  LOBBY_WOULD_END: { kind: "LOBBY_WOULD_END", state: "HELD", opensAt: null },
  PLACE_NOT_FOUND: { kind: "PLACE_NOT_FOUND" },
  LINE_CLOSED: { kind: "LINE_CLOSED", state: "CLOSED", opensAt: "2026-12-01T10:00:00.000Z" },
  CHALLENGE_REQUIRED: { kind: "CHALLENGE_REQUIRED", siteKey: SITE_KEY_EXAMPLE },
  CHALLENGE_FAILED: { kind: "CHALLENGE_FAILED", siteKey: SITE_KEY_EXAMPLE },
  WRONG_ROOM: { kind: "WRONG_ROOM", room: "night-train" as RoomId },
  CONCERT_NOT_FOUND: { kind: "CONCERT_NOT_FOUND" },
  SCHEDULE_NOT_FOUND: { kind: "SCHEDULE_NOT_FOUND" },
  SEAT_NOT_FOUND: { kind: "SEAT_NOT_FOUND", seatIds: [99 as SeatId] },
  RESERVATION_NOT_FOUND: { kind: "RESERVATION_NOT_FOUND" },
  PAYMENT_NOT_FOUND: { kind: "PAYMENT_NOT_FOUND" },
  SALE_CLOSED: { kind: "SALE_CLOSED", closedAt: "2026-12-24T10:00:00.000Z" },
  SALE_NOT_OPEN: { kind: "SALE_NOT_OPEN", opensAt: "2026-12-01T10:00:00.000Z" },
  SEAT_UNAVAILABLE: {
    kind: "SEAT_UNAVAILABLE",
    seatIds: [17 as SeatId, 18 as SeatId],
    ownReservations: [{
      seatId: 17 as SeatId,
      reservationId: "rsv_5f0c2c4e-52a7-4f0e-9a51-0d6c2f4f7a10",
      expiresAt: "2026-12-01T10:05:00.000Z",
    }],
  },
  SEAT_LIMIT_EXCEEDED: { kind: "SEAT_LIMIT_EXCEEDED", limit: 4, held: 3 },
  RESERVATION_NOT_PAYABLE: {
    kind: "RESERVATION_NOT_PAYABLE",
    reservations: [{
      reservationId: "rsv_5f0c2c4e-52a7-4f0e-9a51-0d6c2f4f7a10",
      status: "EXPIRED",
    }],
  },
  RESERVATION_NOT_CANCELLABLE: { kind: "RESERVATION_NOT_CANCELLABLE" },
  REFUND_NOT_POSSIBLE: { kind: "REFUND_NOT_POSSIBLE", reason: "WINDOW_CLOSED" },
  ERASURE_NOT_POSSIBLE: { kind: "ERASURE_NOT_POSSIBLE", reasons: ["BALANCE", "TICKETS"] },
  WITHDRAWAL_FINAL: { kind: "WITHDRAWAL_FINAL" },
  INSUFFICIENT_BALANCE: { kind: "INSUFFICIENT_BALANCE", balance: 50_000, required: 110_000 },
  TICKET_CODE_INVALID: { kind: "TICKET_CODE_INVALID" },
  TICKET_NOT_FOUND: { kind: "TICKET_NOT_FOUND" },
  TICKET_OTHER_SCHEDULE: { kind: "TICKET_OTHER_SCHEDULE", scheduleId: 2 as ScheduleId },
  TICKET_VOID: { kind: "TICKET_VOID" },
  ALREADY_CHECKED_IN: {
    kind: "ALREADY_CHECKED_IN",
    checkedInAt: "2026-12-24T09:31:07.000Z",
    door: "Gate 3",
  },
  IDEMPOTENCY_KEY_REQUIRED: { kind: "IDEMPOTENCY_KEY_REQUIRED" },
  IDEMPOTENCY_KEY_REUSED: { kind: "IDEMPOTENCY_KEY_REUSED" },
  IDEMPOTENCY_IN_PROGRESS: { kind: "IDEMPOTENCY_IN_PROGRESS" },
  RATE_LIMITED: { kind: "RATE_LIMITED", of: "JOINS", retryAfterSeconds: 10 },
  DEPENDENCY_UNAVAILABLE: { kind: "DEPENDENCY_UNAVAILABLE", retryAfterSeconds: 2 },
  INTERNAL: { kind: "INTERNAL" },
};
