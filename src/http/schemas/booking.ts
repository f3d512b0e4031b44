import { z } from "@hono/zod-openapi";
import type { HoldRequest } from "../../application/reservation_service.ts";
import { seatNumberSchema } from "./seat.ts";
import { LEDGER_KINDS } from "../../domain/booking.ts";
import {
  MAX_CHARGE,
  MAX_CORRECTION,
  MAX_SEAT_PRICE,
  MAX_SEATS_PER_REQUEST,
} from "../../domain/limits.ts";
import {
  concertIdSchema,
  concertStatusSchema,
  currencySchema,
  moneySchema,
  paymentIdSchema,
  paymentStatusSchema,
  reservationIdSchema,
  reservationStatusSchema,
  scheduleIdSchema,
  seatIdSchema,
  sectionSchema,
  signedMoneySchema,
  ticketIdSchema,
  timeSchema,
} from "./common.ts";

function allDifferent(values: readonly unknown[]): boolean {
  return new Set(values).size === values.length;
}

export const reservationExample = {
  reservationId: "rsv_5f0c2c4e-52a7-4f0e-9a51-0d6c2f4f7a10",
  concertId: 1,
  concertTitle: "Night Train",
  concertStatus: "ON_SALE" as const,
  venue: "Harbour Hall",
  timeZone: "Asia/Seoul",
  scheduleId: 1,
  concertAt: "2026-12-24T10:00:00.000Z",
  seatId: 17,
  seatNumber: 17,
  seatLabel: "17",
  section: "Stalls",
  row: "B",
  price: 110_000,
  status: "HELD" as const,
  expiresAt: "2026-12-01T10:05:00.000Z",
  createdAt: "2026-12-01T10:00:00.000Z",
  ticketId: null,
};

export const reservationSchema = z.object({
  reservationId: reservationIdSchema,
  concertId: concertIdSchema,
  concertTitle: z.string(),
  concertStatus: concertStatusSchema,
  venue: z.string().nullable(),
  timeZone: z.string(),
  scheduleId: scheduleIdSchema,
  concertAt: timeSchema,
  seatId: seatIdSchema,
  seatNumber: seatNumberSchema,
  seatLabel: z.string(),
  section: z.string().nullable(),
  row: z.string().nullable(),
  price: moneySchema,
  status: reservationStatusSchema,
  expiresAt: timeSchema,
  createdAt: timeSchema,
  ticketId: ticketIdSchema.nullable().openapi({
    type: ["string", "null"],
    description: "Null before the payment.",
  }),
}).openapi("Reservation", { example: reservationExample });

export const cancelledReservationExample = {
  ...reservationExample,
  status: "CANCELLED" as const,
  takenAt: "2026-12-01T10:01:30.000Z",
};

export const cancelledReservationSchema = reservationSchema.extend({
  takenAt: timeSchema.openapi({
    description:
      "When it was cancelled. Lay the change over statuses whose `takenAt` is before it.",
  }),
}).openapi("CancelledReservation", { example: cancelledReservationExample });

/** Also where other members are faulty, so that all faults are named at once. */
const always = () => true;

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

const bestAvailableSchema = z.strictObject({
  quantity: z.int().min(1).max(MAX_SEATS_PER_REQUEST),
  section: sectionSchema.nullable().default(null).openapi({
    description: "Only seats of this section. By default of any.",
  }),
  maxPrice: z.int().min(0).max(MAX_SEAT_PRICE).nullable().default(null).openapi({
    description: "The most that each seat may cost. By default anything.",
  }),
}).openapi("BestAvailable", {
  description:
    "So many seats side by side in one row. The service chooses those that leave no single seat " +
    "alone where that can be avoided, nearest to the front and then to the middle of the row, in " +
    "the order of the map.",
});

export const holdBody = z.strictObject({
  concertId: concertIdSchema,
  scheduleId: scheduleIdSchema,
  seatIds: z.array(seatIdSchema).min(1).max(MAX_SEATS_PER_REQUEST)
    .refine(allDifferent, "must all be different").openapi({ uniqueItems: true }).optional(),
  bestAvailable: bestAvailableSchema.optional(),
}).refine((body) => !(isObject(body) && body.seatIds && body.bestAvailable), {
  path: ["bestAvailable"],
  error: "must not be beside seatIds",
  when: always,
}).refine((body) => !isObject(body) || body.seatIds || body.bestAvailable, {
  path: ["seatIds"],
  error: "is required, or bestAvailable",
  when: always,
}).openapi("NewReservations", {
  description: "Either `seatIds` or `bestAvailable`.",
}).transform(({ seatIds, bestAvailable, ...schedule }): HoldRequest =>
  bestAvailable ? { ...schedule, bestAvailable } : { ...schedule, seatIds: seatIds! }
);

export const paymentExample = {
  paymentId: "pay_0b7d8a52-9a39-4f5e-8a5c-5b7b3f1f0c55",
  reservationId: reservationExample.reservationId,
  amount: 110_000,
  status: "COMPLETED" as const,
  paidAt: "2026-12-01T10:01:30.000Z",
  refundedAt: null,
};

const paymentShape = {
  paymentId: paymentIdSchema,
  reservationId: reservationIdSchema,
  amount: moneySchema,
  status: paymentStatusSchema,
  paidAt: timeSchema,
  refundedAt: timeSchema.nullable(),
};

export const paymentSchema = z.object(paymentShape).openapi("Payment", { example: paymentExample });

export const paymentWithHistorySchema = z.object({
  ...paymentShape,
  history: z.array(
    z.object({ status: paymentStatusSchema, amount: moneySchema, at: timeSchema })
      .openapi("PaymentEvent"),
  ),
}).openapi("PaymentWithHistory");

export const payBody = z.strictObject({
  reservationIds: z.array(reservationIdSchema).min(1).max(MAX_SEATS_PER_REQUEST)
    .refine(allDifferent, "must all be different").openapi({ uniqueItems: true }),
}).openapi("NewPayments");

export const ledgerEntryExample = {
  entryId: "4711",
  kind: "REFUND" as const,
  amount: 110_000,
  reference: paymentExample.paymentId,
  operator: "alex",
  reason: "the singer is ill",
  at: "2026-12-02T09:00:00.000Z",
};

export const ledgerEntrySchema = z.object({
  entryId: z.string(),
  kind: z.enum(LEDGER_KINDS).openapi("LedgerKind"),
  amount: signedMoneySchema,
  reference: paymentIdSchema.nullable().openapi({
    type: ["string", "null"],
    description: "The payment of a PAYMENT or a REFUND; else null.",
  }),
  operator: z.string().nullable().openapi({
    description: "The operator who did it; null where the fan did.",
  }),
  reason: z.string().nullable(),
  at: timeSchema,
}).openapi("LedgerEntry", { example: ledgerEntryExample });

export const balanceSchema = z.object({
  balance: moneySchema,
  currency: currencySchema,
}).openapi("Balance");

/** Of either sign, but not 0. */
export const correctionSchema = z.int().min(-MAX_CORRECTION).max(MAX_CORRECTION)
  .refine((amount) => amount !== 0, "must not be 0")
  .openapi({ example: -10_000, description: "Added to the balance; not 0." });

export const amountSchema = z.int().min(1).max(MAX_CHARGE).openapi({ example: 500_000 });
