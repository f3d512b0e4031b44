import type { Stock } from "../../domain/room.ts";
import type { StockCounter } from "../../ports/stock_counter.ts";
import { type ActTime, databaseTime, queryJson, type Sql } from "./sql.ts";

const STOCK = `select count_stock($1::text, act_time($2::text::timestamptz))::text as result`;

/** Counts a room's seats in PostgreSQL. */
export function postgresStockCounter(
  { sql, actTime = databaseTime }: { readonly sql: Sql; readonly actTime?: ActTime },
): StockCounter {
  return {
    count: (room) => queryJson<Stock>(sql, STOCK, [room, actTime()]),
  };
}
