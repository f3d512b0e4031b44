import { MAIN_ROOM } from "../domain/ids.ts";
import type { Bookings } from "../ports/bookings.ts";
import type { Clock } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";

/**
 * The most acts of upkeep in one tick; the next tick, or any call, goes on from there. With the
 * sweeps they stay below the fifty requests that one event of a free Worker may send.
 */
const MAX_ROUNDS = 40;
const SWEEP_LIMIT = 500;
const MAX_SWEEPS = 8;
/** The last holds lapse after the last fan has gone; sweeping goes on this much longer. */
const SWEEP_GRACE_MS = 120_000;

export interface KeepMovingParts {
  readonly queue: QueueStore;
  readonly bookings: Bookings;
  readonly clock: Clock;
  readonly holdTtlMs: number;
}

export interface Tick {
  (): Promise<{ readonly expired: number; readonly admitted: number }>;
}

/** The minute cron: expire and promote; sweep the database only while a sale is going on. */
export function keepMoving({ queue, bookings, clock, holdTtlMs }: KeepMovingParts): Tick {
  async function sweep(): Promise<void> {
    for (let round = 0; round < MAX_SWEEPS; round++) {
      const swept = await bookings.sweep(SWEEP_LIMIT);
      if (Math.max(swept.holds, swept.records) < SWEEP_LIMIT) return;
    }
  }

  return async () => {
    let expired = 0;
    let admitted = 0;
    let lastActiveAtMs: number | null = null;
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const upkeep = await queue.promote(MAIN_ROOM);
      expired += upkeep.expired;
      admitted += upkeep.admitted;
      lastActiveAtMs = upkeep.lastActiveAtMs;
      if (!upkeep.more) break;
    }
    const saleIsOn = lastActiveAtMs !== null &&
      clock() - lastActiveAtMs < holdTtlMs + SWEEP_GRACE_MS;
    if (saleIsOn) await sweep();
    return { expired, admitted };
  };
}
