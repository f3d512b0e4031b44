/**
 * A lobby in Redis and its opening: Redis's own µs and the billed commands of each call, each act of
 * the draw, and bytes a fan, by the number of fans who gather.
 */
import { MAIN_ROOM } from "../../src/domain/ids.ts";
import type { PlaceRef } from "../../src/domain/queue.ts";
import type { Rules } from "../../src/domain/room.ts";
import {
  type ActFigures,
  type LongActFigures,
  measureCalls,
  measureOneByOne,
} from "./act_figures.ts";
import { type BenchRedis, openBenchRedis } from "./bench_redis.ts";
import { NothingMeasuredError, scattered } from "./measure.ts";
import type { RedisQueueSize } from "./redis_queue_size.ts";
import {
  BENCH_RULES,
  type BenchRoom,
  bytesOf,
  type BytesOfFan,
  growth,
  openBenchRoom,
} from "./redis_room.ts";

export type LobbyCall =
  | "gather"
  | "gatheredPoll"
  | "gatheredFront"
  | "drawnPoll"
  | "drawnFront"
  | "listPage";

export interface RedisLobbyFigures {
  readonly gathered: number;
  readonly calls: Readonly<Record<LobbyCall, ActFigures>>;
  /** The act with which the room opens. */
  readonly opening: LongActFigures;
  /** The acts that draw until all have tickets. */
  readonly shares: LongActFigures;
  readonly bytes: { readonly gathered: BytesOfFan; readonly drawn: BytesOfFan };
}

const LIST_PAGE = 1_000;
const OPENS_AFTER_MS = 3_600_000;
/** Between two acts of the draw. Later than the next one is due. */
const STEP_MS = 50;

/** Throws as `measureRedisQueue` does. */
export async function measureRedisLobbies(size: RedisQueueSize): Promise<RedisLobbyFigures[]> {
  const figures: RedisLobbyFigures[] = [];
  for (const gathered of size.waiting) {
    const redis = await openBenchRedis();
    try {
      figures.push(await measureLobby(redis, gathered, size));
    } finally {
      await redis.close();
    }
  }
  return figures;
}

async function measureLobby(
  redis: BenchRedis,
  gathered: number,
  size: RedisQueueSize,
): Promise<RedisLobbyFigures> {
  const rules: Rules = {
    ...BENCH_RULES,
    capacity: 1,
    state: "LOBBY",
    opensAtMs: Date.now() + OPENS_AFTER_MS,
    draw: { id: "draw", seed: "5eed".repeat(16), salt: "a grain of salt" },
  };
  const room = await openBenchRoom({ redis, bounds: size.bounds, rules });
  const { calls, timed, requireState } = room;
  const empty = await bytesOf(redis);
  const places = await room.join(gathered, "GATHERED");
  const bytesGathered = growth(empty, await bytesOf(redis), gathered);
  // As the cron does each minute. Without it, joins take the way on which the rules are checked.
  await redis.scripts(1, () => calls.applyRules(MAIN_ROOM, "epoch", rules, null));
  const placeOf = (call: number) => places[scattered(call, gathered)]!;
  const before = {
    gatheredPoll: await measureCalls(
      redis,
      size,
      (call) => calls.status(placeOf(call)),
      (replies) => requireState("GATHERED", replies),
    ),
    gatheredFront: await measureCalls(redis, size, () => calls.front(MAIN_ROOM)),
    gather: await measureCalls(
      redis,
      size,
      room.joinCall,
      (replies) => void room.joined("GATHERED", replies),
    ),
  };
  const all = gathered + size.rounds * size.calls;
  await redis.scripts(1, () => timed.promote(MAIN_ROOM, 0, OPENS_AFTER_MS));
  room.pass(rules.opensAtMs! - room.nowMs());
  const { opening, shares } = await measureDraw(redis, room);
  const drawn = Number(await redis.command("LLEN", room.keyOf("list")));
  if (drawn !== all) throw new NothingMeasuredError(`${drawn} are drawn, not ${all}`);
  const bytes = { gathered: bytesGathered, drawn: growth(empty, await bytesOf(redis), all) };
  const waiting = await whoWait(redis, room, places.slice(0, size.calls));
  const after = {
    drawnPoll: await measureCalls(
      redis,
      size,
      (call) => timed.status(waiting[call % waiting.length]!),
      (replies) => requireState("WAITING", replies),
    ),
    drawnFront: await measureCalls(redis, size, () => timed.front(MAIN_ROOM)),
    listPage: await measureCalls(
      redis,
      { ...size, calls: Math.ceil(size.calls / 10) },
      (call) => timed.listDraw(MAIN_ROOM, scattered(call, all), LIST_PAGE),
    ),
  };
  return { gathered, calls: { ...before, ...after }, opening, shares, bytes };
}

/** Those of the places who are not admitted. */
async function whoWait(redis: BenchRedis, { timed, states }: BenchRoom, places: PlaceRef[]) {
  const replies = await redis.scripts(places.length, (call) => timed.status(places[call]!));
  const found = states(replies);
  return places.filter((_, at) => found[at] === "WAITING");
}

/** One act after the other, until all who gathered have their tickets. */
async function measureDraw(redis: BenchRedis, room: BenchRoom) {
  const act = () => room.timed.promote(MAIN_ROOM, 0, OPENS_AFTER_MS);
  const opening = await measureOneByOne(redis, (number) => number === 0 ? act() : null);
  const shares = await measureOneByOne(redis, async () => {
    room.pass(STEP_MS);
    return Number(await redis.command("ZCARD", room.keyOf("gathered"))) > 0 ? act() : null;
  });
  return { opening, shares };
}
