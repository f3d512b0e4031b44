import type { Front } from "../../domain/front.ts";
import type { RoomId } from "../../domain/ids.ts";
import type { PlaceRef, QueueSettings, Standing } from "../../domain/queue.ts";
import { QUEUE_BOUNDS, type QueueBounds } from "../../domain/queue_bounds.ts";
import type { Rules } from "../../domain/room.ts";
import type { Clock, NewId } from "../../ports/clock.ts";
import { endPlaces, forgetFan, join } from "./joining.ts";
import type { QueueStore, RoomOverview } from "../../ports/queue_store.ts";
import { lastPlace, placeView, roomCounts, roomOverview } from "./operator_views.ts";
import { createReleases } from "./releases.ts";
import { Room } from "./room.ts";
import { answer, frontOf } from "./standing.ts";
import { createRoomNames, createSeals } from "./room_names.ts";
import { noteSample, recentSamples } from "./samples.ts";
import { openLobby, upkeep } from "./upkeep.ts";

export interface MemoryQueueStoreOptions {
  readonly settings: QueueSettings;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly bounds?: QueueBounds;
  readonly random?: () => number;
  /** Receives the documents that come along with answers. */
  readonly onFront?: (room: RoomId, front: Front) => void;
}

export interface MemoryQueueStore extends QueueStore {
  /** Removes all state, like a wipe of Redis. */
  wipe(): void;
  /** The number of entries of each collection of the room. */
  sizes(room: RoomId): Readonly<Record<string, number>>;
}

const LINE_RESET: Standing = { state: "GONE", reason: "LINE_RESET", endedBecause: null };

const NOTHING_DONE = {
  expired: 0,
  admitted: 0,
  more: false,
  lastActiveAtMs: null,
  hasOpened: false,
  countStock: false,
};

/** The queue in this process's memory. Acts are synchronous and therefore atomic. */
export function memoryQueueStore(options: MemoryQueueStoreOptions): MemoryQueueStore {
  const { settings, clock, newId, bounds = QUEUE_BOUNDS, random = Math.random } = options;
  const rooms = new Map<RoomId, Room>();
  const active = new Set<RoomId>();
  const releases = createReleases();
  const names = createRoomNames();
  const seals = createSeals(clock);

  /** The room if the place is of its present epoch. */
  function roomOf({ room: id, epoch }: PlaceRef): Room | undefined {
    const room = rooms.get(id);
    return room?.epoch === epoch ? room : undefined;
  }

  function upToDate(id: RoomId): Room | undefined {
    const room = rooms.get(id);
    if (room && clock() >= room.dueMs) upkeep(room, clock());
    return room;
  }

  function remove(id: RoomId, version: number): void {
    rooms.delete(id);
    active.delete(id);
    seals.add(id, version);
  }

  /** The document about the front comes with the answer when it is new or the fan is near. */
  function withFront<Answer>(room: Room, answered: Answer, standing?: Standing): Answer {
    const isNear = standing?.state === "WAITING" && standing.isNear;
    if (room.isFrontNew || isNear) options.onFront?.(room.id, frontOf(room, clock()));
    room.isFrontNew = false;
    return answered;
  }

  // The methods are async, so that an exception becomes a rejection as with a remote store.
  return {
    async join(id, fan, earlier, joinOptions = {}) {
      const room = rooms.get(id);
      if (!room) return { refused: "NO_RULES" };
      const moment = { nowMs: clock(), random: random() };
      const joined = join(room, fan, earlier, moment, joinOptions);
      if (!joined.refused) active.add(room.id);
      return withFront(room, joined, joined.refused ? undefined : joined.standing);
    },
    async status(place) {
      const room = roomOf(place);
      if (!room) return LINE_RESET;
      const standing = answer(room, place, { nowMs: clock(), random: random() });
      const countStock = standing.state === "WAITING" && room.stock.claimRecount(clock());
      return withFront(room, countStock ? { ...standing, countStock } : standing, standing);
    },
    async endPlaces(places, because) {
      const byRoom = Map.groupBy(places, roomOf);
      for (const [room, ofRoom] of byRoom) if (room) endPlaces(room, ofRoom, because, clock());
    },
    async leave(place) {
      const room = roomOf(place);
      if (!room) return LINE_RESET;
      endPlaces(room, [place], "LEFT", clock());
      return withFront(room, answer(room, place, { nowMs: clock(), random: random() }));
    },
    async front(id) {
      const room = upToDate(id);
      if (!room) return null;
      const countStock = hasLine(room) && room.stock.claimRecount(clock());
      return { front: frontOf(room, clock()), countStock };
    },
    async promote(id, { release = 0, releaseId = null, idleAfterMs = Infinity } = {}) {
      const room = rooms.get(id);
      if (!room) return NOTHING_DONE;
      const nowMs = room.lastTickAtMs = clock();
      const done = releaseId === null
        ? upkeep(room, nowMs, { release })
        : releases.continue(`${id} ${releaseId}`, nowMs, (before) =>
          upkeep(room, nowMs, { release: Math.max(0, release - before) }));
      noteSample(room, nowMs);
      const { rules: { hasOpened }, stock } = room;
      const lastActiveAtMs = room.activeAtMs || null;
      const isQuiet = nowMs - room.activeAtMs >= idleAfterMs;
      if (isQuiet && room.isUnused) active.delete(id);
      const countStock = hasLine(room) && stock.claimRecount(nowMs);
      return withFront(room, { ...done, lastActiveAtMs, hasOpened, countStock });
    },
    async counts(id) {
      const room = upToDate(id);
      return room ? withFront(room, roomCounts(room, clock())) : null;
    },
    async history(id) {
      const room = upToDate(id);
      return room ? recentSamples(room, clock()) : null;
    },
    async overview(limit) {
      const known = [...active].flatMap((id) => rooms.get(id) ?? [])
        .map((room) => roomOverview(room, clock()));
      const lineOf = ({ waiting, gathered }: RoomOverview) => waiting + gathered;
      known.sort((one, other) => lineOf(other) - lineOf(one) || (one.room < other.room ? -1 : 1));
      return { activeRooms: active.size, rooms: known.slice(0, limit) };
    },
    async findPlace(id, fan) {
      const room = upToDate(id);
      return room ? placeView(room, fan, clock()) : null;
    },
    async findLastPlace(id, fan) {
      const room = upToDate(id);
      return room ? lastPlace(room, fan) : null;
    },
    async forgetFan(id, fan) {
      const room = rooms.get(id);
      if (room) forgetFan(room, fan, clock());
    },
    async applyRules(id, rules, stock = null, allNames = undefined) {
      const nowMs = clock();
      if (seals.keepOut(id, rules.version)) return;
      names.add(id);
      if (allNames) names.learn(allNames);
      const known = rooms.get(id);
      const room = known ?? new Room(id, newId(), rules, nowMs, settings, bounds);
      if (known && !changeRules(known, rules, nowMs)) return;
      rooms.set(id, room);
      if (stock) room.stock.update(stock, nowMs);
      upkeep(room, nowMs);
    },
    async sealRoom(id, version) {
      const room = upToDate(id);
      if (room && (room.rules.current.version > version || !room.isUnused)) return false;
      remove(id, version);
      return true;
    },
    async removeRoom(id, version) {
      if ((rooms.get(id)?.rules.current.version ?? 0) > version) return;
      remove(id, version);
      names.delete(id);
    },
    async knownRooms() {
      return names.known;
    },
    async learnRooms(allNames) {
      names.learn(allNames);
    },
    async activeRooms() {
      return [...active];
    },
    async updateStock(id, stock) {
      const room = upToDate(id);
      if (room?.stock.update(stock, clock())) upkeep(room, clock());
    },
    async listDraw(id, aboveTicket, limit) {
      const room = upToDate(id);
      return room ? room.lobby.list(aboveTicket, limit) : [];
    },
    async ping() {},
    wipe() {
      rooms.clear();
      active.clear();
      releases.clear();
      names.clear();
      seals.clear();
    },
    sizes: (id) => rooms.get(id)?.sizes ?? {},
  };
}

function hasLine(room: Room): boolean {
  return room.waiting.size + room.undrawn > 0;
}

/** Replaces the rules of a lower version. Returns whether they were replaced. */
function changeRules(room: Room, next: Rules, nowMs: number): boolean {
  room.rules.checkedAtMs = nowMs;
  if (next.version <= room.rules.current.version) return false;
  // What is due under the present rules, as an opening, comes before the new ones.
  upkeep(room, nowMs);
  room.rules.replace(next, nowMs - room.lostMs, room.settings.showUpMs);
  if (next.draw === null) return true;
  if (next.draw.id !== room.lobby.draw?.id) openLobby(room, nowMs);
  room.lobby.replaceDraw(next.draw);
  return true;
}
