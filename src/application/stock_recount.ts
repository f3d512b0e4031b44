import type { RoomId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Rooms } from "../ports/rooms.ts";

/** However many find a date without a free seat, its room is counted this often in one isolate. */
const RECOUNT_MS = 1_000;

export interface RestockParts {
  readonly rooms: Pick<Rooms, "stock">;
  readonly queue: Pick<QueueStore, "tellStock">;
  readonly clock: Clock;
}

/** Counts a room's seats and tells the line, so that nobody is admitted for nothing. */
export interface Restock {
  (room: RoomId): Promise<void>;
  /** The same, unless this isolate has just done it. */
  unlessJustDone(room: RoomId): Promise<void>;
}

export function restock({ rooms, queue, clock }: RestockParts): Restock {
  const countedAtMs = new Map<RoomId, number>();

  async function count(room: RoomId): Promise<void> {
    const stock = await rooms.stock(room);
    if (stock) await queue.tellStock(room, stock);
  }
  return Object.assign(count, {
    async unlessJustDone(room: RoomId) {
      const nowMs = clock();
      for (const [old, atMs] of countedAtMs) {
        if (Math.abs(nowMs - atMs) >= RECOUNT_MS) countedAtMs.delete(old);
      }
      if (countedAtMs.has(room)) return;
      countedAtMs.set(room, nowMs);
      await count(room);
    },
  });
}
