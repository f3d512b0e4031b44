import type { RoomId } from "../domain/ids.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Rooms } from "../ports/rooms.ts";

/**
 * The line, with the rules at hand: where it has none for a room, since its store was wiped or the
 * room is new, they are loaded and the act is done again.
 */
export function governedQueue(queue: QueueStore, rooms: Pick<Rooms, "rules">): QueueStore {
  async function govern(room: RoomId): Promise<boolean> {
    const rules = await rooms.rules(room);
    if (rules) await queue.govern(room, rules);
    return rules !== null;
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
