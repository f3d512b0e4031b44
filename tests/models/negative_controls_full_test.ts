import { equal, match, ok, rejects } from "node:assert/strict";
import type { memoryCache } from "../../src/adapters/memory/cache.ts";
import { openEmbeddedDatabase } from "../../src/adapters/postgres/pglite.ts";
import type { createPaymentService } from "../../src/application/payment_service.ts";
import type { createReadThrough } from "../../src/application/read_through.ts";
import { balanceRaces } from "../adapters/postgres/balance_races.ts";
import { bestSeatRaces } from "../adapters/postgres/best_seat_races.ts";
import { holdRaces } from "../adapters/postgres/hold_races.ts";
import { officeOver } from "../adapters/postgres/office.ts";
import { limitRaces } from "../adapters/postgres/limit_races.ts";
import { onceRaces } from "../adapters/postgres/once_races.ts";
import { payRaces } from "../adapters/postgres/pay_races.ts";
import { refundRaces } from "../adapters/postgres/refund_races.ts";
import { openRaceTrack, type RaceTrack } from "../adapters/postgres/race.ts";
import { ticketRaces } from "../adapters/postgres/ticket_races.ts";
import { snapshotRaces } from "../adapters/postgres/snapshot_races.ts";
import { seatRaces } from "../adapters/postgres/seat_races.ts";
import type { BoxOffice } from "../contract/box_office/office.ts";
import { webhookRaces } from "../adapters/postgres/webhook_races.ts";
import { startTestPostgres, type TestPostgres } from "../support/postgres_server.ts";
import { BEST_SEAT_MUTATIONS } from "./best_seat_mutations.ts";
import { boxOfficeHistories } from "./box_office_histories.ts";
import { CACHE_MUTATIONS } from "./cache_mutations.ts";
import { cacheHistories } from "./cache_histories.ts";
import { controls } from "./controls.ts";
import { crossedHolds } from "./crossed_holds.ts";
import { firstBreach } from "./histories.ts";
import { memoryCaches } from "./memory.ts";
import { MONEY_MUTATIONS, MONEY_RACE_MUTATIONS } from "./money_mutations.ts";
import { mutate, pureCopy, withMutatedFunctions } from "./mutants.ts";
import { BOX_OFFICE_MUTATIONS, CROSSED_HOLDS, type Mutation, RACE_MUTATIONS } from "./mutations.ts";

import { SNAPSHOT_RACE_MUTATIONS } from "./snapshot_mutations.ts";

/**
 * A test that cannot fail shows nothing. Each guard is taken out of a copy of the source, and the
 * models, or a race, have to notice by the law that it guards.
 */
const OFFICE_RUN = { seed: 20_300_101, count: 100 };
const MONEY_RUN = { ...OFFICE_RUN, count: 400 };
const SOUND_OFFICE_RUN = { ...OFFICE_RUN, count: 20 };

let office: BoxOffice | undefined;
let server: TestPostgres | undefined;

Deno.test.beforeAll(async () => {
  office = officeOver(await openEmbeddedDatabase());
  server = await startTestPostgres();
});
Deno.test.afterAll(async () => {
  await server?.stop();
  await office?.close();
});

async function cacheOf(folder: string, mutation: Mutation | null) {
  const load = await pureCopy(folder, mutation);
  const cache = await load<{ memoryCache: typeof memoryCache }>("adapters/memory/cache.ts");
  const through = await load<{ createReadThrough: typeof createReadThrough }>(
    "application/read_through.ts",
  );
  const paying = await load<{ createPaymentService: typeof createPaymentService }>(
    "application/payment_service.ts",
  );
  const harness = memoryCaches(cache.memoryCache);
  return cacheHistories({ harness, ...through, ...paying });
}

controls("cache", CACHE_MUTATIONS, cacheOf);

const inOffice = boxOfficeHistories(() => {
  if (!office) throw new Error("the office is closed");
  return office;
});

Deno.test("box office: unmutated functions break none of the laws that the controls break", async () => {
  equal(await firstBreach(inOffice, /B\d/, SOUND_OFFICE_RUN), null);
});

const OFFICE_CONTROLS = [
  ...BOX_OFFICE_MUTATIONS.map((mutation) => ({ mutation, run: OFFICE_RUN })),
  ...BEST_SEAT_MUTATIONS.map((mutation) => ({ mutation, run: MONEY_RUN })),
  ...MONEY_MUTATIONS.map((mutation) => ({ mutation, run: MONEY_RUN })),
];
for (const { mutation, run } of OFFICE_CONTROLS) {
  Deno.test(`box office without "${mutation.guard}" fails`, async () => {
    const breach = await withMutatedFunctions(
      office!.sql,
      mutation,
      () => firstBreach(inOffice, mutation.law, run),
    );
    match(breach ?? "nothing was noticed", mutation.law);
  });
}

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

Deno.test("a control whose text is gone from the source fails", async () => {
  const [mutation] = CACHE_MUTATIONS;
  await rejects(mutate({ ...mutation!, text: "no such text" }), /has its text 0 times/);
});
