import type { Cache } from "../ports/cache.ts";
import type { NewId } from "../ports/clock.ts";

/** A note that was lost or has ended is written again by the next call about the work. */
const NOTE_TTL_MS = 24 * 3600 * 1000;

/**
 * A note outside of PostgreSQL that work for the cron is there. Without a note the cron leaves
 * PostgreSQL asleep. It is a lease of the cache, so that it can be removed only by who has read it.
 */
export interface PendingWork {
  /** Writes a new note, after the commit of the work. */
  note(): Promise<void>;
  /** Null without a note. */
  read(): Promise<string | null>;
  /** Removes this note. A note that was written since it was read stays. */
  remove(note: string): Promise<void>;
}

export function createPendingWork(
  { cache, newId, key }: { readonly cache: Cache; readonly newId: NewId; readonly key: string },
): PendingWork {
  return {
    async note() {
      await cache.evict([key]);
      await cache.lease(key, newId(), NOTE_TTL_MS);
    },
    async read() {
      const entry = await cache.read(key);
      return entry.state === "LEASED" ? entry.lease : null;
    },
    remove: (note) => cache.release(key, note),
  };
}
