import type { Cache } from "../ports/cache.ts";
import type { Clock, NewId } from "../ports/clock.ts";

/** An idle deployment asks PostgreSQL once in this time. */
const MARK_TTL_MS = 24 * 3600 * 1000;
/**
 * Longer than an act may take between `wake()` and its commit. A question that began earlier than
 * this after the key was empty may have missed the work of such an act.
 */
export const SETTLED_AFTER_MS = 30_000;

/** The question whether there is work, asked of PostgreSQL by one run of the cron. */
export interface Question {
  readonly lease: string;
  readonly isSettled: boolean;
}

/**
 * Whether the cron has work in PostgreSQL. A mark in the cache says that there is none: then the
 * cron leaves PostgreSQL asleep. An empty key says nothing, so the cron asks. Whatever loses the
 * key, a wiped cache included, costs questions and no work.
 */
export interface PendingWork {
  /** Before the act that writes work. If it fails, the act must not begin. */
  wake(): Promise<void>;
  /** Null while the mark is there. */
  question(): Promise<Question | null>;
  /** The question found no work. Sets the mark unless an act may have written work meanwhile. */
  answerNone(question: Question): Promise<void>;
}

/** The lease of the cache begins with the time at which the key was found empty. */
export function createPendingWork(
  { cache, clock, newId, key }: {
    readonly cache: Cache;
    readonly clock: Clock;
    readonly newId: NewId;
    readonly key: string;
  },
): PendingWork {
  return {
    wake: () => cache.evict([key]),
    async question() {
      const entry = await cache.read(key);
      if (entry.state === "HIT") return null;
      const taken = entry.state === "LEASED"
        ? entry
        : await cache.lease(key, `${clock()}:${newId()}`, MARK_TTL_MS);
      if (taken.state !== "LEASED") return null;
      const takenAtMs = Number.parseInt(taken.lease);
      return { lease: taken.lease, isSettled: clock() - takenAtMs >= SETTLED_AFTER_MS };
    },
    async answerNone({ lease, isSettled }) {
      if (isSettled) await cache.fill(key, lease, "true", MARK_TTL_MS);
    },
  };
}
