import pg from "pg";
import type { BenchOffice } from "./statements_office.ts";

/** How much is measured. */
export interface BenchSize {
  readonly clients: readonly number[];
  readonly rounds: number;
  readonly sliceMs: number;
  /** Of the seats and schedules that a full run has in its database. */
  readonly seedShare: number;
}

/** What one call came to. `partial` is a wrong one: some of the seats, not all. */
export type Outcome = "done" | "refused" | "partial";

export interface Slice {
  /** Calls that were answered, a second. */
  readonly perSecond: number;
  readonly done: number;
  readonly refused: number;
  readonly partial: number;
  readonly deadlocks: number;
  readonly errors: readonly string[];
}

/** What one client does again and again; the call's number is its own among all clients. */
export type Act = (session: pg.Client, call: number) => Promise<Outcome>;

const DEADLOCK = "40P01";
/** How the candidate that goes seat by seat says that it gave back what it had. */
const GIVEN_BACK = "P0002";

/** So many clients at once for this long, each on its own session, from `from` on for `most` calls. */
export async function load(
  { sessions }: BenchOffice,
  { clients, ms, most }: { clients: number; ms: number; most: number },
  act: Act,
): Promise<Slice> {
  const tally = { done: 0, refused: 0, partial: 0, deadlocks: 0 };
  const errors: string[] = [];
  let calls = 0;
  const startedMs = performance.now();
  await Promise.all(
    sessions.slice(0, clients).map(async (session) => {
      // At least one call a client, however slow the machine is.
      do {
        try {
          tally[await act(session, calls++)]++;
        } catch (error) {
          if (!(error instanceof pg.DatabaseError)) throw error;
          if (error.code === DEADLOCK) tally.deadlocks++;
          else if (error.code === GIVEN_BACK) tally.refused++;
          else errors.push(`${error.code} ${error.message}`);
        }
      } while (performance.now() - startedMs < ms && calls < most);
    }),
  );
  const answered = tally.done + tally.refused + tally.partial;
  return { perSecond: answered * 1000 / (performance.now() - startedMs), ...tally, errors };
}

/** Fisher and Yates, the same order in every run. */
export function shuffled<Item>(random: () => number, items: readonly Item[]): Item[] {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other]!, mixed[last]!];
  }
  return mixed;
}

/** Groups of `size`, what is left over dropped. */
export function groups<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from(
    { length: Math.floor(items.length / size) },
    (_, group) => items.slice(group * size, (group + 1) * size),
  );
}
