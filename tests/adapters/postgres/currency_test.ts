import { deepEqual, equal, rejects } from "node:assert/strict";
import { neonSql } from "../../../src/adapters/postgres/neon.ts";
import {
  ASSERT_CURRENCY,
  assertCurrency,
  type Sql,
  watchCurrency,
} from "../../../src/adapters/postgres/sql.ts";
import { OtherCurrencyError } from "../../../src/domain/failures.ts";
import { unchanged } from "../../contract/box_office/laws.ts";
import {
  ALEX,
  type BoxOffice,
  must,
  newFan,
  newOnce,
  putOnSale,
} from "../../contract/box_office/office.ts";
import { openBox } from "../../support/box.ts";
import { openTestDatabase } from "../../support/embedded_database.ts";
import { startTestPostgres } from "../../support/postgres_server.ts";
import { untraced } from "../../support/upstash.ts";
import { neonOver } from "./neon_office.ts";
import { officeOver } from "./office.ts";
import { inTransaction, untilWaiting } from "./race.ts";

const KEPT = { name: "OtherCurrencyError", kept: "KRW" };

async function inNewOffice(run: (office: BoxOffice) => Promise<void>): Promise<void> {
  const office = officeOver(await openTestDatabase());
  try {
    await run(office);
  } finally {
    await office.close();
  }
}

function charge({ accounts }: Pick<BoxOffice, "accounts">, currency: string) {
  const { fan } = newFan({ accounts } as BoxOffice);
  return accounts.charge({ fan, amount: 5, currency, act: ALEX }, newOnce("charge"));
}

Deno.test("the currency is kept with the first charge, and another one is refused", async () => {
  await inNewOffice(async (office) => {
    await assertCurrency(office.sql, "USD");
    must(await charge(office, "KRW"));
    await assertCurrency(office.sql, "KRW");
    await rejects(assertCurrency(office.sql, "USD"), KEPT);
    await unchanged(office.sql, () => rejects(charge(office, "USD"), KEPT));
    must(await charge(office, "KRW"));
  });
});

Deno.test("the currency is kept with the first correction", async () => {
  await inNewOffice(async (office) => {
    const correction = { fan: newFan(office).fan, amount: 5, act: ALEX };
    const correct = (currency: string) =>
      office.accounts.correct({ ...correction, currency }, newOnce("correct"));
    must(await correct("KRW"));
    await unchanged(office.sql, () => rejects(correct("USD"), KEPT));
  });
});

Deno.test("the currency is kept with the first price", async () => {
  await inNewOffice(async (office) => {
    await putOnSale(office, [{ seats: 1 }]);
    await rejects(assertCurrency(office.sql, "USD"), KEPT);
    await unchanged(office.sql, () => rejects(charge(office, "USD"), KEPT));
  });
});

Deno.test("answers about balances name the currency of the settings", async () => {
  await inNewOffice(async ({ sql }) => {
    const { call } = openBox(sql, { settings: { CURRENCY: "EUR" } });
    const amount = { userId: "ann", amount: 5, reason: "a gift" };
    const post = (act: string) =>
      call("POST", `/v1/admin/balance/${act}`, { operator: true, key: act, json: amount });
    deepEqual((await call("GET", "/v1/balance", { fan: "ann" })).body.currency, "EUR");
    deepEqual((await post("charges")).body, { balance: 5, currency: "EUR" });
    deepEqual((await post("corrections")).body, { balance: 10, currency: "EUR" });
    await assertCurrency(sql, "EUR");
  });
});

Deno.test("a refused act keeps no currency", async () => {
  await inNewOffice(async (office) => {
    const once = newOnce("charge");
    const input = { fan: newFan(office).fan, amount: 5, currency: "won", act: null };
    await rejects(office.accounts.charge(input, once), { code: "23514" });
    must(await office.accounts.charge({ ...input, currency: "USD" }, once));
    await assertCurrency(office.sql, "USD");
  });
});

Deno.test("of two first charges at once the second is refused if its currency is another", async () => {
  const server = await startTestPostgres();
  try {
    const database = await server.createDatabase(4);
    const office = officeOver(database);
    await inTransaction(database, async (session, commit) => {
      must(await charge(officeOver(session), "KRW"));
      const second = charge(office, "USD");
      const third = charge(office, "KRW");
      await untilWaiting({ database, office }, 2, Promise.race([second, third]));
      await commit();
      await rejects(second, KEPT);
      must(await third);
    });
    await database.close();
  } finally {
    await server.stop();
  }
});

Deno.test("Neon: the first statement brings the check of the currency in one request", async () => {
  const server = await startTestPostgres();
  const database = await server.createDatabase(2);
  const { endpoint, url } = await neonOver(server, database);
  const others: string[] = [];
  const connect = (currency: string): Sql => {
    const check = { text: ASSERT_CURRENCY, params: [currency] };
    const sql = neonSql({ url, clock: Date.now, trace: untraced, check });
    return watchCurrency(sql, ({ kept }) => others.push(kept));
  };
  try {
    const sql = connect("KRW");
    must(await charge(officeOver({ sql, close: async () => {} }), "KRW"));
    deepEqual([endpoint.counts.requests, endpoint.counts.commands], [1, 2]);
    await sql("select 1", []);
    deepEqual([endpoint.counts.requests, endpoint.counts.commands], [2, 3]);

    const other = officeOver({ sql: connect("USD"), close: async () => {} });
    const fan = newFan(other);
    await unchanged(
      database.sql,
      () => rejects(other.accounts.balance(fan.fan), OtherCurrencyError),
    );
    await unchanged(database.sql, () => rejects(fan.charge(5), OtherCurrencyError));
    deepEqual(others, ["KRW", "KRW"]);
    equal(endpoint.counts.requests, 4);
  } finally {
    await endpoint.close();
    await database.close();
    await server.stop();
  }
});
