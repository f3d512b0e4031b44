import type { Accounts, CorrectionFailure } from "../../ports/accounts.ts";
import type { IdempotencyFailure } from "../../ports/idempotency.ts";
import { type ActTime, callRecordedAct, databaseTime, queryJson, type Sql } from "./sql.ts";

const BALANCE = `select b.balance::text as result from balances b where b.fan_id = $1::text`;

/** Balances and their ledger in PostgreSQL. */
export function postgresAccounts(
  { sql, actTime = databaseTime }: { sql: Sql; actTime?: ActTime },
): Accounts {
  return {
    async balance(fan) {
      return await queryJson<number>(sql, BALANCE, [fan]) ?? 0;
    },
    charge(charge, once) {
      const input = { ...charge, idempotency: once, now: actTime() };
      return callRecordedAct<null, IdempotencyFailure>(sql, "charge_balance", input, {
        repeatable: true,
      });
    },
    correct(correction, once) {
      const input = { ...correction, idempotency: once, now: actTime() };
      return callRecordedAct<null, CorrectionFailure>(sql, "correct_balance", input, {
        repeatable: true,
      });
    },
  };
}
