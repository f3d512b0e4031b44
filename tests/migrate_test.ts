import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { freePort } from "../src/tools/local_cloud/free_port.ts";
import {
  type PostgresServer,
  startPostgresServer,
} from "../src/tools/local_cloud/postgres/server.ts";
import { runArguments } from "../src/tools/run_arguments.ts";

const PROGRAM = fileURLToPath(new URL("../src/migrate.ts", import.meta.url));

let server: PostgresServer | undefined;
Deno.test.beforeAll(async () => {
  server = await startPostgresServer();
});
Deno.test.afterAll(async () => {
  await server?.stop();
});

async function newDatabase(name: string): Promise<string> {
  if (!server) throw new Error("there is no server");
  await server.createDatabase(name);
  return server.urlOf(name);
}

async function migrate(
  databaseUrl?: string,
  settings: Record<string, string> = {},
  ...args: readonly string[]
): Promise<{ code: number; said: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: runArguments(PROGRAM, ...args),
    env: { NO_COLOR: "1", DATABASE_URL: databaseUrl ?? "", ...settings },
  }).output();
  const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
  assert.doesNotMatch(said, /at .*\.ts:/, "no stack trace");
  return { code, said: said.trim() };
}

Deno.test("`migrate` makes an empty database the newest, and leaves it so", async () => {
  const url = await newDatabase("empty");
  const first = await migrate(url);
  assert.match(first.said, /^The database went from version 0 to version \d+\.$/);
  const again = await migrate(url);
  assert.match(again.said, /^The database is at version \d+ already\.$/);
  assert.deepEqual([first.code, again.code], [0, 0]);
});

Deno.test("`migrate` does not wait long for another run, and says so", async () => {
  const url = await newDatabase("shared");
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  await other.query("select pg_advisory_lock(3, 0)");
  const refused = await migrate(url);
  assert.equal(refused.code, 1);
  assert.match(refused.said, /^another run migrates this database and did not end within 1 s; /);
  await other.end();
  assert.deepEqual((await migrate(url)).code, 0);
});

Deno.test("`migrate` stops when CURRENCY is not that of the database", async () => {
  const url = await newDatabase("in_won");
  assert.equal((await migrate(url, { CURRENCY: "USD" })).code, 0, "there is no amount yet");
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query("select keep_currency('KRW')");
  await client.end();
  const other = await migrate(url, { CURRENCY: "USD" });
  assert.equal(other.code, 1);
  assert.match(other.said, /^CURRENCY must be KRW: .*; nothing was changed$/);
  assert.equal((await migrate(url, { CURRENCY: "KRW" })).code, 0);
  assert.equal((await migrate(url)).code, 0, "without CURRENCY there is nothing to check");
});

Deno.test("`migrate` says in plain words what is wrong, and exits with 1", async () => {
  for (const url of [undefined, "mysql://user@host/database", "postgresql://"]) {
    const { code, said } = await migrate(url);
    assert.equal(code, 1);
    assert.match(said, /^DATABASE_URL must be a URL|^cannot reach the database/);
  }
  const away = await migrate(`postgresql://user:password@127.0.0.1:${freePort()}/database`);
  assert.equal(away.code, 1);
  assert.match(away.said, /^cannot reach the database of DATABASE_URL: .*ECONNREFUSED|refused/);
});

Deno.test("`migrate --restored` passes the ids that were given since the backup", async () => {
  const url = await newDatabase("restored");
  assert.equal((await migrate(url)).code, 0);
  const wrong = await migrate(url, {}, "--restore");
  assert.deepEqual([wrong.code, wrong.said], [
    1,
    "unknown argument --restore; there is --restored only",
  ]);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const sequences = async () => {
    const { rows } = await client.query(
      "select sequencename as name, last_value::int8 as last from pg_sequences order by 1",
    );
    return rows;
  };
  await client.query("select setval('concerts_concert_id_seq', 41)");
  const before = await sequences();
  const { code, said } = await migrate(url, {}, "--restored");
  assert.equal(code, 0);
  assert.match(said, /already\.\nIds that were given since the backup are passed\.$/);
  assert.ok(before.length > 5);
  assert.deepEqual(
    await sequences(),
    before.map(({ name, last }) => ({ name, last: String(Number(last ?? 0) + 10_000_000) })),
  );
  await client.end();
});
