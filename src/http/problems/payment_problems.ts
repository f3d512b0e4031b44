import { z } from "@hono/zod-openapi";
import { moneySchema, timeSchema } from "../schemas/common.ts";
import { ERASURE_OBSTACLES, REFUND_OBSTACLES } from "../../domain/failures.ts";
import type { ProblemDefinitions } from "./problem_definition.ts";

/** The failures of payments, refunds and tickets. */
export const PAYMENT_PROBLEMS = {
  PAYMENT_NOT_FOUND: {
    status: 404,
    title: "Payment not found",
    detail: () => "You have no such payment.",
  },
  INSUFFICIENT_BALANCE: {
    status: 409,
    title: "Insufficient balance",
    detail: ({ balance, required }) => `The balance is ${balance}; ${required} is required.`,
    members: { balance: moneySchema, required: moneySchema },
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
  ERASURE_NOT_POSSIBLE: {
    status: 409,
    title: "Erasure not possible",
    detail: ({ reasons }) => `The name is still needed: ${reasons.join(", ")}. Nothing was erased.`,
    members: {
      reasons: z.array(z.enum(ERASURE_OBSTACLES).openapi("ErasureObstacle")).openapi({
        description:
          "BALANCE: the balance is not zero. HOLDS: there are live holds. TICKETS: there are tickets " +
          "of a date to come. REFUNDS: payments of something withdrawn are not refunded, or a " +
          "refund is not finished.",
      }),
    },
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
    detail: () => "The ticket is of another concert or date. Nobody was let in.",
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
} satisfies Partial<ProblemDefinitions>;
