import { z } from "@hono/zod-openapi";
import {
  type ConcertId,
  type FanId,
  isFanId,
  MAX_FAN_ID_LENGTH,
  type PaymentId,
  type RefundId,
  type ReservationId,
  type ScheduleId,
  type SeatId,
  type TicketId,
} from "../../domain/ids.ts";
import { hasBlankEdge, isBlank } from "../../domain/text.ts";

const BLANK_EDGE_MESSAGE = "must not begin or end in a blank";
/** For generators: no NUL, and a character that is no blank. The refinements ask for more. */
export const TEXT_PATTERN = "^[^\\x00]*[^\\s\\x00][^\\x00]*$";
/** The same, with no blank at either end. */
export const ID_PATTERN = "^[^\\s\\x00]([^\\x00]*[^\\s\\x00])?$";
const storable = (text: string) => text.isWellFormed() && !text.includes("\0");

/**
 * Text of a length in characters that every store can keep. Where it may not be empty, a reader
 * must see something of it.
 */
export function text(min: number, max: number) {
  return z.string(`must be text of ${min} to ${max} characters`).min(min).max(max)
    .refine(storable, "must be well-formed Unicode without NUL")
    .refine((given) => min === 0 || given === "" || !isBlank(given), "must not be blank")
    .openapi({ pattern: min === 0 ? "^[^\\x00]*$" : TEXT_PATTERN });
}

const reason = text(1, 500);
export const optionalReason = reason.nullable().default(null)
  .openapi({ description: "Why, for the audit log and the ledger." });
export const requiredReason = reason.openapi({
  description: "Why, for the audit log and the ledger.",
});

function positive<Id extends number>(example: number) {
  return z.int("must be a positive integer").min(1).openapi({ example })
    .transform((id) => id as Id);
}

export const concertIdSchema = positive<ConcertId>(1);
export const scheduleIdSchema = positive<ScheduleId>(1);
export const seatIdSchema = positive<SeatId>(17);

/** A positive integer written in a path or a query. */
function written<Id extends number>() {
  const message = "must be a positive integer";
  return z.string().regex(/^[1-9]\d{0,15}$/, message).transform(Number)
    .refine(Number.isSafeInteger, message).transform((id) => id as Id)
    .openapi({ type: "integer", minimum: 1, maximum: Number.MAX_SAFE_INTEGER, example: 1 });
}

function inPath<Id extends number>(name: string) {
  return written<Id>().openapi({ param: { name, in: "path" } });
}

export const concertIdInPath = inPath<ConcertId>("concertId");
export const scheduleIdInPath = inPath<ScheduleId>("scheduleId");
export const seatIdInPath = inPath<SeatId>("seatId");
export const scheduleIdInQuery = written<ScheduleId>();
export const seatIdInQuery = written<SeatId>();

/** The name of a section. */
export const sectionSchema = text(1, 64).openapi({ example: "Floor" });

/** Why an operator acts. */
export const reasonSchema = text(1, 500).nullable().default(null).openapi({
  description: "Why, for the audit log.",
});

/** The query of an operator's DELETE. */
export const reasonQuery = z.object({ reason: text(1, 500).optional() });

/** An opaque id. Any text that a store can look up is accepted, but for blanks at the ends. */
function opaque<Id extends string>(example: Id) {
  return text(1, 255).refine((id) => !hasBlankEdge(id), BLANK_EDGE_MESSAGE).openapi({
    pattern: ID_PATTERN,
    example,
  }).transform((id) => id as Id);
}

export const reservationIdSchema = opaque<ReservationId>(
  "rsv_5f0c2c4e-52a7-4f0e-9a51-0d6c2f4f7a10",
);
export const paymentIdSchema = opaque<PaymentId>("pay_0b7d8a52-9a39-4f5e-8a5c-5b7b3f1f0c55");
export const ticketIdSchema = opaque<TicketId>("tkt_9d1f6a52-3b0e-4f55-8f0a-2c6e54c1a7d3");
export const refundIdSchema = opaque<RefundId>("rfd_2a6f0c1e-7d0b-4b57-9f4e-1c3f5b7d9e20");
export const reservationStatusSchema = z.enum([
  "HELD",
  "PAID",
  "CANCELLED",
  "EXPIRED",
  "REFUNDED",
]).openapi("ReservationStatus");
export const paymentStatusSchema = z.enum(["COMPLETED", "REFUNDED"]).openapi("PaymentStatus");
/** Of a concert or a schedule. */
export const concertStatusSchema = z.enum(["ON_SALE", "SOLD_OUT", "ENDED", "WITHDRAWN"])
  .openapi("ConcertStatus");

export const fanIdSchema = z.custom<FanId>(
  isFanId,
  `must be well-formed text of 1 to ${MAX_FAN_ID_LENGTH} characters without NUL, not . or .., ` +
    BLANK_EDGE_MESSAGE,
).openapi({
  type: "string",
  minLength: 1,
  maxLength: MAX_FAN_ID_LENGTH,
  pattern: ID_PATTERN,
  example: "alice",
});

export const fanIdInPath = fanIdSchema.openapi({ param: { name: "userId", in: "path" } });

/** A time in an answer: RFC 3339, UTC, milliseconds. */
export const timeSchema = z.iso.datetime().openapi({ example: "2026-12-24T10:00:00.000Z" });

const FIRST_YEAR = 1970;
const LAST_YEAR = 9998;

/** A time in a request: RFC 3339 with any offset, from 1970 to 9998. */
export const timeInput = z.iso.datetime({
  offset: true,
  error: "must be an RFC 3339 time with an offset, such as 2026-12-24T19:00:00+09:00",
}).refine((given) => {
  const year = new Date(given).getUTCFullYear();
  return year >= FIRST_YEAR && year <= LAST_YEAR;
}, `must lie between the years ${FIRST_YEAR} and ${LAST_YEAR}`)
  .transform((given) => new Date(given).toISOString())
  .openapi({ format: "date-time", example: "2026-12-24T19:00:00+09:00" });

/** An amount that is never below zero. */
export const moneySchema = z.int().min(0).openapi({ example: 110_000 });
/** An amount of either sign. */
export const signedMoneySchema = z.int().openapi({ example: -110_000 });
/** The schema or null. For named schemas, whose `.nullable()` the document would not show. */
export function orNull<Schema extends z.ZodType>(schema: Schema) {
  return z.union([schema, z.null()]);
}

/** An ISO 4217 code. */
export const currencySchema = z.string().regex(/^[A-Z]{3}$/).openapi({ example: "KRW" });
export const countSchema = z.int().min(0);
/** The opaque cursor of a next page. */
export const nextCursorSchema = z.string().nullable();
