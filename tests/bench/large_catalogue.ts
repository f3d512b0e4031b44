/**
 * What is read while a sale is on, over a large catalogue and a long past: sizes on disk, median
 * times in ms from the client, and how PostgreSQL reads each table.
 *
 *     deno run -A --config src/tools/deno.json tests/bench/large_catalogue.ts
 *
 * A thousand concerts of 20 dates of 100 seats. STANCHION_PAYMENTS (1,000,000) sets the past: ten
 * million take about 15 GB of the temporary folder's disk while they are made, and a good while.
 */
import { postgresSales } from "../../src/adapters/postgres/sales.ts";
import { postgresSupportRecords } from "../../src/adapters/postgres/support_records.ts";
import type { Sql } from "../../src/adapters/postgres/sql.ts";
import type { ConcertId, FanId, ScheduleId } from "../../src/domain/ids.ts";
import {
  A_FAN,
  type CatalogueSize,
  CONCERT_ON_SALE,
  fillCatalogue,
} from "../adapters/postgres/large_catalogue.ts";
import { watchedSession, wholeScans } from "../adapters/postgres/large_catalogue_plans.ts";
import { officeOver } from "../adapters/postgres/office.ts";
import { must } from "../contract/box_office/office.ts";
import { startTestPostgres } from "../support/postgres_server.ts";
import { median, requireMeasured } from "./measure.ts";

const FULL: CatalogueSize = {
  concerts: 1_000,
  datesOfConcert: 20,
  seatsOfDate: 100,
  payments: Number(Deno.env.get("STANCHION_PAYMENTS") ?? 1_000_000),
  fans: 100_000,
  holds: 20_000,
  records: 200_000,
};
const CALLS = 31;
const PAGE = { limit: 20, after: null };
const SWEPT = 100;
const ALL_SALES = { scheduleId: null, seatId: null, userId: null };

/** Throws `NothingMeasuredError` when a table is empty or a call reads none. */
export async function measureLargeCatalogue(
  size: CatalogueSize,
  { calls, print }: { readonly calls: number; readonly print: (line: string) => void },
): Promise<void> {
  const server = await startTestPostgres();
  try {
    const database = await server.createDatabase(1);
    const startedMs = performance.now();
    await fillCatalogue(database.sql, size);
    print(`filled in ${Math.round((performance.now() - startedMs) / 1000)} s`);
    await printSizes(database.sql, print);
    const session = await watchedSession(database.url);
    for (const [name, act] of Object.entries(actsOf(session.sql, size))) {
      const times: number[] = [];
      for (let call = 0; call < calls; call++) {
        const beganMs = performance.now();
        await act();
        times.push(performance.now() - beganMs);
      }
      requireMeasured(name, times);
      const plans = await session.watch(act);
      const reads = plans.flatMap(({ scans }) => scans)
        .map(({ node, relation, index }) => `${relation} by ${index ?? node}`);
      requireMeasured(`tables read by ${name}`, [reads.length]);
      print(`\n${name}: ${median(times).toFixed(1)} ms`);
      print(`  ${[...new Set(reads)].join("\n  ")}`);
      for (const scan of wholeScans(plans)) print(`  WHOLE TABLE: ${scan}`);
    }
    await session.close();
    await database.close();
  } finally {
    await server.stop();
  }
}

async function printSizes(sql: Sql, print: (line: string) => void): Promise<void> {
  const tables = await sql(
    `select relname::text as name, n_live_tup::text as rows,
        pg_size_pretty(pg_relation_size(relid)) as table_size,
        pg_size_pretty(pg_indexes_size(relid)) as index_size
      from pg_stat_user_tables where n_live_tup > 0 order by pg_total_relation_size(relid) desc`,
    [],
  );
  requireMeasured("rows of the tables", tables.map(({ rows }) => Number(rows)));
  for (const { name, rows, table_size, index_size } of tables) {
    print(`${name}: ${rows} rows, ${table_size} and ${index_size} of indexes`);
  }
}

function actsOf(sql: Sql, size: CatalogueSize): Readonly<Record<string, () => Promise<unknown>>> {
  const office = officeOver({ sql, close: async () => {} }, { nowMs: Date.now() });
  const records = postgresSupportRecords({ sql });
  const sales = postgresSales({ sql });
  const { catalogue, bookings, accounts } = office;
  const concertId = CONCERT_ON_SALE as ConcertId;
  const soldOut = (size.concerts + 1) as ConcertId;
  const fan = A_FAN as FanId;
  return {
    "listOnSale()": () => catalogue.listOnSale(0),
    "listSchedules()": () => catalogue.listSchedules(concertId),
    "seatMap()": () => catalogue.seatMap({ concertId, scheduleId: 1 as ScheduleId }, null),
    "seatStatuses()": async () =>
      must(await catalogue.seatStatuses({ concertId, scheduleId: 1 as ScheduleId })),
    "balance()": () => accounts.balance(fan),
    "listReservations()": () => bookings.listReservations(fan, PAGE),
    "listPayments()": () => bookings.listPayments(fan, PAGE),
    "ofFan()": () => records.ofFan(fan),
    "get()": () => catalogue.get(soldOut),
    "list()": () => catalogue.list({ status: null, room: null }, PAGE),
    "sales()": () => sales.list(soldOut, ALL_SALES, PAGE),
    "sweep()": () => bookings.sweep(SWEPT),
  };
}

if (import.meta.main) await measureLargeCatalogue(FULL, { calls: CALLS, print: console.log });
