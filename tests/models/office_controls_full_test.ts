import { equal, match } from "node:assert/strict";
import { officeOver } from "../adapters/postgres/office.ts";
import type { BoxOffice } from "../contract/box_office/office.ts";
import { BEST_SEAT_MUTATIONS } from "./best_seat_mutations.ts";
import { boxOfficeHistories } from "./box_office_histories.ts";
import { firstBreach } from "./histories.ts";
import { MONEY_MUTATIONS } from "./money_mutations.ts";
import { withMutatedFunctions } from "./mutants.ts";
import { BOX_OFFICE_MUTATIONS } from "./mutations.ts";
import { openTestDatabase } from "../support/embedded_database.ts";

/**
 * A test that cannot fail shows nothing. Each guard is taken out of a copy of the source, and the
 * model of the box office has to notice, by the law that it guards.
 */
const OFFICE_RUN = { seed: 20_300_101, count: 100 };
const MONEY_RUN = { ...OFFICE_RUN, count: 400 };
const SOUND_OFFICE_RUN = { ...OFFICE_RUN, count: 20 };

let office: BoxOffice | undefined;

Deno.test.beforeAll(async () => {
  office = officeOver(await openTestDatabase());
});
Deno.test.afterAll(() => office?.close());

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
      () => firstBreach(inOffice, mutation.law, { ...run, from: mutation.from }),
    );
    match(breach ?? "nothing was noticed", mutation.law);
  });
}
