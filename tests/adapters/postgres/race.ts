import { officeOver } from "./office.ts";
import type { BoxOffice } from "../../contract/box_office/office.ts";
import type { PostgresDatabase, PostgresSession } from "../../support/postgres_server.ts";

/** What a race runs on: an office whose calls go out side by side, and sessions of its own. */
export interface RaceTrack {
  readonly database: PostgresDatabase;
  readonly office: BoxOffice;
}

export type RaceTest = (name: string, run: (track: RaceTrack) => Promise<void>) => void;

/** As many as there are connections: more would only wait for one another in the pool. */
export const CONTENDERS = 16;
const LONGEST_WAIT_MS = 5000;

/** How often a race is run: `few` times, or as often as `STANCHION_ROUNDS` says. */
export function rounds(few: number): number {
  return Number(Deno.env.get("STANCHION_ROUNDS") ?? few);
}

/** Resolves once so many statements wait for a lock. Asks again and again, so nobody sleeps. */
export async function untilWaiting({ database, office }: RaceTrack, count: number): Promise<void> {
  const deadline = performance.now() + LONGEST_WAIT_MS;
  const text = `select count(*)::integer as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  let waiting = 0;
  while (performance.now() < deadline) {
    waiting = Number((await office.sql(text, []))[0]?.["count"]);
    if (waiting === count) return;
  }
  throw new Error(`${waiting} statements wait in ${database.url}, not ${count}`);
}

/** Runs `race` while another transaction has locked these rows, which it lets go at `release()`. */
export async function behindLock<Outcome>(
  { database }: RaceTrack,
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

/** An office that decides by another time than `office`, over the same connections. */
export function officeAt(office: BoxOffice, nowMs: number): BoxOffice {
  return officeOver(office, { nowMs });
}

/** Uniform in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<Item>(random: () => number, items: readonly Item[], count: number): Item[] {
  const rest = [...items];
  return Array.from(
    { length: Math.min(count, rest.length) },
    () => rest.splice(Math.floor(random() * rest.length), 1),
  ).flat();
}

/** Says with which seed a race failed; `STANCHION_SEED` runs it again. */
export async function withSeed(run: (random: () => number) => Promise<void>): Promise<void> {
  const seed = Number(Deno.env.get("STANCHION_SEED") ?? crypto.getRandomValues(new Uint32Array(1)));
  try {
    await run(seededRandom(seed));
  } catch (cause) {
    throw new Error(`failed with STANCHION_SEED=${seed}: ${cause}`, { cause });
  }
}
