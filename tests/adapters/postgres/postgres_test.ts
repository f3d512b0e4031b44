import { equal } from "node:assert/strict";
import { boxOfficeContract } from "../../contract/box_office/contract.ts";
import { HOLD_TTL_MS, must, newFan, nth, putOnSale } from "../../contract/box_office/office.ts";
import { startTestPostgres, type TestPostgres } from "../../support/postgres_server.ts";
import { officeOver } from "./office.ts";

const SWEEP_LIMIT = 5;
const SWEPT = 20;
const DAYS_MS = 7 * 86_400_000;

let server: TestPostgres | undefined;

// Hooks after all tests run last to first: the contract's office closes before its server stops.
Deno.test.beforeAll(async () => {
  server = await startTestPostgres();
  console.log(`PostgreSQL started in ${server.startedInMs} ms`);
});
Deno.test.afterAll(async () => {
  await server?.stop();
});

boxOfficeContract("postgres", async () => {
  if (!server) throw new Error("there is no server");
  return officeOver(await server.createDatabase(2));
});

Deno.test("postgres: `sweep()` keeps its limit under any plan", async () => {
  if (!server) throw new Error("there is no server");
  const fresh = await server.createDatabase(1);
  try {
    const office = officeOver(fresh);
    const [date] = await putOnSale(office, [{ seats: SWEPT }]);
    const fan = newFan(office);
    await fan.holdOne(date, nth(date.seatIds, 0));
    must(await fan.charge(1));
    // For tables of one row a nested loop is planned, which runs its inner side anew for each row.
    await fresh.sql("analyze", []);
    must(await fan.hold(date, date.seatIds.slice(1), { seatLimit: SWEPT }));
    for (let charge = 1; charge < SWEPT; charge++) must(await fan.charge(1));
    office.clock.nowMs += HOLD_TTL_MS + DAYS_MS;
    const { holds, records } = await office.bookings.sweep(SWEEP_LIMIT);
    equal(holds, SWEEP_LIMIT);
    equal(records, SWEEP_LIMIT);
  } finally {
    await fresh.close();
  }
});
