import { z } from "@hono/zod-openapi";
import type { BalanceService } from "../../application/balance_service.ts";
import { answer, endpoint, recordedAnswer } from "../pipeline/endpoint.ts";
import { amountSchema, balanceSchema, correctionSchema } from "../schemas/booking.ts";
import { fanIdSchema, optionalReason, requiredReason } from "../schemas/common.ts";

const example = { balance: 500_000, currency: "KRW" };
const charged = { description: "Topped up", schema: balanceSchema, example };
const ledgerOf = (_: unknown, { body }: { body: { userId: string } }) =>
  `/v1/admin/fans/${encodeURIComponent(body.userId)}/ledger`;

export function balanceRoutes(
  { balance, allowSelfCharge }: { balance: BalanceService; allowSelfCharge: boolean },
) {
  return [
    endpoint({
      name: "getBalance",
      method: "get",
      path: "/v1/balance",
      tag: "Balance",
      summary: "Own balance",
      description: "0 for a fan never seen.",
      needs: "user",
      asksStores: true,
      answers: { 200: { description: "The balance", schema: balanceSchema, example } },
      failures: [],
      act: async ({ caller }) => answer(200, await balance.balance(caller.fan)),
    }),
    endpoint({
      name: "chargeBalance",
      method: "post",
      path: "/v1/balance/charges",
      tag: "Balance",
      summary: "Top up the own balance",
      description: "Only where `ALLOW_SELF_CHARGE` is set.",
      needs: "user",
      forbidden: () => allowSelfCharge ? null : "SELF_CHARGE_OFF",
      idempotent: true,
      body: z.strictObject({ amount: amountSchema }).openapi("NewCharge"),
      bodyExample: { amount: 500_000 },
      asksStores: true,
      answers: { 201: { ...charged, location: () => "/v1/balance" } },
      failures: [],
      act: async ({ caller, body, idempotent }) => {
        const result = await balance.charge(caller.fan, body.amount, null, idempotent);
        return result.ok ? recordedAnswer(201, result.value) : result;
      },
    }),
    endpoint({
      name: "chargeFan",
      method: "post",
      path: "/v1/admin/balance/charges",
      tag: "Operator",
      summary: "Top up a fan's balance",
      needs: "operator",
      idempotent: true,
      description: "The idempotency key belongs to the operator.",
      body: z.strictObject({
        userId: fanIdSchema,
        amount: amountSchema,
        reason: optionalReason,
      }).openapi("NewChargeOfFan"),
      bodyExample: { userId: "alice", amount: 500_000 },
      asksStores: true,
      answers: { 201: { ...charged, location: ledgerOf } },
      failures: [],
      act: async ({ caller: { operator }, body, idempotent }) => {
        const { userId, amount, reason } = body;
        const result = await balance.charge(userId, amount, { operator, reason }, idempotent);
        return result.ok ? recordedAnswer(201, result.value) : result;
      },
    }),
    endpoint({
      name: "correctBalance",
      method: "post",
      path: "/v1/admin/balance/corrections",
      tag: "Operator",
      summary: "Correct a fan's balance, up or down",
      description:
        "The balance never falls below zero. The idempotency key belongs to the operator.",
      needs: "operator",
      idempotent: true,
      body: z.strictObject({
        userId: fanIdSchema,
        amount: correctionSchema,
        reason: requiredReason,
      }).openapi("NewCorrection"),
      bodyExample: { userId: "alice", amount: -10_000, reason: "charged twice" },
      asksStores: true,
      answers: {
        201: { description: "Corrected", schema: balanceSchema, example, location: ledgerOf },
      },
      failures: ["INSUFFICIENT_BALANCE"],
      act: async ({ caller: { operator }, body, idempotent }) => {
        const { userId, amount, reason } = body;
        const result = await balance.correct(userId, amount, { operator, reason }, idempotent);
        return result.ok ? recordedAnswer(201, result.value) : result;
      },
    }),
  ];
}
