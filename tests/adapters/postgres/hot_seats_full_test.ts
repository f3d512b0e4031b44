import { deepEqual, equal, ok } from "node:assert/strict";
import { assertLaws, countOf } from "../../contract/box_office/laws.ts";
import { SEAT_LIMIT } from "../../contract/box_office/office.ts";
import { withSeed } from "../../support/random.ts";
import { startTestPostgres } from "../../support/postgres_server.ts";
import { OUTCOMES, runHot } from "./hot_seats.ts";

const FILE = "tests/adapters/postgres/hot_seats_full_test.ts";
const CLIENTS = Number(Deno.env.get("STANCHION_RACE_CLIENTS") ?? 16);
const SECONDS = Number(Deno.env.get("STANCHION_RACE_SECONDS") ?? 2);

/** A hold keeps a seat until it ends, a payment for ever. */
const DOUBLE_HOLDS = `
  select count(*) from reservations a join reservations b on b.seat_id = a.seat_id
    where b.reservation_id <> a.reservation_id and b.created_at >= a.created_at
      and (a.status = 'PAID' or a.status in ('HELD', 'EXPIRED') and b.created_at < a.expires_at)`;
const LATE_PAYMENTS = `
  select count(*) from payments y join reservations r using (reservation_id)
    where y.paid_at >= r.expires_at or y.paid_at < r.created_at`;
/** When a cancelled hold ended is not kept, so fans who cancelled are left out. */
const BEYOND_LIMIT = `
  select count(*) from reservations r
    where r.fan_id not in (select fan_id from reservations where status = 'CANCELLED')
      and ${SEAT_LIMIT} < (
        select count(*) from reservations o
          where o.fan_id = r.fan_id and o.schedule_id = r.schedule_id
            and o.created_at <= r.created_at
            and (o.status = 'PAID' or o.expires_at > r.created_at))`;
const OTHER_DATES = `
  select count(*) from reservations r join seats s using (seat_id)
    where r.schedule_id <> s.schedule_id`;
const DEADLOCKS = "select deadlocks from pg_stat_database where datname = current_database()";

Deno.test("postgres: B1…B7: hot seats under very short holds of PostgreSQL's own clock", async () => {
  const server = await startTestPostgres();
  const database = await server.createDatabase(CLIENTS);
  const { sql, close: closePool, connect } = database;
  try {
    await withSeed(FILE, async (random) => {
      const { tally, soldOut, seatsHeld, charged, spent } = await runHot(sql, random, {
        clients: CLIENTS,
        leastMs: SECONDS * 1000,
      });
      console.log(
        `${CLIENTS} clients, ${SECONDS} s: ${JSON.stringify(tally)}, ${soldOut.length} sell-outs`,
      );
      for (const what of OUTCOMES) {
        ok(tally[what] > 0, `nobody was ${what}`);
      }
      await assertLaws(sql);
      equal(await countOf(sql, "select count(*) from reservations"), seatsHeld, "a partial hold");
      equal(await countOf(sql, DOUBLE_HOLDS), 0, "a seat was held twice");
      equal(await countOf(sql, LATE_PAYMENTS), 0, "a lapsed hold was paid");
      equal(await countOf(sql, OTHER_DATES), 0, "a reservation is of another date than its seat");
      equal(await countOf(sql, BEYOND_LIMIT), 0, "a fan passed the limit");
      equal(
        await countOf(sql, "select sum(balance) from balances"),
        charged - spent,
        "money was made or lost",
      );
      const empty = await sql(
        "select concert_id::integer as id from schedules where seats_left = 0 order by 1",
        [],
      );
      ok(empty.length > 0, "nothing sold out");
      deepEqual(soldOut.toSorted((a, b) => a - b), empty.map(({ id }) => id));
    });
    // Sessions hand in what they counted when they end.
    await closePool();
    const session = await connect();
    equal(await countOf(session.sql, DEADLOCKS), 0, "a deadlock");
    await session.close();
  } finally {
    await closePool().catch(() => {});
    await server.stop();
  }
});
