import { MAX_COUNTED_DELIVERIES, type OfficeFigures } from "../../ports/office_figures.ts";
import { type ActTime, callFunction, databaseTime, type Sql } from "./sql.ts";

/** The figures of the box office in PostgreSQL. */
export function postgresOfficeFigures(
  { sql, actTime = databaseTime }: { readonly sql: Sql; readonly actTime?: ActTime },
): OfficeFigures {
  return {
    read(bounds) {
      const input = { ...bounds, maxDeliveries: MAX_COUNTED_DELIVERIES, now: actTime() };
      return callFunction(sql, "office_figures", input, { repeatable: true });
    },
  };
}
