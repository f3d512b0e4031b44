import type { RoomId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Rooms } from "../ports/rooms.ts";
import type { StockCounter } from "../ports/stock_counter.ts";

/** One isolate remembers this long that a room does not exist: anybody may ask for any name. */
const MISSING_MS = 2_000;
const MAX_MISSING = 1_000;

export interface RulesOnDemandDependencies {
  readonly queue: QueueStore;
  readonly rooms: Pick<Rooms, "rules">;
  readonly stockCounter: StockCounter;
  readonly clock: Clock;
}

/**
 * A queue that loads the rules of a room when the store has none, because the store was wiped or
 * the room is new. It reads the rules and counts the seats before it applies either: rules without
 * a count would admit fans for nothing. Then it repeats the call.
 */
export function createRulesOnDemandQueue(
  { queue, rooms, stockCounter, clock }: RulesOnDemandDependencies,
): QueueStore {
  const missingSinceMs = new Map<RoomId, number>();

  async function loadRules(room: RoomId): Promise<boolean> {
    const nowMs = clock();
    const sinceMs = missingSinceMs.get(room);
    if (sinceMs !== undefined && Math.abs(nowMs - sinceMs) < MISSING_MS) return false;
    const rules = await rooms.rules(room);
    if (!rules) {
      if (missingSinceMs.size >= MAX_MISSING) missingSinceMs.clear();
      missingSinceMs.set(room, nowMs);
      return false;
    }
    missingSinceMs.delete(room);
    const stock = await stockCounter.count(room);
    await queue.applyRules(room, rules);
    if (stock) await queue.updateStock(room, stock);
    return true;
  }
  return {
    ...queue,
    async join(room, fan, earlier) {
      const outcome = await queue.join(room, fan, earlier);
      if (outcome.refused !== "NO_RULES" || !await loadRules(room)) return outcome;
      return await queue.join(room, fan, earlier);
    },
    async counts(room) {
      const counts = await queue.counts(room);
      if (counts || !await loadRules(room)) return counts;
      return await queue.counts(room);
    },
  };
}
