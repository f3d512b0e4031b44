import type { RoomId } from "../domain/ids.ts";
import type { Bookings } from "../ports/bookings.ts";
import type { Clock } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Report } from "../ports/report.ts";
import type { Rooms } from "../ports/rooms.ts";
import type { Restock } from "./stock_recount.ts";

/**
 * The most acts of upkeep in one tick, over all rooms; the next tick, or any call, goes on from
 * there. With the sweeps, and what each room of a sale needs, they stay below the fifty requests
 * that one event of a free Worker may send, as long as one room is on sale.
 */
const MAX_ROUNDS = 34;
const SWEEP_LIMIT = 500;
const MAX_SWEEPS = 8;
/** The last holds lapse after the last fan has gone; sweeping goes on this much longer. */
const SWEEP_GRACE_MS = 120_000;

export interface KeepMovingParts {
  readonly queue: QueueStore;
  readonly rooms: Pick<Rooms, "settle">;
  readonly bookings: Bookings;
  readonly restock: Restock;
  readonly clock: Clock;
  /** As long as holds last at first. */
  readonly holdTtlMs: number;
  readonly report: Report;
}

export interface Moved {
  readonly expired: number;
  readonly admitted: number;
}

/** The minute cron: expire and promote; sweep the database only while a sale is going on. */
export interface Tick {
  (): Promise<Moved>;
  /** The same for one room, with the heads that go in although it is held. */
  room(room: RoomId, release?: number): Promise<Moved>;
}

export function keepMoving(parts: KeepMovingParts): Tick {
  const { queue, rooms, bookings, restock, clock, holdTtlMs, report } = parts;

  async function sweep(): Promise<void> {
    for (let round = 0; round < MAX_SWEEPS; round++) {
      const swept = await bookings.sweep(SWEEP_LIMIT);
      if (Math.max(swept.holds, swept.records) < SWEEP_LIMIT) return;
    }
  }

  /** Promotes in at most so many rounds; tells when anybody last stood there. */
  async function move(room: RoomId, maxRounds: number, release = 0) {
    const moved = { expired: 0, admitted: 0, rounds: 0, hasOpened: false };
    let lastActiveAtMs: number | null = null;
    while (moved.rounds < maxRounds) {
      const upkeep = await queue.promote(room, Math.max(0, release - moved.admitted));
      moved.rounds++;
      moved.expired += upkeep.expired;
      moved.admitted += upkeep.admitted;
      moved.hasOpened = upkeep.hasOpened;
      lastActiveAtMs = upkeep.lastActiveAtMs;
      if (!upkeep.more) break;
    }
    return { ...moved, lastActiveAtMs };
  }

  /** The floor under what may be lost half-way: an opening, a change of rules, a count of seats. */
  async function repair(room: RoomId): Promise<void> {
    const settled = await rooms.settle(room);
    if (settled) await queue.govern(room, settled.rules);
    await restock(room);
  }

  async function tick(): Promise<Moved> {
    let [expired, admitted, rounds, saleIsOn] = [0, 0, 0, false];
    const toRepair: RoomId[] = [];
    for (const room of await queue.rooms()) {
      const moved = await move(room, Math.max(1, MAX_ROUNDS - rounds));
      expired += moved.expired;
      admitted += moved.admitted;
      rounds += moved.rounds;
      const isActive = moved.lastActiveAtMs !== null &&
        clock() - moved.lastActiveAtMs < holdTtlMs + SWEEP_GRACE_MS;
      if (isActive || moved.hasOpened) toRepair.push(room);
      saleIsOn ||= isActive;
    }
    // The lines have moved, whatever has become of the database.
    for (const room of toRepair) {
      await repair(room).catch((error) => report({ what: "repair_failed", error }));
    }
    if (saleIsOn) await sweep();
    return { expired, admitted };
  }

  return Object.assign(tick, {
    async room(room: RoomId, release = 0) {
      const { expired, admitted } = await move(room, MAX_ROUNDS, release);
      return { expired, admitted };
    },
  });
}
