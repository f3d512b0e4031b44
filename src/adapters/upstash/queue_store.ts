import type { Standing } from "../../domain/line.ts";
import type { NewId } from "../../ports/clock.ts";
import type { Joined, LineCounts, QueueStore, Sighting, Upkeep } from "../../ports/queue_store.ts";
import type { RedisClient, Reply, ScriptCall } from "./client.ts";
import type { LineCalls } from "./line_calls.ts";

export interface QueueStoreParts {
  readonly redis: RedisClient;
  readonly calls: LineCalls;
  readonly newId: NewId;
}

/** The line in Redis: one script an act, so that every act is atomic and may be sent twice. */
export function upstashQueueStore({ redis, calls, newId }: QueueStoreParts): QueueStore {
  async function run(call: ScriptCall): Promise<readonly Reply[]> {
    return await redis.run(call) as readonly Reply[];
  }

  return {
    async join(room, fan, earlier): Promise<Joined> {
      const told = await run(await calls.join(room, fan, newId(), earlier));
      const [created, epoch, order, ...standing] = told;
      const place = { room, fan, order: Number(order), epoch: String(epoch) };
      return { created: created === 1, place, standing: readStanding(standing) };
    },
    async status(place) {
      return readStanding(await run(await calls.status(place)));
    },
    async end(places) {
      const byRoom = Map.groupBy(places, ({ room }) => room);
      await Promise.all([...byRoom].map(async ([room, ofRoom]) => {
        await redis.run(await calls.end(room, ofRoom));
      }));
    },
    async leave(place): Promise<Standing> {
      const epoch = await redis.run(await calls.end(place.room, [place]));
      return { state: "GONE", reason: epoch === place.epoch ? "ENDED" : "LINE_RESET" };
    },
    async promote(room): Promise<Upkeep> {
      const [expired, admitted, more, lastActiveAtMs] = await run(calls.promote(room));
      return {
        expired: Number(expired),
        admitted: Number(admitted),
        more: more === 1,
        lastActiveAtMs: numberOrNull(lastActiveAtMs),
      };
    },
    async counts(room): Promise<LineCounts> {
      const told = await run(calls.counts(room));
      const [waiting, admitted, parked, admittedLastMinute] = told.map(Number);
      return {
        waiting: waiting!,
        admitted: admitted!,
        parked: parked!,
        admittedLastMinute: admittedLastMinute!,
        lastTickAtMs: numberOrNull(told[4]),
        epoch: told[5] === "" ? null : String(told[5]),
      };
    },
    async look(room, fan): Promise<Sighting | null> {
      const [state, order, ahead, endsAtMs] = await run(await calls.look(room, fan));
      if (state === undefined) return null;
      return {
        state: state === "W" ? "WAITING" : state === "A" ? "ADMITTED" : "PARKED",
        order: Number(order),
        ahead: numberOrNull(ahead),
        expiresAtMs: Number(endsAtMs),
      };
    },
    async ping() {
      await redis.command("PING");
    },
  };
}

/** Reads what a script of the line tells a fan. */
export function readStanding([state, ...told]: readonly Reply[]): Standing {
  const [first, rank, expiresAtMs, promoted, overMs] = told.map(Number);
  switch (state) {
    case "W":
      return {
        state: "WAITING",
        ahead: first!,
        aheadIsExact: first === rank,
        expiresAtMs: expiresAtMs!,
        pace: { promoted: promoted!, overMs: overMs! },
      };
    case "A":
      return { state: "ADMITTED", expiresAtMs: first! };
    case "G":
      return { state: "GONE", reason: "ENDED" };
    case "X":
      return { state: "GONE", reason: "LINE_RESET" };
    default:
      throw new Error(`the line told ${JSON.stringify(state)}`);
  }
}

function numberOrNull(reply: Reply | undefined): number | null {
  return reply === "" || reply === undefined ? null : Number(reply);
}
