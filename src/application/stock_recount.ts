import type { RoomId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { StockCounter } from "../ports/stock_counter.ts";

/** One isolate counts a room at most this often on behalf of fans. */
const RECOUNT_INTERVAL_MS = 1_000;

export interface StockRecountDependencies {
  readonly stockCounter: StockCounter;
  readonly queue: Pick<QueueStore, "updateStock">;
  readonly clock: Clock;
}

/** Counts a room's seats and gives the number to the queue, which admits nobody without a seat. */
export interface StockRecount {
  recount(room: RoomId): Promise<void>;
  /** Does nothing if this isolate has counted the room within the interval. */
  recountUnlessRecent(room: RoomId): Promise<void>;
}

export function createStockRecount(
  { stockCounter, queue, clock }: StockRecountDependencies,
): StockRecount {
  const countedAtMs = new Map<RoomId, number>();

  async function recount(room: RoomId): Promise<void> {
    const stock = await stockCounter.count(room);
    if (stock) await queue.updateStock(room, stock);
  }
  return {
    recount,
    async recountUnlessRecent(room) {
      const nowMs = clock();
      for (const [old, atMs] of countedAtMs) {
        if (Math.abs(nowMs - atMs) >= RECOUNT_INTERVAL_MS) countedAtMs.delete(old);
      }
      if (countedAtMs.has(room)) return;
      countedAtMs.set(room, nowMs);
      await recount(room);
    },
  };
}
