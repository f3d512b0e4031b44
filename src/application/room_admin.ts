import type { Page, PageRequest } from "../domain/booking.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { FanId, RoomId } from "../domain/ids.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import { type Draw, type RoomSettings, stateAt } from "../domain/room.ts";
import type { Cache } from "../ports/cache.ts";
import type { Clock, NewId } from "../ports/clock.ts";
import type { DrawnTicket, LineCounts, QueueStore, Sighting } from "../ports/queue_store.ts";
import type { Report } from "../ports/report.ts";
import type {
  AuditEntry,
  ChangedRoom,
  OperatorAct,
  Room,
  Rooms,
  RoomSettingsRefusal,
} from "../ports/rooms.ts";
import { roomKey } from "./cache_keys.ts";
import type { Call } from "./request_context.ts";
import type { Moved, Tick } from "./maintenance.ts";
import type { ReadThrough } from "./read_through.ts";

/** What the public is told of a room is at most so old, unless an operator changed it. */
const ROOM_TTL_MS = 10_000;

export interface RoomParts {
  readonly rooms: Rooms;
  readonly queue: QueueStore;
  readonly cache: Cache;
  readonly readThrough: ReadThrough;
  readonly tick: Tick;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly report: Report;
}

/** A room and what goes on in it. */
export interface WatchedRoom extends Room {
  readonly counts: LineCounts | null;
}

/** The operator's levers, and what everybody may know of a room. */
export function operateRooms(parts: RoomParts) {
  const { rooms, queue, cache, readThrough, tick, clock, newId, report } = parts;

  /** A draw that nobody could have chosen: its seed is 256 bits out of two random ids. */
  async function newDraw(): Promise<Draw> {
    return {
      id: newId(),
      seed: await hexDigest(newId() + newId()),
      salt: await hexDigest(newId()),
    };
  }

  /**
   * The line follows at once. Should it not answer just now, the change stands all the same, and
   * the operator is told that something is amiss: doing it again has the line follow, and so does
   * the cron as long as anybody stands in the room.
   */
  async function follow({ room, rules }: ChangedRoom): Promise<Room> {
    await queue.govern(room.room, rules);
    try {
      await cache.evict([roomKey(room.room)]);
    } catch (error) {
      report({ what: "cache_failed", error });
    }
    return room;
  }

  async function watched(room: Room): Promise<WatchedRoom> {
    return { ...room, counts: await queue.counts(room.room) };
  }

  return {
    async list(): Promise<readonly WatchedRoom[]> {
      return await Promise.all((await rooms.list()).map(watched));
    },
    async get(room: RoomId): Promise<WatchedRoom | null> {
      const found = await rooms.find(room);
      return found && await watched(found);
    },
    async create(
      room: RoomId,
      settings: Partial<RoomSettings>,
      act: OperatorAct,
    ): Promise<Result<WatchedRoom, FailureOf<"ROOM_EXISTS"> | RoomSettingsRefusal>> {
      const created = await rooms.create(room, settings, await newDraw(), act);
      return created.ok ? ok(await watched(await follow(created.value))) : created;
    },
    async change(
      room: RoomId,
      changes: Partial<RoomSettings>,
      act: OperatorAct,
    ): Promise<Result<WatchedRoom, FailureOf<"ROOM_NOT_FOUND"> | RoomSettingsRefusal>> {
      // A line that is out of reach is told before anything is changed.
      if (!await queue.counts(room)) return refused({ kind: "ROOM_NOT_FOUND" });
      const changed = await rooms.change(room, withOpening(changes), await newDraw(), act);
      return changed.ok ? ok(await watched(await follow(changed.value))) : changed;
    },
    /** Lets in at most `count` heads now, also where the room is held. */
    async release(
      room: RoomId,
      count: number,
      act: OperatorAct,
    ): Promise<Result<Moved, FailureOf<"ROOM_NOT_FOUND">>> {
      if (!await queue.counts(room)) return refused({ kind: "ROOM_NOT_FOUND" });
      const moved = await tick.room(room, count);
      await rooms.record({
        ...act,
        action: "PROMOTED",
        room,
        subject: null,
        old: null,
        new: { count, ...moved },
      });
      return ok(moved);
    },
    /** Ends the place that a fan has in a room; gives it as it was. */
    async endPlace(
      room: RoomId,
      fan: FanId,
      act: OperatorAct,
    ): Promise<Result<Sighting, FailureOf<"ROOM_NOT_FOUND" | "PLACE_NOT_FOUND">>> {
      if (!await queue.counts(room)) return refused({ kind: "ROOM_NOT_FOUND" });
      const seen = await queue.look(room, fan);
      if (!seen) return refused({ kind: "PLACE_NOT_FOUND" });
      const { order, epoch, state, ticket } = seen;
      // Written down first: what was done without a trace would be worse than a trace of nothing.
      await rooms.record({
        ...act,
        action: "PLACE_ENDED",
        room,
        subject: fan,
        old: { state, ticket },
        new: null,
      });
      await queue.end([{ room, fan, order, epoch }]);
      return ok(seen);
    },
    auditLog(room: RoomId | null, page: PageRequest): Promise<Page<AuditEntry>> {
      return rooms.auditLog(room, page);
    },
    /** What everybody may know: no database is asked more often than the cache's time says. */
    async notice(call: Call, room: RoomId): Promise<Room | null> {
      const key = roomKey(room);
      const entry = await cache.read(key).catch((error) => {
        report({ what: "cache_failed", error });
        return { state: "EMPTY" } as const;
      });
      const found = await readThrough(call, key, entry, async () => {
        const value = await rooms.find(room);
        const toOpeningMs = (value?.settings.opensAtMs ?? Infinity) - clock();
        // Never past the opening, which changes it.
        return value && { value, ttlMs: Math.max(1, Math.min(ROOM_TTL_MS, toOpeningMs)) };
      });
      if (!found) return null;
      const { settings } = found;
      const state = stateAt(settings, clock());
      const opensAtMs = state === settings.state ? settings.opensAtMs : null;
      return { ...found, settings: { ...settings, state, opensAtMs } };
    },
    drawn(room: RoomId, aboveTicket: number, limit: number): Promise<readonly DrawnTicket[]> {
      return queue.drawn(room, aboveTicket, limit);
    },
  };
}

/** A room that is closed by hand stays so, unless a new opening comes along. */
function withOpening(changes: Partial<RoomSettings>): Partial<RoomSettings> {
  return changes.state === "CLOSED" ? { opensAtMs: null, ...changes } : changes;
}

async function hexDigest(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
