/**
 * A line in Redis: Redis's own µs and the billed commands of each call, and bytes a waiting fan, by
 * the number of fans who wait. Its rivals are in `redis_queue_rivals.ts`.
 */
import { MAIN_ROOM, type RoomId } from "../../src/domain/ids.ts";
import type { PlaceRef } from "../../src/domain/queue.ts";
import { NEAR_STEP_MS } from "../../src/domain/queue_bounds.ts";
import type { Rules } from "../../src/domain/room.ts";
import { sleep } from "../support/wait.ts";
import { type ActFigures, type LongActFigures, measureCalls } from "./act_figures.ts";
import { type BenchRedis, openBenchRedis } from "./bench_redis.ts";
import { type LongAct, measureLongActs, measureWorstActs } from "./redis_long_acts.ts";
import { measureQueueRivals, type QueueRivals } from "./redis_queue_rivals.ts";
import type { RedisQueueSize } from "./redis_queue_size.ts";
import {
  BENCH_RULES,
  type BenchRoom,
  bytesOf,
  type BytesOfFan,
  growth,
  openBenchRoom,
} from "./redis_room.ts";

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

export interface RedisQueueFigures {
  readonly waiting: number;
  readonly calls: Readonly<Record<LineCall, ActFigures>>;
  readonly rivals: QueueRivals;
  /** At the highest number of waiting fans only. */
  readonly longActs: Readonly<Record<LongAct, LongActFigures>> | null;
  /** Of a fan near the front, and of one far from it. */
  readonly bytes: { readonly near: BytesOfFan; readonly far: BytesOfFan };
}

/** An admission that ends and promotes one needs a fan of its own: so many of those who wait. */
const ENDED_SHARE = 1 / 50;
/** A prime that divides none of the sizes, so that calls go through all fans out of order. */
const STRIDE = 7_919;
const EMPTY_ROOM = "empty" as RoomId;
const IDLE_AFTER_MS = 3_600_000;

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
  // Then the near limit can rise behind those who were called.
  await sleep(NEAR_STEP_MS);
  await redis.scripts(1, () => room.calls.promote(MAIN_ROOM, 0, IDLE_AFTER_MS));
  const empty = await bytesOf(redis);
  const nearPlaces = await room.join(near, "WAITING");
  const withNear = await bytesOf(redis);
  const farPlaces = await room.join(waiting - near, "WAITING");
  const bytes = {
    near: growth(empty, withNear, near),
    far: growth(withNear, await bytesOf(redis), waiting - near),
  };
  const keys = { waiting: room.keyOf("waiting"), admitted: room.keyOf("admitted") };
  const rivals = await measureQueueRivals(redis, { ...size, waiting, keys });
  const line = { redis, room, admitted, near: nearPlaces, far: farPlaces };
  const calls = await measureLineCalls(line, size);
  const longActs = waiting === size.waiting.at(-1)
    ? { ...await measureLongActs(redis, room, size), ...await measureWorstActs(size) }
    : null;
  return { waiting, calls, rivals, longActs, bytes };
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
  const behind = near.slice(first.length + 1);
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
