import { ok } from "../../domain/result.ts";
import type {
  AcceptedRefund,
  AcceptRefundFailure,
  ConcertRefund,
  Refunded,
  RefundFailure,
  Refunds,
} from "../../ports/refunds.ts";
import {
  type ActTime,
  callAct,
  callFunction,
  callRecordedAct,
  databaseTime,
  queryJson,
  type Sql,
} from "./sql.ts";

const GET_REFUND = `
  select refund_job_json(j)::text as result from refund_jobs j
  where j.refund_id = $1::text and j.concert_id = $2::text::bigint`;

/** Refunds in PostgreSQL. Every act is one database function. */
export function postgresRefunds(
  { sql, actTime = databaseTime }: { sql: Sql; actTime?: ActTime },
): Refunds {
  function refund<Failure extends RefundFailure>(order: object) {
    const input = { ...order, now: actTime() };
    return callAct<Refunded, Failure>(sql, "refund_payment", input, { repeatable: true });
  }

  return {
    refund(order) {
      return refund({ ...order, fan: null });
    },
    refundOwn(fan, paymentId) {
      return refund({ paymentId, fan, act: null, seatBackOnSale: true });
    },
    async accept(order, once = null) {
      const input = { ...order, idempotency: once, now: actTime() };
      const accepted = await callRecordedAct<null, AcceptRefundFailure>(
        sql,
        "accept_refund",
        input,
        { repeatable: true },
      );
      if (!accepted.ok) return accepted;
      const { json, replayed } = accepted.value;
      return ok({ ...JSON.parse(json) as Omit<AcceptedRefund, "replayed">, replayed });
    },
    get(concertId, refundId) {
      return queryJson<ConcertRefund>(sql, GET_REFUND, [refundId, String(concertId)]);
    },
    carryOn(refundId, limit) {
      return callFunction(sql, "carry_refund_on", { refundId, limit, now: actTime() });
    },
  };
}
