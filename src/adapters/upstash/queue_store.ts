import type { Standing } from "../../domain/queue.ts";
import { isRoomId } from "../../domain/ids.ts";
import type { NewId } from "../../ports/clock.ts";
import type { QueueStore } from "../../ports/queue_store.ts";
import type { RedisClient, Reply, ScriptCall } from "./client.ts";
import {
  numberOrNull,
  readCounts,
  readJoined,
  readList,
  readPlaceView,
  readStanding,
} from "./queue_replies.ts";
import type { QueueScripts } from "./queue_scripts.ts";

export interface UpstashQueueStoreOptions {
  readonly redis: RedisClient;
  readonly calls: QueueScripts;
  readonly newId: NewId;
}

/** The queue in Redis. Each act is one script, so it is atomic and may be repeated. */
export function upstashQueueStore({ redis, calls, newId }: UpstashQueueStoreOptions): QueueStore {
  async function run(call: ScriptCall): Promise<readonly Reply[]> {
    return await redis.run(call) as readonly Reply[];
  }

  return {
    async join(room, fan, earlier) {
      return readJoined(room, fan, await run(await calls.join(room, fan, newId(), earlier)));
    },
    async status(place) {
      return readStanding(await run(await calls.status(place)));
    },
    async endPlaces(places) {
      const byRoom = Map.groupBy(places, ({ room }) => room);
      await Promise.all([...byRoom].map(async ([room, ofRoom]) => {
        await redis.run(await calls.endPlaces(room, ofRoom));
      }));
    },
    async leave(place): Promise<Standing> {
      const epoch = await redis.run(await calls.endPlaces(place.room, [place]));
      return { state: "GONE", reason: epoch === place.epoch ? "ENDED" : "LINE_RESET" };
    },
    async promote(room, release = 0) {
      const [expired, admitted, more, lastActiveAtMs, hasOpened, countStock] = await run(
        calls.promote(room, release),
      );
      return {
        expired: Number(expired),
        admitted: Number(admitted),
        more: more === 1,
        lastActiveAtMs: numberOrNull(lastActiveAtMs),
        hasOpened: hasOpened === 1,
        countStock: countStock === 1,
      };
    },
    async counts(room) {
      return readCounts(await run(calls.counts(room)));
    },
    async findPlace(room, fan) {
      return readPlaceView(await run(await calls.findPlace(room, fan)));
    },
    async applyRules(room, rules) {
      await redis.run(calls.applyRules(room, rules));
    },
    async rooms() {
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
      await redis.command("PING");
    },
  };
}
