import { equal } from "node:assert/strict";
import { boxOfficeContract } from "../../contract/box_office/contract.ts";
import { HOLD_TTL_MS, must, newFan, nth, putOnSale } from "../../contract/box_office/office.ts";
import {
  type PostgresDatabase,
  type PostgresServer,
  startPostgres,
} from "../../support/postgres_server.ts";
import { holdRaces } from "./hold_races.ts";
import { officeOver } from "./office.ts";
import { onceRaces } from "./once_races.ts";
import { operatorRaces } from "./operator_races.ts";
import { payRaces } from "./pay_races.ts";
import { CONTENDERS, type RaceTrack } from "./race.ts";
import { roomRaces } from "./room_races.ts";
import { storm } from "./storm.ts";

const SWEEP_LIMIT = 5;
const SWEPT = 20;
const DAYS_MS = 7 * 86_400_000;

let server: PostgresServer | undefined;
let database: PostgresDatabase | undefined;
let track: RaceTrack | undefined;

// Hooks after all tests run last to first: the contract's office closes before its server stops.
Deno.test.beforeAll(async () => {
  server = await startPostgres();
  console.log(`PostgreSQL started in ${server.startedInMs} ms`);
  database = await server.createDatabase(CONTENDERS);
  track = { database, office: officeOver(database) };
});
Deno.test.afterAll(async () => {
  await database?.close();
  await server?.stop();
});

function race(name: string, run: (track: RaceTrack) => Promise<void>): void {
  Deno.test(`postgres: ${name}`, async () => {
    if (!track) throw new Error("there is no database");
    await run(track);
  });
}

boxOfficeContract("postgres", async () => {
  if (!server) throw new Error("there is no server");
  return officeOver(await server.createDatabase(2));
});
holdRaces(race);
onceRaces(race);
operatorRaces(race);
payRaces(race);
roomRaces(race);
storm(race);

Deno.test("postgres: `sweep()` keeps its limit whatever the planner takes the tables for", async () => {
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
