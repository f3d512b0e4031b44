import type { RoomId } from "../domain/ids.ts";
import { stateAt } from "../domain/room.ts";
import type { Cache } from "../ports/cache.ts";
import type { Clock } from "../ports/clock.ts";
import type { DrawnTicket, QueueStore } from "../ports/queue_store.ts";
import type { Report } from "../ports/report.ts";
import type { Room, Rooms } from "../ports/rooms.ts";
import { roomKey } from "./cache_keys.ts";
import type { KnownRooms } from "./known_rooms.ts";
import type { ReadThrough } from "./read_through.ts";
import type { RequestContext } from "./request_context.ts";

/**
 * How long an answer is cached, unless the room opens before or an operator changes it. It is long,
 * so that a caller without a credential does not keep PostgreSQL awake. If a change of an idle room
 * or its eviction was cut off, the answer is old for so long.
 */
const ROOM_TTL_MS = 86_400_000;
/** One isolate answers for so long from its memory. */
const KEPT_MS = 1_000;
const MAX_KEPT = 1_000;

export interface PublicRoomsDependencies {
  readonly rooms: Pick<Rooms, "find">;
  readonly queue: Pick<QueueStore, "listDraw">;
  readonly knownRooms: KnownRooms;
  readonly cache: Cache;
  readonly readThrough: ReadThrough;
  readonly clock: Clock;
  readonly report: Report;
}

/** What everybody may know of a room. A name of no room costs no call of its own. */
export interface PublicRooms {
  /** At most a second old. Null if there is no such room. */
  find(context: RequestContext, room: RoomId): Promise<Room | null>;
  /**
   * The latest draw in ticket order, from the ticket after `aboveTicket` on. Null if there is no such
   * room.
   */
  listDraw(
    context: RequestContext,
    room: RoomId,
    aboveTicket: number,
    limit: number,
  ): Promise<readonly DrawnTicket[] | null>;
  /** Must be called when this isolate has created, changed or deleted the room. */
  forget(room: RoomId): void;
}

export function createPublicRooms(dependencies: PublicRoomsDependencies): PublicRooms {
  const { rooms, queue, knownRooms, cache, readThrough, clock, report } = dependencies;
  const kept = new Map<RoomId, { readonly room: Room; readonly atMs: number }>();

  /**
   * The opening changes the answer, so nothing is kept past it. An answer from before an opening
   * whose time has passed was slow, or the clock of the database is behind: it is kept shortly.
   */
  function ttlMs({ settings: { opensAtMs } }: Room, longestMs: number, nowMs: number): number {
    if (opensAtMs === null) return longestMs;
    const toOpeningMs = opensAtMs - nowMs;
    return Math.min(longestMs, toOpeningMs > 0 ? toOpeningMs : KEPT_MS);
  }

  async function load(context: RequestContext, room: RoomId): Promise<Room | null> {
    const key = roomKey(room);
    const entry = await cache.read(key).catch((error) => {
      report({ what: "cache_failed", error });
      return { state: "EMPTY" } as const;
    });
    return await readThrough(context, key, entry, async () => {
      const value = await rooms.find(room);
      return value && { value, ttlMs: ttlMs(value, ROOM_TTL_MS, clock()) };
    });
  }

  async function present(context: RequestContext, room: RoomId): Promise<Room | null> {
    const recent = kept.get(room);
    const ageMs = recent ? Math.abs(clock() - recent.atMs) : Infinity;
    if (recent && ageMs < ttlMs(recent.room, KEPT_MS, recent.atMs)) return recent.room;
    const atMs = clock();
    const found = await load(context, room);
    if (kept.size >= MAX_KEPT) kept.clear();
    if (found) kept.set(room, { room: found, atMs });
    else kept.delete(room);
    return found;
  }

  return {
    async find(context, room) {
      if (!await knownRooms.has(context, room)) return null;
      const found = await present(context, room);
      if (!found) return null;
      const { settings } = found;
      const state = stateAt(settings, clock());
      const opensAtMs = state === settings.state ? settings.opensAtMs : null;
      return { ...found, settings: { ...settings, state, opensAtMs } };
    },
    async listDraw(context, room, aboveTicket, limit) {
      if (!await knownRooms.has(context, room)) return null;
      return await queue.listDraw(room, aboveTicket, limit);
    },
    forget(room) {
      kept.delete(room);
      knownRooms.forget();
    },
  };
}
