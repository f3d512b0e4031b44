import type { RoomId } from "../../domain/ids.ts";
import type { PlaceRef, QueueSettings, Standing } from "../../domain/queue.ts";
import type { Clock, NewId } from "../../ports/clock.ts";
import type { QueueStore } from "../../ports/queue_store.ts";
import { createRoom, type Room } from "./room.ts";
import { createRoomRules, type RoomRules } from "./rules.ts";
import { createRoomStock, type RoomStock } from "./stock.ts";

/** A room that has rules. */
interface RoomEntry {
  readonly rules: RoomRules;
  readonly stock: RoomStock;
  /** The present epoch of the room; null before the first place. */
  room: Room | null;
  lastTickAtMs: number | null;
}

const LINE_RESET: Standing = { state: "GONE", reason: "LINE_RESET" };
const EMPTY_COUNTS = { gathered: 0, waiting: 0, admitted: 0, parked: 0, admittedLastMinute: 0 };
const NOTHING_DONE = { expired: 0, admitted: 0, more: false };

export interface MemoryQueueStoreOptions {
  readonly settings: QueueSettings;
  readonly clock: Clock;
  readonly newId: NewId;
}

export interface MemoryQueueStore extends QueueStore {
  /** Removes all state, like a wipe of Redis. */
  wipe(): void;
}

/** The queue in this process's memory. Acts are synchronous and therefore atomic. */
export function memoryQueueStore(
  { settings, clock, newId }: MemoryQueueStoreOptions,
): MemoryQueueStore {
  const { showUpMs, waitingTtlMs } = settings;
  const entries = new Map<RoomId, RoomEntry>();

  function startEpoch(id: RoomId, { rules, stock }: RoomEntry): Room {
    return createRoom({ id, epoch: newId(), createdAtMs: clock(), waitingTtlMs, rules, stock });
  }

  /** The room if the token is of its present epoch. */
  function presentRoom(place: PlaceRef): Room | undefined {
    const found = entries.get(place.room)?.room;
    return found?.epoch === place.epoch ? found : undefined;
  }

  // The methods are async, so that an exception becomes a rejection as with a remote store.
  return {
    async join(id, fan, earlier) {
      const entry = entries.get(id);
      if (!entry) return { refused: "NO_RULES" };
      if (!entry.room) {
        const refusal = earlier ? null : entry.rules.refusal(clock());
        if (refusal) return refusal;
        entry.room = startEpoch(id, entry);
      }
      return entry.room.join(fan, earlier, clock());
    },
    async status(place) {
      return presentRoom(place)?.status(place, clock()) ?? LINE_RESET;
    },
    async endPlaces(places) {
      const byRoom = Map.groupBy(places, (place) => presentRoom(place));
      for (const [present, ofRoom] of byRoom) present?.endPlaces(ofRoom, clock());
    },
    async leave(place) {
      const present = presentRoom(place);
      present?.endPlaces([place], clock());
      return present ? { state: "GONE", reason: "ENDED" } : LINE_RESET;
    },
    async promote(id, release = 0) {
      const entry = entries.get(id);
      if (!entry) {
        return { ...NOTHING_DONE, lastActiveAtMs: null, hasOpened: false, countStock: false };
      }
      entry.lastTickAtMs = clock();
      const done = entry.room?.upkeep(clock(), release) ?? NOTHING_DONE;
      return {
        ...done,
        lastActiveAtMs: entry.room?.lastActiveAtMs ?? null,
        hasOpened: entry.rules.hasOpened(clock()),
        countStock: entry.room?.hasWaitingFans === true && entry.stock.claimRecount(clock()),
      };
    },
    async counts(id) {
      const entry = entries.get(id);
      if (!entry) return null;
      const counted = entry.room?.counts(clock()) ?? EMPTY_COUNTS;
      const { rules, lastTickAtMs } = entry;
      const epoch = entry.room?.epoch ?? null;
      return { ...counted, lastTickAtMs, epoch, rules: rules.snapshot(clock()) };
    },
    async findPlace(id, fan) {
      return entries.get(id)?.room?.findPlace(fan, clock()) ?? null;
    },
    async applyRules(id, rules) {
      const entry = entries.get(id);
      if (entry) entry.rules.apply(rules, clock());
      else {
        entries.set(id, {
          rules: createRoomRules(rules, showUpMs),
          stock: createRoomStock(),
          room: null,
          lastTickAtMs: null,
        });
      }
    },
    async rooms() {
      return [...entries.keys()];
    },
    async updateStock(id, stock) {
      const entry = entries.get(id);
      if (entry?.stock.update(stock, clock())) entry.room?.upkeep(clock());
    },
    async listDraw(id, aboveTicket, limit) {
      return entries.get(id)?.room?.listDraw(aboveTicket, limit) ?? [];
    },
    async ping() {},
    wipe() {
      entries.clear();
    },
  };
}
