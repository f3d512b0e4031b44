import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { REFUND_OBSTACLES } from "../../domain/failures.ts";
import type { ApiEnv } from "../pipeline/api_env.ts";
import { MAX_NAME_LENGTH } from "../pipeline/validation.ts";
import { lineSchema } from "../schemas/line.ts";
import { roomIdSchema, roomStateSchema } from "../schemas/room.ts";
import type { ApiFailureKind, Problem, ProblemOf } from "./failures.ts";
import {
  countSchema,
  moneySchema,
  reservationIdSchema,
  reservationStatusSchema,
  seatIdSchema,
  timeSchema,
} from "../schemas/common.ts";

/** The problem document of one kind of failure. */
interface ProblemDefinition<Kind extends ApiFailureKind> {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422 | 429 | 500 | 503;
  readonly title: string;
  readonly detail: (failure: ProblemOf<Kind>) => string;
  /** Members of the document beyond those of RFC 9457 and `code`. */
  readonly members?: z.ZodRawShape;
  /** Their values; by default the members of the failure. */
  readonly values?: (failure: ProblemOf<Kind>) => Record<string, unknown>;
  readonly headers?: (failure: ProblemOf<Kind>) => Record<string, string>;
}

const retryAfter = ({ retryAfterSeconds }: { retryAfterSeconds: number }) => ({
  "Retry-After": String(retryAfterSeconds),
});
const upOrDown = z.enum(["up", "down"]).openapi("DependencyState");
/** The state of each dependency, in both answers of `/readyz`. */
export const dependenciesSchema = z.object({
  redis: upOrDown,
  postgres: upOrDown,
  jwks: upOrDown.optional().openapi({
    description:
      "Only with `USER_JWKS_URL`: whether there are keys that may verify user tokens. During an " +
      "outage of the identity provider the last good ones are used for a day.",
  }),
}).openapi("Dependencies");
/** A bounded part of what the caller sent. */
const quotable = (text: string) => text.slice(0, MAX_NAME_LENGTH).toWellFormed();
const challenge = (scheme: string) => () => ({ "WWW-Authenticate": scheme });

/** Every failure of the API. The documentation is made from the same table. */
export const PROBLEMS: { readonly [Kind in ApiFailureKind]: ProblemDefinition<Kind> } = {
  NOT_FOUND: {
    status: 404,
    title: "Not found",
    detail: () => "There is nothing at this path. GET /openapi.json lists all paths.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: "Method not allowed",
    detail: ({ allow }) => `This path takes ${allow.join(", ")}.`,
    headers: ({ allow }) => ({ Allow: allow.join(", ") }),
  },
  PAYLOAD_TOO_LARGE: {
    status: 413,
    title: "Payload too large",
    detail: ({ limitBytes }) => `The body may have at most ${limitBytes} bytes.`,
    members: { limitBytes: countSchema },
  },
  UNSUPPORTED_MEDIA_TYPE: {
    status: 415,
    title: "Unsupported media type",
    detail: ({ encoded }) =>
      encoded
        ? "The body must be sent without a Content-Encoding."
        : "The body must be sent with Content-Type: application/json, or another type that the " +
          "documentation names for this route.",
    values: () => ({}),
    headers: ({ encoded }) => encoded ? { "Accept-Encoding": "identity" } : {},
  },
  UNAUTHENTICATED: {
    status: 401,
    title: "Unauthenticated",
    detail: () => "Authorization: Bearer <token> is missing, not valid on this route, or expired.",
    headers: challenge("Bearer"),
  },
  QUEUE_TOKEN_REQUIRED: {
    status: 401,
    title: "Queue token required",
    detail: () => "The Queue-Token header is missing. POST /v1/queue/tokens answers a token.",
    headers: challenge("Queue-Token"),
  },
  QUEUE_TOKEN_INVALID: {
    status: 401,
    title: "Queue token invalid",
    detail: () => "The Queue-Token header is not a token that this service signed.",
    headers: challenge("Queue-Token"),
  },
  QUEUE_TOKEN_MISMATCH: {
    status: 403,
    title: "Queue token of another fan",
    detail: () => "The queue token and the bearer token belong to different fans.",
  },
  FORBIDDEN: {
    status: 403,
    title: "Forbidden",
    detail: ({ explanation }) => explanation,
    values: () => ({}),
  },
  MALFORMED_JSON: {
    status: 400,
    title: "Malformed JSON",
    detail: ({ doubledKey }) =>
      doubledKey === undefined
        ? "The body is not a JSON text in UTF-8."
        : `An object of the body has the key ${JSON.stringify(quotable(doubledKey))} twice.`,
    values: () => ({}),
  },
  VALIDATION_FAILED: {
    status: 400,
    title: "Validation failed",
    detail: ({ errors }) => errors.map(({ path, message }) => `${path}: ${message}`).join("; "),
    members: {
      errors: z.array(
        z.object({ path: z.string(), message: z.string() }).openapi("FieldError"),
      ),
    },
  },
  NOT_ADMITTED: {
    status: 403,
    title: "Not admitted",
    detail: ({ line: { pollAfterSeconds } }) =>
      pollAfterSeconds === null
        ? "Your place in line has ended. Join the line again."
        : `It is not your turn yet. Poll your place again in ${pollAfterSeconds} s.`,
    members: { line: lineSchema },
    headers: ({ line: { pollAfterSeconds } }) =>
      pollAfterSeconds === null ? {} : retryAfter({ retryAfterSeconds: pollAfterSeconds }),
  },
  ROOM_NOT_FOUND: {
    status: 404,
    title: "Room not found",
    detail: () => "There is no such room.",
  },
  ROOM_EXISTS: {
    status: 409,
    title: "Room exists",
    detail: () => "A room of this name exists. Change it with PATCH, or choose another name.",
  },
  ROOM_IN_USE: {
    status: 409,
    title: "Room in use",
    detail: () =>
      "The room has concerts that are or will be on sale, or fans in its line, or it is main. " +
      "Nothing was changed.",
  },
  LOBBY_WOULD_END: {
    status: 409,
    title: "Lobby would end",
    detail: ({ state, opensAt }) =>
      (opensAt === null
        ? `A change to ${state} ends the lobby: all fans who gathered would be drawn now.`
        : `The opening at ${opensAt} is so near that the line may have drawn all who gathered. ` +
          "This change would end their lobby.") +
      " Nothing was changed. Send endLobby: true to do it.",
    values: () => ({}),
  },
  PLACE_NOT_FOUND: {
    status: 404,
    title: "Place not found",
    detail: () => "The fan has no place in this room.",
  },
  LINE_CLOSED: {
    status: 409,
    title: "Line closed",
    detail: ({ opensAt }) =>
      opensAt === null ? "Nobody may join this line now." : `This line opens at ${opensAt}.`,
    members: { state: roomStateSchema, opensAt: timeSchema.nullable() },
  },
  WRONG_ROOM: {
    status: 403,
    title: "Wrong room",
    detail: ({ room }) =>
      `Only fans admitted to the room ${room} may buy this concert. Join its line.`,
    members: { room: roomIdSchema },
  },
  CONCERT_NOT_FOUND: {
    status: 404,
    title: "Concert not found",
    detail: () => "There is no such concert on sale.",
  },
  SCHEDULE_NOT_FOUND: {
    status: 404,
    title: "Schedule not found",
    detail: () => "The concert has no such schedule.",
  },
  SEAT_NOT_FOUND: {
    status: 404,
    title: "Seat not found",
    detail: ({ seatIds }) => `This schedule has no seat ${seatIds.join(", ")}.`,
    members: { seatIds: z.array(seatIdSchema) },
  },
  RESERVATION_NOT_FOUND: {
    status: 404,
    title: "Reservation not found",
    detail: () => "You have no such reservation.",
  },
  PAYMENT_NOT_FOUND: {
    status: 404,
    title: "Payment not found",
    detail: () => "You have no such payment.",
  },
  SALE_NOT_OPEN: {
    status: 409,
    title: "Sale not open",
    detail: ({ opensAt }) => `The sale of this schedule opens at ${opensAt}.`,
    members: { opensAt: timeSchema },
  },
  SALE_CLOSED: {
    status: 409,
    title: "Sale closed",
    detail: ({ closedAt }) => `The sale of this schedule ended at ${closedAt}.`,
    members: { closedAt: timeSchema },
  },
  SEAT_UNAVAILABLE: {
    status: 409,
    title: "Seat unavailable",
    detail: ({ seatIds }) => `Held or sold already: ${seatIds.join(", ")}. Nothing was held.`,
    members: {
      seatIds: z.array(seatIdSchema),
      ownReservations: z.array(
        z.object({
          seatId: seatIdSchema,
          reservationId: reservationIdSchema,
          expiresAt: timeSchema,
        }).openapi("OwnReservation"),
      ).openapi({
        description: "Which of the seats are live holds of your own.",
      }),
    },
  },
  SEAT_LIMIT_EXCEEDED: {
    status: 409,
    title: "Seat limit exceeded",
    detail: ({ limit, held }) =>
      `One fan may have ${limit} seats of a schedule; you have ${held} already.`,
    members: { limit: countSchema, held: countSchema },
  },
  RESERVATION_NOT_PAYABLE: {
    status: 409,
    title: "Reservation not payable",
    detail: ({ reservations }) =>
      `Only live holds can be paid for: ${
        reservations.map(({ reservationId, status }) => `${reservationId} is ${status}`).join(", ")
      }. Nothing was paid.`,
    members: {
      reservations: z.array(
        z.object({ reservationId: reservationIdSchema, status: reservationStatusSchema })
          .openapi("UnpayableReservation"),
      ),
    },
  },
  RESERVATION_NOT_CANCELLABLE: {
    status: 409,
    title: "Reservation not cancellable",
    detail: () => "The reservation is paid or refunded.",
  },
  INSUFFICIENT_BALANCE: {
    status: 409,
    title: "Insufficient balance",
    detail: ({ balance, required }) => `The balance is ${balance}; ${required} is required.`,
    members: { balance: moneySchema, required: moneySchema },
  },
  TICKET_CODE_INVALID: {
    status: 400,
    title: "Ticket code invalid",
    detail: () => "The code is not one that this service signed.",
  },
  TICKET_NOT_FOUND: {
    status: 404,
    title: "Ticket not found",
    detail: () => "There is no such ticket.",
  },
  TICKET_OTHER_SCHEDULE: {
    status: 409,
    title: "Ticket of another schedule",
    detail: ({ scheduleId }) => `The ticket is of the schedule ${scheduleId}. Nobody was let in.`,
    values: () => ({}),
  },
  TICKET_VOID: {
    status: 409,
    title: "Ticket void",
    detail: () =>
      "The ticket was refunded, or its concert or schedule is withdrawn. Nobody was let in.",
  },
  ALREADY_CHECKED_IN: {
    status: 409,
    title: "Already checked in",
    detail: ({ checkedInAt, door }) =>
      `The ticket was let in at ${checkedInAt}${door === null ? "" : `, door ${door}`}.`,
    members: { checkedInAt: timeSchema, door: z.string().nullable() },
  },
  REFUND_NOT_POSSIBLE: {
    status: 409,
    title: "Refund not possible",
    detail: ({ reason }) =>
      reason === "CHECKED_IN"
        ? "The ticket was let in already. An operator can refund the payment."
        : "Fans cannot have this payment refunded, or not any more. An operator can.",
    members: { reason: z.enum(REFUND_OBSTACLES).openapi("RefundObstacle") },
  },
  WITHDRAWAL_FINAL: {
    status: 409,
    title: "Withdrawal final",
    detail: () =>
      "A refund of what was withdrawn was accepted, so the withdrawal cannot be undone.",
  },
  IDEMPOTENCY_KEY_REQUIRED: {
    status: 400,
    title: "Idempotency key required",
    detail: () => "Send an Idempotency-Key header of 1 to 255 visible ASCII characters.",
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: "Idempotency key reused",
    detail: () =>
      "This key was used for another request on this route. Use a new key for a new request.",
  },
  IDEMPOTENCY_IN_PROGRESS: {
    status: 409,
    title: "Idempotent act in progress",
    detail: () =>
      "The first request with this key is still running. Repeat the request to get its answer.",
  },
  RATE_LIMITED: {
    status: 429,
    title: "Rate limited",
    detail: ({ retryAfterSeconds }) => `Too many joins; try again in ${retryAfterSeconds} s.`,
    headers: retryAfter,
  },
  DEPENDENCY_UNAVAILABLE: {
    status: 503,
    title: "Dependency unavailable",
    detail: ({ retryAfterSeconds }) =>
      `Something that this needs does not answer; try again in ${retryAfterSeconds} s.`,
    members: { dependencies: dependenciesSchema.optional() },
    headers: retryAfter,
  },
  INTERNAL: {
    status: 500,
    title: "Internal error",
    detail: () => "Something went wrong here. Quote the instance when you report it.",
  },
};

export const PROBLEM_MEDIA_TYPE = "application/problem+json";

/** Members of a failure that are no members of the document: `code` and headers carry them. */
const HIDDEN_MEMBERS = ["kind", "retryAfterSeconds", "allow"];

/** The page that explains all problems; `type` is the part of it about one. */
export const PROBLEMS_PATH = "/docs/problems";

export function problemType(kind: ApiFailureKind): string {
  return `${PROBLEMS_PATH}#${kind.toLowerCase().replaceAll("_", "-")}`;
}

/** The problem document (RFC 9457) of a failure. */
export function problemDocument(failure: Problem, requestId: string): Record<string, unknown> {
  const problem = PROBLEMS[failure.kind] as ProblemDefinition<ApiFailureKind>;
  const members = Object.entries(failure).filter(([name]) => !HIDDEN_MEMBERS.includes(name));
  return {
    type: problemType(failure.kind),
    title: problem.title,
    status: problem.status,
    detail: problem.detail(failure),
    instance: `urn:stanchion:request:${requestId}`,
    code: failure.kind,
    ...(problem.values?.(failure) ?? Object.fromEntries(members)),
  };
}

/** The headers that only the answer with this failure has. */
export function problemHeaders(failure: Problem): Record<string, string> {
  const problem = PROBLEMS[failure.kind] as ProblemDefinition<ApiFailureKind>;
  return problem.headers?.(failure) ?? {};
}

/** Answers the request with the problem document of a failure. */
export function problemResponse(c: Context<ApiEnv>, failure: Problem): Response {
  const document = problemDocument(failure, c.get("requestId"));
  return c.body(JSON.stringify(document), PROBLEMS[failure.kind].status, {
    "Content-Type": PROBLEM_MEDIA_TYPE,
    ...problemHeaders(failure),
  });
}
