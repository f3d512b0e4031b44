import { deepEqual, equal, match } from "node:assert/strict";
import pg from "pg";
import { NO_DETAILS } from "../../../../src/tools/local_cloud/neon/answers.ts";
import { type NeonUnderTest, openNeon, postSql, RAW } from "./neon_under_test.ts";

let under: NeonUnderTest;
Deno.test.beforeAll(async () => {
  under = await openNeon();
  await sql({ query: "create table seat (id integer primary key, name text not null)" });
});
Deno.test.afterAll(() => under.close());
Deno.test.beforeEach(async () => {
  await sql({ query: "truncate seat" });
});

const sql = (body: unknown, headers = {}) => postSql(under, body, headers);
const countSeats = async () =>
  (await sql({ query: "select count(*)::int as n from seat" })).body.rows[0].n;

const VALUES = `select true as b, 1::int2 as i2, 2::int4 as i4, 9007199254740993::int8 as i8,
  1.5::float8 as f, 'NaN'::float8 as nan, 1.10::numeric as n, 'ü🎟'::text as t,
  '{"a": [1, null]}'::jsonb as j, null::int as none, '\\xdeadbeef'::bytea as x,
  '2026-01-02T03:04:05Z'::timestamptz at time zone 'UTC' as at,
  array[1, null, 3] as ints, array['a,b', 'c"d', null] as texts, array[[1, 2], [3, 4]] as deep`;

Deno.test("neon: raw text and array mode give every value as PostgreSQL's text", async () => {
  const { status, body } = await sql({ query: VALUES }, RAW);
  equal(status, 200);
  deepEqual(body.rows, [[
    ...["t", "1", "2", "9007199254740993", "1.5", "NaN", "1.10", "ü🎟", '{"a": [1, null]}', null],
    ...[
      "\\xdeadbeef",
      "2026-01-02 03:04:05",
      "{1,NULL,3}",
      '{"a,b","c\\"d",NULL}',
      "{{1,2},{3,4}}",
    ],
  ]]);
  deepEqual([body.command, body.rowCount, body.rowAsArray], ["SELECT", 1, true]);
});

Deno.test("neon: without them a row is an object of what JSON can carry", async () => {
  const { body } = await sql({ query: VALUES });
  deepEqual(body.rows, [{
    ...{ b: true, i2: 1, i4: 2, i8: "9007199254740993", f: 1.5, nan: "NaN", n: "1.10", t: "ü🎟" },
    ...{ j: { a: [1, null] }, none: null, x: "\\xdeadbeef", at: "2026-01-02 03:04:05" },
    ...{ ints: [1, null, 3], texts: ["a,b", 'c"d', null], deep: [[1, 2], [3, 4]] },
  }]);
  equal(body.rowAsArray, false);
});

Deno.test("neon: a statement may ask for arrays by itself", async () => {
  const { body } = await sql({ query: "select 1 as a", arrayMode: true });
  deepEqual([body.rows, body.rowAsArray], [[[1]], true]);
});

Deno.test("neon: fields have name, type and origin", async () => {
  await sql({ query: "insert into seat values (1, 'A')" });
  const { body } = await sql({ query: "select id, name as called, 1.5::numeric(4,2) from seat" });
  const names = body.fields.map((field: { name: string }) => field.name);
  deepEqual(names, ["id", "called", "numeric"]);
  const { tableID, ...id } = body.fields[0];
  equal(tableID > 0, true);
  deepEqual(id, {
    name: "id",
    dataTypeID: 23,
    columnID: 1,
    dataTypeSize: 4,
    dataTypeModifier: -1,
    format: "text",
  });
});

Deno.test("neon: parameters of every kind that JSON has", async () => {
  const query = "select $1::text, $2::int, $3::bool, $4::jsonb, $5::text[], $6::int[], $7::text";
  const params = ["ü'\"", 7, true, { a: [1] }, ['a"b', "c\\d,", null], [[1, 2], [3, 4]], null];
  const { body } = await sql({ query, params }, RAW);
  deepEqual(body.rows, [[
    ...["ü'\"", "7", "t", '{"a": [1]}', '{"a\\"b","c\\\\d,",NULL}', "{{1,2},{3,4}}", null],
  ]]);
});

Deno.test("neon: the command and its count", async () => {
  const outcome = async (query: string) => {
    const { command, rowCount, rows } = (await sql({ query })).body;
    return [command, rowCount, rows.length];
  };
  deepEqual(await outcome("insert into seat values (1, 'A'), (2, 'B')"), ["INSERT", 2, 0]);
  deepEqual(await outcome("update seat set name = 'C' returning id"), ["UPDATE", 2, 2]);
  deepEqual(await outcome("delete from seat where id = 9"), ["DELETE", 0, 0]);
  deepEqual(await outcome("create table other ()"), ["CREATE", null, 0]);
  deepEqual(await outcome("drop table other"), ["DROP", null, 0]);
});

for (
  const [code, query, expected] of [
    ["23505", "insert into seat values (1, 'again')", {
      ...{ severity: "ERROR", schema: "public", table: "seat", constraint: "seat_pkey" },
      ...{ detail: "Key (id)=(1) already exists.", routine: "_bt_check_unique" },
      message: 'duplicate key value violates unique constraint "seat_pkey"',
    }],
    ["23502", "insert into seat values (2, null)", { table: "seat", column: "name" }],
    ["42601", "selec 1", { position: "1", message: 'syntax error at or near "selec"' }],
    ["42601", "select 1; select 2", { severity: "ERROR" }],
    ["P0001", "do $$ begin raise 'mine' using hint = 'try', detail = 'why'; end $$", {
      ...{ message: "mine", hint: "try", detail: "why" },
      where: "PL/pgSQL function inline_code_block line 1 at RAISE",
    }],
    ["40P01", "do $$ begin raise sqlstate '40P01'; end $$", { message: "40P01" }],
    ["22P02", "select 'x'::int", { position: "8" }],
  ] as const
) {
  Deno.test(`neon: ${code} of ${query.slice(0, 30)} is status 400 with all fields of the error`, async () => {
    await sql({ query: "insert into seat values (1, 'A')" });
    const { status, body } = await sql({ query }, RAW);
    equal(status, 400);
    deepEqual(Object.keys(body).sort(), ["message", ...Object.keys(NO_DETAILS)].sort());
    for (const [name, value] of Object.entries({ code, ...expected })) {
      equal(body[name], value, name);
    }
    equal(await countSeats(), 1);
  });
}

Deno.test("neon: requests run side by side up to the bound, and the rest wait", async () => {
  const holder = new pg.Client({ connectionString: under.url });
  await holder.connect();
  await holder.query("select pg_advisory_lock(1)");
  const query = "select pg_backend_pid() as pid, pg_advisory_xact_lock_shared(1)";
  const answers = Promise.all(Array.from({ length: 40 }, () => sql({ query })));
  const waiting = "select count(*)::int as n from pg_stat_activity where wait_event = 'advisory'";
  while ((await holder.query(waiting)).rows[0].n < 16);
  await holder.query("select pg_advisory_unlock(1)");
  await holder.end();
  equal(new Set((await answers).map(({ body }) => body.rows[0].pid)).size, 16);
});

for (
  const [what, change, code] of [
    ["a wrong password", (url: URL) => url.password = "wrong", "28P01"],
    ["an unknown user", (url: URL) => url.username = "nobody", "28P01"],
    ["an unknown database", (url: URL) => url.pathname = "/nowhere", "3D000"],
  ] as const
) {
  Deno.test(`neon: ${what} is status 400 with ${code}`, async () => {
    const url = new URL(under.url);
    change(url);
    const { status, body } = await sql({ query: "select 1" }, {
      "neon-connection-string": url.href,
    });
    deepEqual([status, body.code, body.severity], [400, code, "FATAL"]);
  });
}

Deno.test("neon: host and port of the connection string are the endpoint's own", async () => {
  const url = under.url.replace(/@[^/]+/, "@ep-cool-name.example.com");
  const { body } = await sql({ query: "select 1 as a" }, { "neon-connection-string": url });
  deepEqual(body.rows, [{ a: 1 }]);
});

for (const url of ["", "nonsense", "mysql://u:p@h/d", "postgres://h/d", "postgres://u:p@h/"]) {
  Deno.test(`neon: the connection string ${JSON.stringify(url)} is status 400`, async () => {
    const { status, body } = await sql({ query: "select 1" }, { "neon-connection-string": url });
    equal(status, 400);
    match(body.message, /connection.string/i);
  });
}

for (
  const body of [
    "",
    "{",
    "[]",
    "{}",
    '{"query":1}',
    '{"query":"x","params":1}',
    '{"queries":1}',
    '{"queries":[1]}',
    "null",
  ]
) {
  Deno.test(`neon: the body ${JSON.stringify(body)} is status 400`, async () => {
    const answer = await sql(body);
    equal(answer.status, 400);
    match(answer.body.message, /^could not (parse|read) the request/);
  });
}

Deno.test("neon: values of megabytes go in and come back", async () => {
  const text = "0123456789ü".repeat(300_000);
  const { body } = await sql({ query: "select $1::text", params: [text] }, RAW);
  equal(body.rows[0][0], text);
});

Deno.test("neon: requests and statements are counted", async () => {
  const { counts } = under.endpoint;
  counts.reset();
  await sql({ query: "select 1" });
  await sql({ queries: [{ query: "select 1" }, { query: "select 2" }] });
  await sql("{");
  deepEqual([counts.requests, counts.commands], [3, 3]);
});
