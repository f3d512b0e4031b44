import { auditLaws } from "../audit_log/recording.ts";
import { cancellingLaws } from "../bookings/cancelling.ts";
import { catalogueLaws } from "../catalogue/reading.ts";
import { holdingLaws } from "../bookings/holding.ts";
import { listLaws } from "../bookings/lists.ts";
import type { BoxOffice } from "./office.ts";
import { onceLaws } from "../bookings/idempotency.ts";
import { operatorLaws } from "../catalogue/changing.ts";
import { payingLaws } from "../bookings/paying.ts";
import { roomsLaws } from "../rooms/rooms.ts";
import { schemaLaws } from "./schema.ts";
import { sellOutLaws } from "../bookings/sell_out.ts";
import { stockLaws } from "../stock_counter/counting.ts";
import { sweepLaws } from "../bookings/sweeping.ts";

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
