import { auditLaws } from "./audit_laws.ts";
import { cancellingLaws } from "./cancelling_laws.ts";
import { catalogueLaws } from "./catalogue_laws.ts";
import { holdingLaws } from "./holding_laws.ts";
import { listLaws } from "./list_laws.ts";
import type { BoxOffice } from "./office.ts";
import { onceLaws } from "./once_laws.ts";
import { operatorLaws } from "./operator_laws.ts";
import { payingLaws } from "./paying_laws.ts";
import { roomsLaws } from "./rooms_laws.ts";
import { schemaLaws } from "./schema_laws.ts";
import { sellOutLaws } from "./sell_out_laws.ts";
import { stockLaws } from "./stock_laws.ts";
import { sweepLaws } from "./sweep_laws.ts";

/**
 * What every adapter of `Catalogue`, `Bookings`, `Accounts` and `Rooms` must do. All tests share one
 * office, as fans do: each brings its own fans and concerts.
 */
export function boxOfficeContract(name: string, open: () => Promise<BoxOffice>): void {
  let opened: BoxOffice | undefined;
  Deno.test.beforeAll(async () => {
    opened = await open();
  });
  Deno.test.afterAll(async () => {
    await opened?.close();
  });

  function test(law: string, run: (office: BoxOffice) => Promise<void>): void {
    Deno.test(`${name}: ${law}`, async () => {
      if (!opened) throw new Error("the office is closed");
      await run(opened);
    });
  }

  roomsLaws(test);
  auditLaws(test);
  operatorLaws(test);
  catalogueLaws(test);
  holdingLaws(test);
  cancellingLaws(test);
  payingLaws(test);
  sellOutLaws(test);
  onceLaws(test);
  listLaws(test);
  stockLaws(test);
  sweepLaws(test);
  schemaLaws(test);
}
