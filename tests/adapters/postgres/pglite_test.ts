import { deepEqual, equal, rejects } from "node:assert/strict";
import { openEmbeddedDatabase } from "../../../src/adapters/postgres/pglite.ts";
import { boxOfficeContract } from "../../contract/box_office/contract.ts";
import { must, newRichFan, nth, putOnSale } from "../../contract/box_office/office.ts";
import { officeOver } from "./office.ts";

boxOfficeContract("pglite", async () => officeOver(await openEmbeddedDatabase()));

Deno.test("`openEmbeddedDatabase()` finds in its folder what it left there", async () => {
  const folder = await Deno.makeTempDir({ prefix: "stanchion-pglite-" });
  try {
    const before = officeOver(await openEmbeddedDatabase(folder));
    const [date] = await putOnSale(before, [{ seats: 2 }]);
    const fan = await newRichFan(before);
    const bought = await fan.holdOne(date, nth(date.seatIds, 0));
    must(await fan.pay([bought]));
    const concert = await before.catalogue.get(date.concertId);
    const migrations = await before.sql("select * from schema_version order by version", []);
    await before.close();

    const after = officeOver(await openEmbeddedDatabase(folder), before.clock);
    try {
      deepEqual(await after.catalogue.get(date.concertId), concert);
      const { items } = await after.bookings.listReservations(fan.fan, { limit: 5, after: null });
      const [item] = items;
      deepEqual(items, [{ ...bought, status: "PAID", ticketId: item?.ticketId }]);
      equal(item?.ticketId?.startsWith("tkt_"), true);
      // Run times included: nothing was applied a second time.
      deepEqual(await after.sql("select * from schema_version order by version", []), migrations);
      await after.sql("insert into schema_version (version, name) values (999, 'later')", []);
    } finally {
      await after.close();
    }

    await rejects(openEmbeddedDatabase(folder), /version 999, newer than this program's/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
