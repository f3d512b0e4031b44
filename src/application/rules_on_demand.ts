import type { RoomId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Rooms } from "../ports/rooms.ts";
import type { Restock } from "./stock_recount.ts";

/** So long a name that is no room's is remembered, in one isolate: anybody may ask for any name. */
const MISSING_MS = 2_000;
const MAX_MISSING = 1_000;

export interface GovernedParts {
  readonly queue: QueueStore;
  readonly rooms: Pick<Rooms, "rules">;
  readonly restock: Restock;
  readonly clock: Clock;
}

/**
 * The line, with the rules at hand: where it has none for a room, since its store was wiped or the
 * room is new, they are loaded, the seats are counted, and the act is done again.
 */
export function governedQueue({ queue, rooms, restock, clock }: GovernedParts): QueueStore {
  const missingSinceMs = new Map<RoomId, number>();

  async function govern(room: RoomId): Promise<boolean> {
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
    await queue.govern(room, rules);
    await restock(room);
    return true;
  }
  return {
    ...queue,
    async join(room, fan, earlier) {
      const outcome = await queue.join(room, fan, earlier);
      if (outcome.refused !== "NO_RULES" || !await govern(room)) return outcome;
      return await queue.join(room, fan, earlier);
    },
    async counts(room) {
      const counts = await queue.counts(room);
      if (counts || !await govern(room)) return counts;
      return await queue.counts(room);
    },
  };
}
