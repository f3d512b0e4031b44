import type { RoomId } from "../domain/ids.ts";
import { stateAt } from "../domain/room.ts";
import type { Cache } from "../ports/cache.ts";
import type { Clock } from "../ports/clock.ts";
import type { DrawnTicket, QueueStore } from "../ports/queue_store.ts";
import type { Report } from "../ports/report.ts";
import type { Room, Rooms } from "../ports/rooms.ts";
import { roomKey } from "./cache_keys.ts";
import type { ReadThrough } from "./read_through.ts";
import type { RequestContext } from "./request_context.ts";

/** The highest age of a public answer about a room that no operator has changed since. */
const ROOM_TTL_MS = 10_000;

export interface PublicRoomsDependencies {
  readonly rooms: Pick<Rooms, "find">;
  readonly queue: Pick<QueueStore, "listDraw">;
  readonly cache: Cache;
  readonly readThrough: ReadThrough;
  readonly clock: Clock;
  readonly report: Report;
}

/** What everybody may know of a room. PostgreSQL is read once for each TTL of the cache. */
export interface PublicRooms {
  /** Null if there is no such room. */
  find(context: RequestContext, room: RoomId): Promise<Room | null>;
  /** The latest draw in ticket order, from the ticket after `aboveTicket` on. */
  listDraw(room: RoomId, aboveTicket: number, limit: number): Promise<readonly DrawnTicket[]>;
}

export function createPublicRooms(dependencies: PublicRoomsDependencies): PublicRooms {
  const { rooms, queue, cache, readThrough, clock, report } = dependencies;

  return {
    async find(context, room) {
      const key = roomKey(room);
      const entry = await cache.read(key).catch((error) => {
        report({ what: "cache_failed", error });
        return { state: "EMPTY" } as const;
      });
      const found = await readThrough(context, key, entry, async () => {
        const value = await rooms.find(room);
        // The opening changes the answer, so it is not cached past it.
        const toOpeningMs = (value?.settings.opensAtMs ?? Infinity) - clock();
        return value && { value, ttlMs: Math.max(1, Math.min(ROOM_TTL_MS, toOpeningMs)) };
      });
      if (!found) return null;
      const { settings } = found;
      const state = stateAt(settings, clock());
      const opensAtMs = state === settings.state ? settings.opensAtMs : null;
      return { ...found, settings: { ...settings, state, opensAtMs } };
    },
    listDraw: (room, aboveTicket, limit) => queue.listDraw(room, aboveTicket, limit),
  };
}
