import { officeOver } from "../adapters/postgres/office.ts";
import { assertLaws } from "../contract/box_office/laws.ts";
import type { BoxOffice } from "../contract/box_office/office.ts";
import { boxOfficeHistories } from "./box_office_histories.ts";
import { historiesTest } from "./histories.ts";
import { openTestDatabase } from "../support/embedded_database.ts";

let office: BoxOffice | undefined;

function opened(): BoxOffice {
  if (!office) throw new Error("the office is closed");
  return office;
}

Deno.test.beforeAll(async () => {
  office = officeOver(await openTestDatabase());
});
Deno.test.afterAll(async () => {
  await office?.close();
});

const FILE = "tests/models/box_office_full_test.ts";
historiesTest("box office", FILE, 50, boxOfficeHistories(opened));

Deno.test("box office: all rows of all histories together keep the laws", async () => {
  await assertLaws(opened().sql);
});
