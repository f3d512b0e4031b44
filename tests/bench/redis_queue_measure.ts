/**
 * A line in Redis: Redis's own µs and the billed commands of each call, and bytes a waiting fan, by
 * the number of fans who wait. Its rivals are in `redis_queue_rivals.ts`.
 */
import { MAIN_ROOM, type RoomId } from "../../src/domain/ids.ts";
import type { PlaceRef } from "../../src/domain/queue.ts";
import { QUEUE_BOUNDS, type QueueBounds } from "../../src/domain/queue_bounds.ts";
import type { Rules } from "../../src/domain/room.ts";
import {
  type ActFigures,
  type LongActFigures,
  measureCalls,
  measureOneByOne,
} from "./act_figures.ts";
import { type BenchRedis, openBenchRedis } from "./bench_redis.ts";
import { measureQueueRivals, type QueueRivals } from "./redis_queue_rivals.ts";
import { BENCH_RULES, type BenchRoom, bytesOf, openBenchRoom } from "./redis_room.ts";

export interface RedisQueueSize {
  /** Numbers of fans who wait, or gather, ascending. */
  readonly waiting: readonly number[];
  /** Fans admitted, who fill the room: the others wait. */
  readonly capacity: number;
  /** Fans who wait near the front, but at most half of all. */
  readonly near: number;
  readonly rounds: number;
  /** Calls a round. */
  readonly calls: number;
  /** Scans of the whole queue a round. */
  readonly scans: number;
  /** Acts at a bound that are measured one by one. */
  readonly longActs: number;
  readonly bounds: QueueBounds;
}

export type LineCall =
  | "join"
  | "nearPoll"
  | "nearPollFirst"
  | "farPoll"
  | "admissionCheck"
  | "front"
  | "leave"
  | "endAndPromote"
  | "cron"
  | "cronEmpty";

export type LongAct = "promotes" | "lapse" | "absent" | "ages";

export interface RedisQueueFigures {
  readonly waiting: number;
  readonly calls: Readonly<Record<LineCall, ActFigures>>;
  readonly rivals: QueueRivals;
  /** At the highest number of waiting fans only. */
  readonly longActs: Readonly<Record<LongAct, LongActFigures>> | null;
  readonly bytes: BytesOfFan;
}

/** Growth by the fans, bytes a fan: by MEMORY USAGE of the keys, and by used_memory. */
export interface BytesOfFan {
  readonly memoryUsage: number;
  readonly usedMemory: number;
}

export const FULL_SIZE: RedisQueueSize = {
  waiting: [1e3, 1e4, 1e5, 1e6],
  capacity: 1_000,
  near: 10_000,
  rounds: 15,
  calls: 500,
  scans: 1,
  longActs: 20,
  bounds: QUEUE_BOUNDS,
};
/** Bounds so small that few fans reach them. */
export const SMOKE_SIZE: RedisQueueSize = {
  waiting: [60, 120],
  capacity: 10,
  near: 40,
  rounds: 2,
  calls: 20,
  scans: 1,
  longActs: 2,
  bounds: { promotionBatch: 5, ageingBatch: 5, drawBatch: 7, leastNear: 20, exactAhead: 8 },
};

/** An admission that ends and promotes one needs a fan of its own: so many of those who wait. */
const ENDED_SHARE = 1 / 50;
const STEP_MS = 10_000;
/** The longest poll and the time to show up. */
const WINDOW_MS = 120_000;
/** A prime that divides none of the sizes, so that calls go through all fans out of order. */
const STRIDE = 7_919;
const EMPTY_ROOM = "empty" as RoomId;
export const IDLE_AFTER_MS = 3_600_000;

/**
 * Throws `MissingProgramError` without a redis-server, and `NothingMeasuredError` when a fan is not
 * in the state whose calls are measured. `rules` are null for a room that nobody can join.
 */
export async function measureRedisQueue(
  size: RedisQueueSize,
  rules: Rules | null = { ...BENCH_RULES, capacity: size.capacity },
): Promise<RedisQueueFigures[]> {
  const figures: RedisQueueFigures[] = [];
  for (const waiting of size.waiting) {
    const redis = await openBenchRedis();
    try {
      figures.push(await measureLine(redis, waiting, size, rules));
    } finally {
      await redis.close();
    }
  }
  return figures;
}

async function measureLine(
  redis: BenchRedis,
  waiting: number,
  size: RedisQueueSize,
  rules: Rules | null,
): Promise<RedisQueueFigures> {
  const near = Math.min(size.near, Math.floor(waiting / 2));
  const room = await openBenchRoom({ redis, bounds: { ...size.bounds, leastNear: near }, rules });
  if (rules) {
    await redis.scripts(1, () => room.calls.applyRules(EMPTY_ROOM, "epoch", rules, null));
  }
  const admitted = await room.join(size.capacity, "ADMITTED");
  const empty = await bytesOf(redis);
  const places = await room.join(waiting, "WAITING");
  const bytes = growth(empty, await bytesOf(redis), waiting);
  const keys = { waiting: room.keyOf("waiting"), admitted: room.keyOf("admitted") };
  const rivals = await measureQueueRivals(redis, { ...size, waiting, keys });
  const line = { redis, room, admitted, near: places.slice(0, near), far: places.slice(near) };
  const calls = await measureLineCalls(line, size);
  const longActs = waiting === size.waiting.at(-1) ? await measureLongActs(line, size) : null;
  return { waiting, calls, rivals, longActs, bytes };
}

export function growth(before: BytesOfFan, after: BytesOfFan, fans: number): BytesOfFan {
  return {
    memoryUsage: (after.memoryUsage - before.memoryUsage) / fans,
    usedMemory: (after.usedMemory - before.usedMemory) / fans,
  };
}

interface Line {
  readonly redis: BenchRedis;
  readonly room: BenchRoom;
  readonly admitted: readonly PlaceRef[];
  /** Those who wait near the front, in order, and the others. */
  readonly near: readonly PlaceRef[];
  readonly far: readonly PlaceRef[];
}

async function measureLineCalls(
  { redis, room, admitted, near, far }: Line,
  size: RedisQueueSize,
): Promise<Record<LineCall, ActFigures>> {
  const { calls, requireState } = room;
  // No fan polls twice in one round: the deadline of the same millisecond would not change.
  const polls = (state: "WAITING" | "ADMITTED", places: readonly PlaceRef[]) =>
    measureCalls(
      redis,
      { rounds: size.rounds, calls: Math.min(size.calls, places.length) },
      (call) => calls.status(places[call * STRIDE % places.length]!),
      (replies) => requireState(state, replies),
    );
  // Whoever has just become near gets a deadline by the first poll.
  await redis.scripts(near.length, (call) => calls.status(near[call]!));
  const first = near.slice(0, size.bounds.exactAhead);
  const behind = near.slice(first.length);
  const joined: PlaceRef[] = [];
  const measured = {
    nearPoll: await polls("WAITING", behind),
    nearPollFirst: await polls("WAITING", first),
    farPoll: await polls("WAITING", far),
    admissionCheck: await polls("ADMITTED", admitted),
    front: await measureCalls(redis, size, () => calls.front(MAIN_ROOM)),
    cron: await measureCalls(redis, size, () => calls.promote(MAIN_ROOM, 0, IDLE_AFTER_MS)),
    cronEmpty: await measureCalls(redis, size, () => calls.promote(EMPTY_ROOM, 0, IDLE_AFTER_MS)),
    join: await measureCalls(
      redis,
      size,
      room.joinCall,
      (replies) => void joined.push(...room.joined("WAITING", replies)),
    ),
  };
  const leave = await measureCalls(
    redis,
    size,
    (call) => calls.endPlaces(MAIN_ROOM, [joined[call]!], "LEFT"),
  );
  const ended = Math.max(1, Math.floor(ENDED_SHARE * near.length / size.rounds));
  const endAndPromote = await measureCalls(
    redis,
    { rounds: size.rounds, calls: Math.min(ended, Math.floor(admitted.length / size.rounds)) },
    (call) => calls.endPlaces(MAIN_ROOM, [admitted[call]!], "PAID"),
  );
  return { ...measured, leave, endAndPromote };
}

/** Acts at the bounds: heads are called, miss their turns, or are absent, and places age out. */
async function measureLongActs(
  { redis, room }: Line,
  { bounds, longActs, capacity }: RedisQueueSize,
): Promise<Record<LongAct, LongActFigures>> {
  const { timed, changeRules } = room;
  const run = (call: ReturnType<typeof changeRules>) => redis.scripts(1, () => call);
  const promote = () => timed.promote(MAIN_ROOM, 0, IDLE_AFTER_MS);
  const some = () => measureOneByOne(redis, (act) => act < longActs ? promote() : null);
  // The calls before were made by Redis's own clock.
  room.pass(Date.now() - room.nowMs());
  await run(promote());

  const turns = () => redis.command("ZCARD", room.keyOf("turns")).then(Number);
  // While time passes a batch of turns ends at each step, and more than enough are left then.
  const batches = longActs + WINDOW_MS / STEP_MS + 2;
  const freed = capacity + batches * bounds.promotionBatch;
  await run(changeRules({ capacity: freed }, timed));
  const promotes = await some();
  while (await turns() < freed - capacity) await run(promote());
  // Nobody is promoted while turns end and those near the front become overdue.
  await run(changeRules({ state: "HELD" }, timed));
  for (let passed = 0; passed < WINDOW_MS; passed += STEP_MS) {
    room.pass(STEP_MS);
    await run(promote());
  }
  const lapse = await some();
  while (await turns() > 0) await run(promote());
  await run(changeRules({ state: "OPEN", capacity: 1e9 }, timed));
  const absent = await some();
  await run(changeRules({ state: "HELD" }, timed));
  room.pass(400_000);
  await run(promote());
  room.pass(21_600_000);
  await run(promote());
  return { promotes, lapse, absent, ages: await some() };
}
