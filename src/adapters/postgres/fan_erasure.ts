import type { FailureOf } from "../../domain/failures.ts";
import { ok } from "../../domain/result.ts";
import type { FanErasure } from "../../ports/fan_erasure.ts";
import { type ActTime, callAct, databaseTime, type Sql } from "./sql.ts";

/** The erasure of fans from the records in PostgreSQL. */
export function postgresFanErasure(
  { sql, actTime = databaseTime }: { readonly sql: Sql; readonly actTime?: ActTime },
): FanErasure {
  return {
    async erase(erasure) {
      const input = { ...erasure, now: actTime() };
      // It looks through the audit log and the events of the last days.
      const done = await callAct<unknown, FailureOf<"ERASURE_NOT_POSSIBLE">>(
        sql,
        "erase_fan",
        input,
        { isHeavy: true },
      );
      return done.ok ? ok(null) : done;
    },
  };
}
