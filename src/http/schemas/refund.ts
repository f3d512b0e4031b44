import { z } from "@hono/zod-openapi";
import {
  countSchema,
  moneySchema,
  refundIdSchema,
  requiredReason,
  scheduleIdSchema,
  timeSchema,
} from "./common.ts";
import { paymentExample, paymentSchema } from "./booking.ts";

const backOnSale = z.boolean().default(true).openapi({
  description: "Whether what is refunded can be sold again. Otherwise its seats are blocked.",
});

/** It has no members: a payment is refunded whole. */
export const ownRefundBody = z.strictObject({}).openapi("NewOwnRefund");

export const refundBody = z.strictObject({
  reason: requiredReason,
  seatBackOnSale: backOnSale,
}).openapi("NewRefund");

export const concertRefundBody = z.strictObject({
  scheduleId: scheduleIdSchema.nullable().default(null).openapi({
    description: "One schedule of the concert; without it all of them.",
  }),
  reason: requiredReason,
  seatsBackOnSale: backOnSale,
}).openapi("NewConcertRefund");

export const refundedExample = {
  payment: {
    ...paymentExample,
    status: "REFUNDED" as const,
    refundedAt: "2026-12-02T09:00:00.000Z",
  },
  balance: 500_000,
};

export const refundedSchema = z.object({
  payment: paymentSchema,
  balance: moneySchema.openapi({ description: "The fan's balance now." }),
}).openapi("Refunded");

export const concertRefundExample = {
  refundId: "rfd_2a6f0c1e-7d0b-4b57-9f4e-1c3f5b7d9e20" as const,
  scheduleId: null,
  reason: "the singer is ill",
  seatsBackOnSale: false,
  total: 4_800,
  refunded: 500,
  amount: 55_000_000,
  finishedAt: null,
};

export const concertRefundSchema = z.object({
  refundId: refundIdSchema,
  scheduleId: scheduleIdSchema.nullable().openapi({
    type: ["integer", "null"],
    description: "The schedule that is refunded; null: all schedules of the concert.",
  }),
  reason: z.string().openapi({ description: "Why, as it was accepted." }),
  seatsBackOnSale: z.boolean().openapi({
    description: "Whether its seats can be sold again; otherwise they are blocked.",
  }),
  total: countSchema.openapi({
    description: "The payments that were COMPLETED when the refund was accepted.",
  }),
  refunded: countSchema.openapi({
    description: "Those of them that are refunded by now, by this refund or singly.",
  }),
  amount: moneySchema.openapi({ description: "The sum of what is refunded by now." }),
  finishedAt: timeSchema.nullable().openapi({ description: "Null while it is unfinished." }),
}).openapi("ConcertRefund", { example: concertRefundExample });
