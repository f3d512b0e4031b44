import { z } from "@hono/zod-openapi";
import type { PaymentService } from "../../application/payment_service.ts";
import { refused } from "../../domain/result.ts";
import { answer, endpoint, recordedAnswer } from "../pipeline/endpoint.ts";
import {
  payBody,
  paymentExample,
  paymentSchema,
  paymentWithHistorySchema,
} from "../schemas/booking.ts";
import { moneySchema, paymentIdSchema } from "../schemas/common.ts";
import { ownList } from "./own_list.ts";

const TAG = "Payments";

export function paymentRoutes({ payments }: { payments: PaymentService }) {
  return [
    endpoint({
      name: "pay",
      method: "post",
      path: "/v1/payments",
      tag: TAG,
      summary: "Pay for held seats",
      description:
        "Pays for all of them or none, from the balance. A live hold is itself the permission. " +
        "The payment ends the place in line under which the seats were held.",
      needs: "user",
      idempotent: true,
      body: payBody,
      bodyExample: { reservationIds: [paymentExample.reservationId] },
      asksStores: true,
      answers: {
        201: {
          description: "Paid",
          location: ({ payments: [first, ...others] }) =>
            others.length === 0 ? `/v1/payments/${first.paymentId}` : "/v1/payments",
          schema: z.object({
            payments: z.array(paymentSchema),
            totalAmount: moneySchema,
            balance: moneySchema,
          }).openapi("Paid"),
          example: { payments: [paymentExample], totalAmount: 110_000, balance: 390_000 },
        },
      },
      failures: ["RESERVATION_NOT_FOUND", "RESERVATION_NOT_PAYABLE", "INSUFFICIENT_BALANCE"],
      act: async ({ caller, body, idempotent, context }) => {
        const paid = await payments.pay(context, caller.fan, body.reservationIds, idempotent);
        return paid.ok ? recordedAnswer(201, paid.value) : paid;
      },
    }),
    ownList({
      name: "listPayments",
      path: "/v1/payments",
      tag: TAG,
      summary: "Own payments, newest first",
      schemaName: "Payments",
      item: paymentSchema,
      example: paymentExample,
      list: payments.list,
    }),
    endpoint({
      name: "getPayment",
      method: "get",
      path: "/v1/payments/{paymentId}",
      tag: TAG,
      summary: "One payment, with its history",
      needs: "user",
      params: z.object({ paymentId: idInPath }),
      asksStores: true,
      answers: {
        200: {
          description: "The payment",
          schema: paymentWithHistorySchema,
          example: {
            ...paymentExample,
            history: [{ status: "COMPLETED", amount: 110_000, at: paymentExample.paidAt }],
          },
        },
      },
      failures: ["PAYMENT_NOT_FOUND"],
      act: async ({ caller, params }) => {
        const payment = await payments.get(caller.fan, params.paymentId);
        if (!payment) return refused({ kind: "PAYMENT_NOT_FOUND" });
        return answer(200, payment);
      },
    }),
  ];
}

const idInPath = paymentIdSchema.openapi({ param: { name: "paymentId", in: "path" } });
