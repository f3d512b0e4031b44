import { ok, rejects } from "node:assert/strict";
import { balanceRaces } from "../adapters/postgres/balance_races.ts";
import { bestSeatRaces } from "../adapters/postgres/best_seat_races.ts";
import { holdRaces } from "../adapters/postgres/hold_races.ts";
import { limitRaces } from "../adapters/postgres/limit_races.ts";
import { onceRaces } from "../adapters/postgres/once_races.ts";
import { payRaces } from "../adapters/postgres/pay_races.ts";
import { refundRaces } from "../adapters/postgres/refund_races.ts";
import { ticketRaces } from "../adapters/postgres/ticket_races.ts";
import { snapshotRaces } from "../adapters/postgres/snapshot_races.ts";
import { seatRaces } from "../adapters/postgres/seat_races.ts";
import { webhookRaces } from "../adapters/postgres/webhook_races.ts";
import { openRaceTrack, type RaceTrack } from "../adapters/postgres/race.ts";
import { startTestPostgres, type TestPostgres } from "../support/postgres_server.ts";
import { crossedHolds } from "./crossed_holds.ts";
import { MONEY_RACE_MUTATIONS } from "./money_mutations.ts";
import { withMutatedFunctions } from "./mutants.ts";
import { CROSSED_HOLDS, RACE_MUTATIONS } from "./mutations.ts";
import { SNAPSHOT_RACE_MUTATIONS } from "./snapshot_mutations.ts";

/**
 * A test that cannot fail shows nothing. Each guard is taken out of a copy of the source, and the
 * races have to be lost, by the law that it guards.
 */
let server: TestPostgres | undefined;

Deno.test.beforeAll(async () => {
  server = await startTestPostgres();
});
Deno.test.afterAll(() => server?.stop());

const races = new Map([[CROSSED_HOLDS, crossedHolds]]);
for (
  const register of [
    bestSeatRaces,
    holdRaces,
    limitRaces,
    onceRaces,
    balanceRaces,
    payRaces,
    refundRaces,
    seatRaces,
    snapshotRaces,
    ticketRaces,
    webhookRaces,
  ]
) {
  register((name, run) => races.set(name, run));
}

async function onTrack(run: (track: RaceTrack) => Promise<void>): Promise<void> {
  const track = await openRaceTrack(server!);
  try {
    await run(track);
  } finally {
    await track.close();
  }
}

Deno.test(`box office: ${CROSSED_HOLDS}`, () => onTrack(crossedHolds));

for (const mutation of [...RACE_MUTATIONS, ...MONEY_RACE_MUTATIONS, ...SNAPSHOT_RACE_MUTATIONS]) {
  Deno.test(`box office without "${mutation.guard}" loses a race`, async () => {
    const race = races.get(mutation.race);
    ok(race, `there is no race "${mutation.race}"`);
    await onTrack((track) =>
      withMutatedFunctions(
        track.database.sql,
        mutation,
        () => rejects(race(track), ({ message }: Error) => mutation.law.test(message)),
      )
    );
  });
}
