import { deepEqual, equal } from "node:assert/strict";
import { startNeonEndpoint } from "../../../../src/tools/local_cloud/neon/endpoint.ts";
import { type NeonUnderTest, openNeon, postSql } from "./neon_under_test.ts";

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

Deno.test("neon: a batch gives every result, in one transaction", async () => {
  const { status, body } = await sql({
    queries: [
      { query: "insert into seat values ($1, $2)", params: ["1", "A"] },
      { query: "select txid_current()::text as id, name from seat" },
      { query: "select txid_current()::text as id", params: [], arrayMode: true },
    ],
  });
  equal(status, 200);
  const [insert, select, again] = body.results;
  deepEqual([insert.command, insert.rowCount], ["INSERT", 1]);
  equal(select.rows[0].name, "A");
  equal(again.rows[0][0], select.rows[0].id);
});

Deno.test("neon: a batch with an error leaves nothing, and its session behind as good", async () => {
  const database = { hostname: "127.0.0.1", port: under.server.port };
  const endpoint = await startNeonEndpoint({ database, maxConnections: 1 });
  const alone = (body: unknown) => postSql({ ...under, endpoint }, body);
  const session = async () =>
    (await alone({ query: "select pg_backend_pid() as pid" })).body.rows[0].pid;
  const pid = await session();
  const { status, body } = await alone({
    queries: [
      { query: "insert into seat values (1, 'A')" },
      { query: "insert into seat values (1, 'B')" },
    ],
  });
  deepEqual([status, body.code], [400, "23505"]);
  equal(await countSeats(), 0);
  equal(await session(), pid);
  await endpoint.close();
});

Deno.test("neon: an error of the commit itself is the answer", async () => {
  await sql({ query: "create table late (id int unique deferrable initially deferred)" });
  const insert = { query: "insert into late values (1)" };
  const { status, body } = await sql({ queries: [insert, insert] });
  deepEqual([status, body.code], [400, "23505"]);
});

Deno.test("neon: a batch takes isolation level, read only and deferrable", async () => {
  const queries = [{
    query: "select current_setting('transaction_isolation') as isolation, " +
      "current_setting('transaction_read_only') as read_only, " +
      "current_setting('transaction_deferrable') as deferrable",
  }];
  const ask = async (headers: Record<string, string>) => {
    const answer = await sql({ queries }, headers);
    return [Object.values(answer.body.results[0].rows[0]), answer.headers];
  };
  const [plain] = await ask({});
  deepEqual(plain, ["read committed", "off", "off"]);
  const [strict, echoed] = await ask({
    "neon-batch-isolation-level": "Serializable",
    "neon-batch-read-only": "true",
    "neon-batch-deferrable": "true",
  }) as [unknown, Headers];
  deepEqual(strict, ["serializable", "on", "on"]);
  equal(echoed.get("neon-batch-isolation-level"), "Serializable");
  equal(echoed.get("neon-batch-read-only"), "true");
  for (
    const [level, setting] of [["RepeatableRead", "repeatable read"], [
      "ReadUncommitted",
      "read uncommitted",
    ]]
  ) {
    const [[isolation]] = await ask({ "neon-batch-isolation-level": level! }) as [
      string[],
      Headers,
    ];
    equal(isolation, setting);
  }
  const wrong = await sql({ queries }, { "neon-batch-isolation-level": "Snapshot" });
  deepEqual([wrong.status, wrong.body.message], [400, "invalid isolation level"]);
});

Deno.test("neon: writing in a read-only batch is 25006", async () => {
  const queries = [{ query: "insert into seat values (1, 'A')" }];
  const { status, body } = await sql({ queries }, { "neon-batch-read-only": "true" });
  deepEqual([status, body.code], [400, "25006"]);
});

Deno.test("neon: a transaction that one statement opens ends with its request", async () => {
  deepEqual((await sql({ query: "begin" })).status, 200);
  const sessions = await Promise.all(
    Array.from(
      { length: 8 },
      () => sql({ query: "select txid_current_if_assigned() as id, pg_sleep(0.01)" }),
    ),
  );
  equal(sessions.every(({ status }) => status === 200), true);
  await sql({ query: "insert into seat values (1, 'A')" });
  const { body } = await sql({
    query: "select count(*)::int as n from pg_stat_activity where state like 'idle in%'",
  });
  equal(body.rows[0].n, 0);
  equal(await countSeats(), 1);
});
