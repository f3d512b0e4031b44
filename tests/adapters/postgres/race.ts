import { officeOver } from "./office.ts";
import type { BoxOffice } from "../../contract/box_office/office.ts";
import {
  type PostgresDatabase,
  type PostgresSession,
  startTestPostgres,
  type TestPostgres,
} from "../../support/postgres_server.ts";
import { HANG_MS, waitUntil } from "../../support/wait.ts";

/** An office whose calls run concurrently, and its database for sessions of a race's own. */
export interface TrackOffice {
  readonly database: PostgresDatabase;
  readonly office: BoxOffice;
}

/** What a race runs on. Its timeouts are so long that only a hang meets them. */
export interface RaceTrack extends TrackOffice {
  /** With the timeouts of the product, for races whose subject they are. */
  readonly withTimeouts: TrackOffice;
}

const FUNCTIONS_WITH_LOCK_TIMEOUT = `
  select oid::regprocedure::text as name from pg_proc
    where exists (select from unnest(proconfig) as setting where setting like 'lock_timeout=%')`;

/** Opens new databases of the server for one track. */
export async function openRaceTrack(
  server: TestPostgres,
): Promise<RaceTrack & { close(): Promise<void> }> {
  const database = await server.createDatabase(CONTENDERS);
  for (const { name } of await database.sql(FUNCTIONS_WITH_LOCK_TIMEOUT, [])) {
    await database.sql(`alter function ${name} set lock_timeout = ${HANG_MS}`, []);
  }
  await setLongestAct(database, HANG_MS);
  const other = await server.createDatabase(CONNECTIONS_WITH_TIMEOUTS);
  return {
    database,
    office: officeOver(database),
    withTimeouts: { database: other, office: officeOver(other) },
    async close() {
      await database.close();
      await other.close();
    },
  };
}

/** Acts of this database that wait after their decision fail if they last longer than this. */
export async function setLongestAct(database: PostgresDatabase, ms: number): Promise<void> {
  await database.sql(
    `create or replace function longest_act() returns interval language sql immutable as
      $$ select interval '${ms} milliseconds' $$`,
    [],
  );
}

/** Registers races over one PostgreSQL that they share; gives what registers one of them. */
export function registerRaces(): RaceTest {
  let server: TestPostgres | undefined;
  let track: Awaited<ReturnType<typeof openRaceTrack>> | undefined;
  Deno.test.beforeAll(async () => {
    server = await startTestPostgres();
    track = await openRaceTrack(server);
  });
  Deno.test.afterAll(async () => {
    await track?.close();
    await server?.stop();
  });
  return (name, run) =>
    Deno.test(`postgres: ${name}`, async () => {
      if (!track) throw new Error("there is no database");
      await run(track);
    });
}

export type RaceTest = (name: string, run: (track: RaceTrack) => Promise<void>) => void;

/** As many as there are connections: more would only wait for one another in the pool. */
export const CONTENDERS = 16;
const CONNECTIONS_WITH_TIMEOUTS = 4;
/** The file that runs all races. */
export const RACES_FILE = "tests/adapters/postgres/races_full_test.ts";

/** How often a race is run: `few` times, or as often as `STANCHION_ROUNDS` says. */
export function rounds(few: number): number {
  return Number(Deno.env.get("STANCHION_ROUNDS") ?? few);
}

/** Resolves once so many statements wait for a lock. Fails when `act`, one of them, ends first. */
export async function untilWaiting(
  { database, office }: TrackOffice,
  count: number,
  act?: Promise<unknown>,
): Promise<void> {
  let hasEnded = false;
  const end = () => void (hasEnded = true);
  act?.then(end, end);
  const text = `select count(*)::integer as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  await waitUntil(`${count} statements that wait in ${database.url}`, async () => {
    if (hasEnded) throw new Error(`${count} statements should wait in ${database.url}`);
    return Number((await office.sql(text, []))[0]?.["count"]) === count;
  });
}

/** Runs `race` while another transaction has locked these rows, which it lets go at `release()`. */
export async function behindLock<Outcome>(
  { database }: TrackOffice,
  lock: { readonly text: string; readonly params: readonly string[] },
  race: (release: () => Promise<void>) => Promise<Outcome>,
): Promise<Outcome> {
  return await inTransaction(database, async (session, commit) => {
    await session.sql(lock.text, lock.params);
    return await race(commit);
  });
}

/** A transaction that `commit()` ends, or else the end of `run`. */
export async function inTransaction<Outcome>(
  database: PostgresDatabase,
  run: (session: PostgresSession, commit: () => Promise<void>) => Promise<Outcome>,
): Promise<Outcome> {
  const session = await database.connect();
  try {
    await session.sql("begin", []);
    return await run(session, async () => {
      await session.sql("commit", []);
    });
  } finally {
    await session.close();
  }
}

/** The second act begins while the first is done but not committed, and waits for it. */
export async function behind<First, Second>(
  track: RaceTrack,
  first: (office: BoxOffice) => Promise<First>,
  second: () => Promise<Second>,
): Promise<[First, Second]> {
  return await inTransaction(track.database, async ({ sql, close }, commit) => {
    const done = await first(officeOver({ sql, close }, track.office.clock));
    const waiting = second();
    await untilWaiting(track, 1, waiting);
    await commit();
    return [done, await waiting];
  });
}

/** An office that decides by another time than `office`, over the same connections. */
export function officeAt(office: BoxOffice, nowMs: number): BoxOffice {
  return officeOver(office, { nowMs });
}

export function pick<Item>(random: () => number, items: readonly Item[], count: number): Item[] {
  const rest = [...items];
  return Array.from(
    { length: Math.min(count, rest.length) },
    () => rest.splice(Math.floor(random() * rest.length), 1),
  ).flat();
}
