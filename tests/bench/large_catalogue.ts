/**
 * What is read while a sale is on, over a large catalogue and a long past: sizes on disk, median
 * times in ms from the client, and how PostgreSQL reads each table.
 *
 *     deno run -A tests/bench/large_catalogue.ts
 *
 * A thousand concerts of 20 dates of 100 seats. STANCHION_PAYMENTS (1,000,000) sets the past: ten
 * million take about 15 GB of the temporary folder's disk while they are made, and a good while.
 */
import { postgresSupportRecords } from "../../src/adapters/postgres/support_records.ts";
import type { ConcertId, FanId, ScheduleId } from "../../src/domain/ids.ts";
import { A_FAN, CONCERT_ON_SALE, fillCatalogue } from "../adapters/postgres/large_catalogue.ts";
import { watchedSession, wholeScans } from "../adapters/postgres/large_catalogue_plans.ts";
import { officeOver } from "../adapters/postgres/office.ts";
import { must } from "../contract/box_office/office.ts";
import { startTestPostgres } from "../support/postgres_server.ts";

const SIZE = {
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

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

const server = await startTestPostgres();
try {
  const database = await server.createDatabase(1);
  const startedMs = performance.now();
  await fillCatalogue(database.sql, SIZE);
  console.log(`filled in ${Math.round((performance.now() - startedMs) / 1000)} s`);
  const sizes = await database.sql(
    `select relname::text as name, n_live_tup::text as rows,
        pg_size_pretty(pg_relation_size(relid)) as table_size,
        pg_size_pretty(pg_indexes_size(relid)) as index_size
      from pg_stat_user_tables where n_live_tup > 0 order by pg_total_relation_size(relid) desc`,
    [],
  );
  for (const { name, rows, table_size, index_size } of sizes) {
    console.log(`${name}: ${rows} rows, ${table_size} and ${index_size} of indexes`);
  }

  const session = await watchedSession(database.url);
  const office = officeOver({ sql: session.sql, close: async () => {} }, { nowMs: Date.now() });
  const records = postgresSupportRecords({ sql: session.sql });
  const { catalogue, bookings, accounts } = office;
  const concertId = CONCERT_ON_SALE as ConcertId;
  const soldOut = (SIZE.concerts + 1) as ConcertId;
  const fan = A_FAN as FanId;
  const acts: Record<string, () => Promise<unknown>> = {
    "listOnSale()": () => catalogue.listOnSale(),
    "listSchedules()": () => catalogue.listSchedules(concertId),
    "seatMap()": async () => must(await catalogue.seatMap(concertId, 1 as ScheduleId)),
    "balance()": () => accounts.balance(fan),
    "listReservations()": () => bookings.listReservations(fan, PAGE),
    "listPayments()": () => bookings.listPayments(fan, PAGE),
    "ofFan()": () => records.ofFan(fan),
    "salesOf()": () => records.salesOf(soldOut, PAGE),
    "sweep()": () => bookings.sweep(SWEPT),
  };
  for (const [name, act] of Object.entries(acts)) {
    const times: number[] = [];
    for (let call = 0; call < CALLS; call++) {
      const beganMs = performance.now();
      await act();
      times.push(performance.now() - beganMs);
    }
    const plans = await session.watch(act);
    const reads = plans.flatMap(({ scans }) => scans)
      .map(({ node, relation, index }) => `${relation} by ${index ?? node}`);
    console.log(`\n${name}: ${median(times).toFixed(1)} ms`);
    console.log(`  ${[...new Set(reads)].join("\n  ")}`);
    for (const scan of wholeScans(plans)) console.log(`  WHOLE TABLE: ${scan}`);
  }
  await session.close();
  await database.close();
} finally {
  await server.stop();
}
