import { z } from "@hono/zod-openapi";
import type { RefundService } from "../../application/refund_service.ts";
import { refused } from "../../domain/result.ts";
import type { Refunded } from "../../ports/refunds.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import { concertIdInPath, paymentIdSchema, refundIdSchema } from "../schemas/common.ts";
import {
  concertRefundBody,
  concertRefundExample,
  concertRefundSchema,
  ownRefundBody,
  refundBody,
  refundedExample,
  refundedSchema,
} from "../schemas/refund.ts";

const paymentParams = z.object({
  paymentId: paymentIdSchema.openapi({ param: { name: "paymentId", in: "path" } }),
});
const refundParams = z.object({
  concertId: concertIdInPath,
  refundId: refundIdSchema.openapi({ param: { name: "refundId", in: "path" } }),
});

const refundedAnswers = {
  201: {
    description: "Refunded",
    schema: refundedSchema,
    example: refundedExample,
    location: ({ payment }: { payment: { paymentId: string } }) =>
      `/v1/payments/${payment.paymentId}`,
  },
  200: { description: "Refunded before", schema: refundedSchema, example: refundedExample },
};
const jobAnswer = (description: string) => ({
  description,
  schema: concertRefundSchema,
  example: concertRefundExample,
});

function refundedBody({ payment, balance, effects }: Refunded) {
  const body = { payment, balance };
  return effects ? answer(201, body) : answer(200, body);
}

/** Refunds by fans, and by operators. */
export function refundRoutes({ refunds }: { refunds: RefundService }) {
  return [
    endpoint({
      name: "refundOwnPayment",
      method: "post",
      path: "/v1/payments/{paymentId}/refunds",
      tag: "Payments",
      summary: "Have an own payment refunded",
      description:
        "The whole amount goes back to the balance, and the seat is on sale again. It is possible " +
        "until the schedule's `refundUntil`, if there is one, and not after the ticket was let in.",
      needs: "user",
      params: paymentParams,
      body: ownRefundBody,
      bodyExample: {},
      bodyIsOptional: true,
      asksStores: true,
      answers: refundedAnswers,
      failures: ["PAYMENT_NOT_FOUND", "REFUND_NOT_POSSIBLE"],
      act: async ({ caller, params, context }) => {
        const refunded = await refunds.refundOwn(context, caller.fan, params.paymentId);
        return refunded.ok ? refundedBody(refunded.value) : refunded;
      },
    }),
    endpoint({
      name: "refundPayment",
      method: "post",
      path: "/v1/admin/payments/{paymentId}/refunds",
      tag: "Operator",
      summary: "Refund a payment",
      description: "The whole amount goes back to the fan's balance, also after the entry.",
      needs: "operator",
      params: paymentParams,
      body: refundBody,
      bodyExample: { reason: "the seat is broken", seatBackOnSale: false },
      asksStores: true,
      answers: refundedAnswers,
      failures: ["PAYMENT_NOT_FOUND"],
      act: async ({ caller: { operator }, params, body, context }) => {
        const { reason, seatBackOnSale } = body;
        const act = { operator, reason };
        const refunded = await refunds.refund(context, {
          paymentId: params.paymentId,
          act,
          seatBackOnSale,
        });
        return refunded.ok ? refundedBody(refunded.value) : refunded;
      },
    }),
    endpoint({
      name: "refundConcert",
      method: "post",
      path: "/v1/admin/concerts/{concertId}/refunds",
      tag: "Operator",
      summary: "Refund all payments of a concert or a schedule",
      description:
        "The refund goes on in batches after the answer. Payments that are made later are not in " +
        "it. A second request for the same schedule, or for the whole concert, while it is " +
        "unfinished answers the same refund: it goes on with its first terms, which the answer " +
        "shows. A later one refunds what was paid since, unless it has the key of the first one. " +
        "Schedules have refunds of their own, beside that of the concert. A payment of two " +
        "refunds is refunded once, by the terms of the one that comes to it.",
      needs: "operator",
      idempotent: "optional",
      params: z.object({ concertId: concertIdInPath }),
      body: concertRefundBody,
      bodyExample: { reason: "the singer is ill", seatsBackOnSale: false },
      asksStores: true,
      answers: {
        202: {
          ...jobAnswer("Accepted"),
          location: ({ refundId }, { params }) =>
            `/v1/admin/concerts/${params.concertId}/refunds/${refundId}`,
        },
        200: jobAnswer("Accepted before, unfinished"),
      },
      failures: ["CONCERT_NOT_FOUND", "SCHEDULE_NOT_FOUND"],
      act: async ({ caller: { operator }, params, body, idempotent, context }) => {
        const { scheduleId, reason, seatsBackOnSale } = body;
        const act = { operator, reason };
        const order = { scheduleId, act, seatsBackOnSale };
        const accepted = await refunds.accept(context, params.concertId, order, idempotent);
        if (!accepted.ok) return accepted;
        const { isNew, job, replayed } = accepted.value;
        return isNew ? answer(202, job, replayed) : answer(200, job, replayed);
      },
    }),
    endpoint({
      name: "getConcertRefund",
      method: "get",
      path: "/v1/admin/concerts/{concertId}/refunds/{refundId}",
      tag: "Operator",
      summary: "The progress of a refund",
      needs: "operator",
      params: refundParams,
      asksStores: true,
      answers: { 200: jobAnswer("The refund") },
      failures: ["NOT_FOUND"],
      act: async ({ params: { concertId, refundId }, context }) => {
        const job = await refunds.progress(context, concertId, refundId);
        return job ? answer(200, job) : refused({ kind: "NOT_FOUND", missing: "refund" });
      },
    }),
  ];
}
