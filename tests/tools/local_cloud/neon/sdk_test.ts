import { deepEqual, equal, rejects } from "node:assert/strict";
import { neon, neonConfig, NeonDbError, type NeonQueryFunction } from "@neondatabase/serverless";
import { type NeonUnderTest, openNeon } from "./neon_under_test.ts";

let under: NeonUnderTest;
let sql: NeonQueryFunction<false, false>;

function connect(url: string): NeonQueryFunction<false, false> {
  return neon(url, { disableWarningInBrowsers: true });
}

Deno.test.beforeAll(async () => {
  under = await openNeon();
  neonConfig.fetchEndpoint = () => under.endpoint.url;
  sql = connect(under.url);
  await sql`create table seat (id integer primary key, name text, at timestamptz, tags text[])`;
});
Deno.test.afterAll(() => under.close());
Deno.test.beforeEach(async () => {
  await sql`truncate seat`;
});

Deno.test("neon SDK: values come back as what they are", async () => {
  const at = new Date("2026-01-02T03:04:05.678Z");
  await sql`insert into seat values (${1}, ${"ü🎟"}, ${at}, ${["a,b", 'c"d']})`;
  const rows = await sql`select *, null as none, 1.5::float8 as f, true as b, 2::int8 as i8,
    '{"a":[1]}'::jsonb as j, array[1,2] as ints from seat`;
  deepEqual(rows, [{
    ...{ id: 1, name: "ü🎟", at, tags: ["a,b", 'c"d'] },
    ...{ none: null, f: 1.5, b: true, i8: "2", j: { a: [1] }, ints: [1, 2] },
  }]);
});

Deno.test("neon SDK: full results and array mode", async () => {
  const result = await sql.query("select $1::int as a", [7], {
    fullResults: true,
    arrayMode: true,
  });
  deepEqual([result.rows, result.rowCount, result.command], [[[7]], 1, "SELECT"]);
  equal(result.fields[0]?.dataTypeID, 23);
});

Deno.test("neon SDK: a transaction is all or nothing", async () => {
  const [, rows] = await sql.transaction([
    sql`insert into seat (id) values (1)`,
    sql`select count(*)::int as n from seat`,
  ], { isolationLevel: "Serializable" });
  deepEqual(rows, [{ n: 1 }]);
  await rejects(
    sql.transaction([sql`insert into seat (id) values (2)`, sql`insert into seat (id) values (1)`]),
    { name: "NeonDbError", code: "23505", constraint: "seat_pkey" },
  );
  deepEqual(await sql`select id from seat`, [{ id: 1 }]);
});

Deno.test("neon SDK: errors carry their SQLSTATE", async () => {
  await rejects(sql`selec`, { name: "NeonDbError", code: "42601", position: "1" });
  await rejects(sql`do $$ begin raise 'mine' using errcode = 'ST001'; end $$`, {
    code: "ST001",
    message: "mine",
  });
  const wrong = connect(under.url.replace(":password@", ":wrong@"));
  await rejects(wrong`select 1`, { code: "28P01" });
});

Deno.test("neon SDK: a cut connection and a status are errors without a code", async () => {
  const { faults } = under.endpoint;
  for (const kind of ["reset", "lose", "status429", "status500"] as const) {
    faults.inject({ kind, times: 1 });
    await rejects(sql`select 1`, (error) => {
      equal(error instanceof NeonDbError && error.code === undefined, true, `${error}`);
      return true;
    }, kind);
  }
  deepEqual(await sql`select 1 as a`, [{ a: 1 }]);
});
