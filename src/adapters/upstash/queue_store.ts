import { DependencyError } from "../../domain/failures.ts";
import { isRoomId, MAIN_ROOM, type RoomId } from "../../domain/ids.ts";
import type { NewId } from "../../ports/clock.ts";
import type { QueueStore } from "../../ports/queue_store.ts";
import type { RedisClient, Reply, ScriptCall } from "./client.ts";
import { LAYOUT, LineLayoutError } from "./layout.ts";
import { readFront } from "./queue_front.ts";
import { readOverview } from "./queue_overview.ts";
import {
  endCause,
  readCounts,
  readHistory,
  readJoined,
  readLastPlace,
  readList,
  readPlaceView,
  readStanding,
  type StandingReader,
} from "./queue_replies.ts";
import { ALL_KNOWN, type QueueScripts } from "./queue_scripts.ts";

export interface UpstashQueueStoreOptions {
  readonly redis: RedisClient;
  readonly calls: QueueScripts;
  readonly newId: NewId;
  readonly reader: StandingReader;
}

/** The queue in Redis. Each act is one script, so it is atomic and may be repeated. */
export function upstashQueueStore(
  { redis, calls, newId, reader }: UpstashQueueStoreOptions,
): QueueStore {
  async function run(call: ScriptCall): Promise<readonly Reply[]> {
    return await redis.run(call) as readonly Reply[];
  }

  return {
    async join(room, fan, earlier, options) {
      const reply = await run(calls.join(room, fan, earlier, options));
      return readJoined(reader, { room, fan }, reply);
    },
    async status(place) {
      return readStanding(reader, place.room, await run(calls.status(place)));
    },
    async endPlaces(places, because) {
      const byRoom = Map.groupBy(places, ({ room }) => room);
      await Promise.all([...byRoom].map(async ([room, ofRoom]) => {
        await redis.run(calls.endPlaces(room, ofRoom, because));
      }));
    },
    async leave(place) {
      const [epoch, cause] = await run(calls.endPlaces(place.room, [place], "LEFT"));
      return epoch === place.epoch
        ? { state: "GONE", reason: "ENDED", endedBecause: endCause(cause) }
        : { state: "GONE", reason: "LINE_RESET", endedBecause: null };
    },
    async front(room: RoomId) {
      const [atMs, countStock, document] = await run(calls.front(room));
      if (document === undefined) return null;
      return { front: readFront(String(document), Number(atMs)), countStock: countStock === 1 };
    },
    async promote(room, { release = 0, releaseId = null, idleAfterMs = Infinity } = {}) {
      const idleMs = Math.min(idleAfterMs, Number.MAX_SAFE_INTEGER);
      const reply = await run(calls.promote(room, release, idleMs, releaseId));
      const [expired, admitted, more, activeAtMs, hasOpened, countStock] = reply.map(Number);
      return {
        expired: expired ?? 0,
        admitted: admitted ?? 0,
        more: more === 1,
        lastActiveAtMs: activeAtMs || null,
        hasOpened: hasOpened === 1,
        countStock: countStock === 1,
      };
    },
    async counts(room) {
      return readCounts(await run(calls.counts(room)));
    },
    async history(room) {
      return readHistory(await run(calls.history(room)));
    },
    async overview(limit) {
      return readOverview(await run(calls.overview(limit)));
    },
    async findPlace(room, fan) {
      return readPlaceView(reader, await run(calls.findPlace(room, fan)));
    },
    async findLastPlace(room, fan) {
      return readLastPlace(await run(calls.findPlace(room, fan)));
    },
    async forgetFan(room, fan) {
      await redis.run(calls.forgetFan(room, fan));
    },
    async applyRules(room, rules, stock = null, names = undefined) {
      await redis.run(calls.applyRules(room, newId(), rules, stock, names));
    },
    async sealRoom(room, version) {
      return await redis.run(calls.removeRoom(room, version, false)) === 1;
    },
    async removeRoom(room, version) {
      await redis.run(calls.removeRoom(room, version, true));
    },
    async knownRooms() {
      const members = await redis.command("SMEMBERS", calls.namesKey) as readonly string[];
      return { names: members.filter(isRoomId), areAll: members.includes(ALL_KNOWN) };
    },
    async learnRooms(names) {
      await redis.command("SADD", calls.namesKey, ALL_KNOWN, ...names);
    },
    async activeRooms() {
      const rooms = await redis.command("SMEMBERS", calls.roomsKey) as readonly string[];
      return rooms.filter(isRoomId).sort();
    },
    async updateStock(room, stock) {
      await redis.run(calls.updateStock(room, stock));
    },
    async listDraw(room, aboveTicket, limit) {
      return readList(await run(calls.listDraw(room, aboveTicket, limit)));
    },
    async ping() {
      const layout = await redis.command("HGET", calls.roomKey(MAIN_ROOM), "layout");
      if (layout !== null && layout !== String(LAYOUT)) {
        throw new DependencyError("redis", new LineLayoutError(String(layout)));
      }
    },
  };
}
