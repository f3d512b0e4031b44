import { ok } from "../../domain/result.ts";
import type { Accounts, CorrectionFailure } from "../../ports/accounts.ts";
import type { IdempotencyFailure } from "../../ports/idempotency.ts";
import { type ActTime, callAct, compactJson, databaseTime, queryJson, type Sql } from "./sql.ts";

const BALANCE = `select b.balance::text as result from balances b where b.fan_id = $1::text`;

/** Balances and their ledger in PostgreSQL. */
export function postgresAccounts(
  { sql, actTime = databaseTime }: { sql: Sql; actTime?: ActTime },
): Accounts {
  return {
    async balance(fan) {
      return await queryJson<number>(sql, BALANCE, [fan]) ?? 0;
    },
    async charge(charge, request) {
      const input = { ...charge, idempotency: request, now: actTime() };
      const charged = await callAct<{ answer: string }, IdempotencyFailure>(
        sql,
        "charge_balance",
        input,
        { repeatable: true },
      );
      return charged.ok ? ok({ json: compactJson(charged.value.answer), effects: null }) : charged;
    },
    async correct(correction, request) {
      const input = { ...correction, idempotency: request, now: actTime() };
      const corrected = await callAct<{ answer: string }, CorrectionFailure>(
        sql,
        "correct_balance",
        input,
        { repeatable: true },
      );
      if (!corrected.ok) return corrected;
      return ok({ json: compactJson(corrected.value.answer), effects: null });
    },
  };
}
