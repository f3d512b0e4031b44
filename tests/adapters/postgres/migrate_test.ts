import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import pg from "pg";
import {
  migrate,
  MigrationError,
  type MigrationSession,
  sessionOf,
} from "../../../src/adapters/postgres/migrate.ts";
import {
  type PostgresServer,
  startPostgresServer,
} from "../../../src/tools/local_cloud/postgres/server.ts";
import { must, newFan, putOnSale } from "../../contract/box_office/office.ts";
import { startTestPostgres, type TestPostgres } from "../../support/postgres_server.ts";
import { officeOver } from "./office.ts";
import { inTransaction, untilWaiting } from "./race.ts";

const MIGRATIONS = fileURLToPath(
  new URL("../../../src/adapters/postgres/migrations/", import.meta.url),
);
/** The versions of the product's migrations, ascending. */
const VERSIONS = [...Deno.readDirSync(MIGRATIONS)]
  .flatMap(({ name }) => /^(\d+)\.do\./.exec(name)?.[1] ?? []).map(Number).sort((a, b) => a - b);
const NEWEST = VERSIONS.at(-1)!;
/** Of migrations that tests add. */
const [GOOD, BAD] = [NEWEST + 1, NEWEST + 2];

function fileName(version: number, name: string): string {
  return `${String(version).padStart(3, "0")}.do.${name}.sql`;
}

/** Long enough that no run gives up a lock that the test lets go of. */
const PATIENT = { lockTimeoutMs: 60_000 };

let server: TestPostgres | undefined;
let bare: PostgresServer | undefined;
let databases = 0;
Deno.test.beforeAll(async () => {
  server = await startTestPostgres();
  bare = await startPostgresServer();
});
Deno.test.afterAll(async () => {
  await server?.stop();
  await bare?.stop();
});

/** A client of a new database without tables, and more clients of the same. */
async function emptyDatabase(): Promise<() => Promise<pg.Client>> {
  const name = `empty_${++databases}`;
  await bare!.createDatabase(name);
  return async () => {
    const client = new pg.Client({ connectionString: bare!.urlOf(name) });
    // A client whose session is ended by the test would otherwise throw where nobody catches it.
    client.on("error", () => {});
    await client.connect();
    return client;
  };
}

async function appliedVersions(client: pg.Client): Promise<number[]> {
  const { rows } = await client.query("select version::integer from schema_version order by 1");
  return rows.map(({ version }) => version);
}

/** The product's migrations and these. */
async function folderWith(more: Record<string, string>): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "stanchion-migrations-" });
  for await (const { name } of Deno.readDir(MIGRATIONS)) {
    await Deno.copyFile(`${MIGRATIONS}${name}`, `${folder}/${name}`);
  }
  for (const [name, text] of Object.entries(more)) {
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
  return `${folder}/`;
}

Deno.test("`migrate()` leaves its session without a lock and with its own settings", async () => {
  const connect = await emptyDatabase();
  const client = await connect();
  await client.query("set lock_timeout = 0");
  deepEqual(await migrate(sessionOf(client)), { from: 0, to: NEWEST });
  deepEqual(await migrate(sessionOf(client)), { from: NEWEST, to: NEWEST });
  const { rows } = await client.query(
    `select current_setting('lock_timeout') as timeout, (
      select count(*)::integer from pg_locks where locktype = 'advisory') as locks`,
  );
  deepEqual(rows, [{ timeout: "0", locks: 0 }]);
  await client.end();
});

Deno.test("of two who migrate at once each finds the database whole", async () => {
  const connect = await emptyDatabase();
  const clients = [await connect(), await connect()];
  const both = await Promise.all(clients.map((client) => migrate(sessionOf(client), PATIENT)));
  deepEqual(both.map(({ from }) => from).sort(), [0, NEWEST]);
  for (const client of clients) await client.end();
});

/** Ends the session just before it runs `text` for the nth time. */
function dyingSession(client: pg.Client, killer: pg.Client, text: string, nth: number) {
  const session = sessionOf(client);
  let times = 0;
  return {
    ...session,
    async script(script) {
      if (script === text && ++times === nth) {
        const pid = "processID" in client ? client.processID : null;
        await killer.query("select pg_terminate_backend($1::integer, 10000)", [pid]);
      }
      await session.script(script);
    },
  } satisfies MigrationSession;
}

for (
  const [when, text, nth, applied] of [
    ["between two migrations", "begin", 4, 3],
    ["before a migration's commit", "commit", 4, 3],
    ["before anything is applied", "begin", 1, 0],
  ] as const
) {
  Deno.test(`a run that is killed ${when} is completed by the next one`, async () => {
    const connect = await emptyDatabase();
    const [victim, other] = [await connect(), await connect()];
    await rejects(migrate(dyingSession(victim, other, text, nth), PATIENT));
    deepEqual(await migrate(sessionOf(other), PATIENT), { from: applied, to: NEWEST });
    deepEqual(await appliedVersions(other), [0, ...VERSIONS]);
    await other.end();
  });
}

Deno.test("a migration that fails leaves nothing of itself, and keeps those before it", async () => {
  const connect = await emptyDatabase();
  const client = await connect();
  const folder = await folderWith({
    [fileName(GOOD, "good")]: "create table good (id integer primary key);",
    [fileName(BAD, "bad")]: "create table half (id integer primary key); select 1 / 0;",
  });
  try {
    await rejects(migrate(sessionOf(client), { folder }), {
      name: "MigrationError",
      message: `migration ${BAD} failed: division by zero; this run has applied ` +
        `${[...VERSIONS, GOOD].join(", ")}, and running it again goes on from there`,
    });
    const { rows } = await client.query(
      "select to_regclass('good') is not null as good, to_regclass('half') is not null as half",
    );
    deepEqual(rows, [{ good: true, half: false }]);
    await Deno.writeTextFile(`${folder}${fileName(BAD, "bad")}`, "create table half ();");
    deepEqual(await migrate(sessionOf(client), { folder }), { from: GOOD, to: BAD });
    await Deno.writeTextFile(`${folder}${fileName(GOOD, "good")}`, "create table changed ();");
    await rejects(
      migrate(sessionOf(client), { folder }),
      new RegExp(`MD5 checksum failed.*${GOOD}`),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
    await client.end();
  }
});

Deno.test("a reader with an open transaction fails a migration, and no hold of the program", async () => {
  const database = await server!.createDatabase(2);
  const office = officeOver(database);
  const [schedule] = await putOnSale(office, [{ seats: 2 }]);
  const migrator = new pg.Client({ connectionString: database.url });
  await migrator.connect();
  const folder = await folderWith({
    [fileName(GOOD, "first")]: "create table good (id integer primary key);",
    [fileName(BAD, "second")]: "alter table concerts add column subtitle text;",
  });
  try {
    await inTransaction(database, async (reader, commit) => {
      await reader.sql("select count(*) from concerts", []);
      const migrated = migrate(sessionOf(migrator), { folder, lockTimeoutMs: 1_000 })
        .catch((error) => error);
      await untilWaiting({ database, office }, 1);
      // It waits behind the migration until that gives up.
      const queued = newFan(office).hold(schedule, schedule.seatIds.slice(0, 1));
      const error = await migrated;
      equal(error instanceof MigrationError, true, String(error));
      match(
        error.message,
        new RegExp(
          `^migration ${BAD} failed: it waited 1 s for a lock on a table\\. ` +
            "Open transactions: process \\d+ \\(idle in transaction, since [\\d:]{8} UTC\\) " +
            `uses (\\w+, )*concerts\\b.*; this run has applied ${GOOD}, ` +
            "and running it again goes on from there$",
        ),
      );
      must(await queued);
      must(await newFan(office).hold(schedule, schedule.seatIds.slice(1)));
      await commit();
    });
    deepEqual(await migrate(sessionOf(migrator), { folder }), { from: GOOD, to: BAD });
  } finally {
    await Deno.remove(folder, { recursive: true });
    await migrator.end();
    await database.close();
  }
});
