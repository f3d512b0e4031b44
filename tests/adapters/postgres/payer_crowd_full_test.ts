import { equal, ok } from "node:assert/strict";
import { assertLaws, countOf } from "../../contract/box_office/laws.ts";
import { SEAT_LIMIT } from "../../contract/box_office/office.ts";
import { withSeed } from "../../support/random.ts";
import { startTestPostgres } from "../../support/postgres_server.ts";
import { runPayerCrowd } from "./payer_crowd.ts";

const FILE = "tests/adapters/postgres/payer_crowd_full_test.ts";
const PAYERS = Number(Deno.env.get("STANCHION_RACE_CLIENTS") ?? 12);
/** By hand for ten minutes: STANCHION_RACE_SECONDS=600. */
const SECONDS = Number(Deno.env.get("STANCHION_RACE_SECONDS") ?? 3);

const BEYOND_LIMIT = `
  select count(*) from (
    select 1 from reservations where status = 'PAID' group by fan_id, schedule_id
      having count(*) > ${SEAT_LIMIT}) as greedy`;
/** At the moment of a hold, with every seat that was paid for before or after it. */
const BEYOND_LIMIT_AT_A_HOLD = `
  select count(*) from reservations r
    where ${SEAT_LIMIT} < (
      select count(*) from reservations o
        where o.fan_id = r.fan_id and o.schedule_id = r.schedule_id and o.created_at <= r.created_at
          and (o.status = 'PAID' or o.expires_at > r.created_at))`;
/** Without them the laws of a long run would read each table once for each of its rows. */
const INDEXES_OF_LAWS = [
  "create index on ledger_entries (payment_id)",
  "create index on payments (reservation_id)",
  "analyze",
];

Deno.test("postgres: B7: a crowd of payers never has more than the limit while holds lapse", async () => {
  const server = await startTestPostgres();
  // Each payer pays and holds at once.
  const database = await server.createDatabase(2 * PAYERS);
  try {
    await withSeed(FILE, async (random) => {
      const tally = await runPayerCrowd(database.sql, random, {
        payers: PAYERS,
        leastMs: SECONDS * 1000,
      });
      console.log(`${PAYERS} payers, ${SECONDS} s: ${JSON.stringify(tally)}`);
      ok(tally.paid > 0, "nobody paid");
      const greedy = await countOf(database.sql, BEYOND_LIMIT);
      equal(greedy, 0, `B7: ${greedy} of ${tally.tries} fans have paid for more than the limit`);
      equal(await countOf(database.sql, BEYOND_LIMIT_AT_A_HOLD), 0, "B7: beyond the limit");
      for (const index of INDEXES_OF_LAWS) await database.sql(index, []);
      await assertLaws(database.sql);
    });
  } finally {
    await database.close();
    await server.stop();
  }
});
