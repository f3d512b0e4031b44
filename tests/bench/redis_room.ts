import { drawValue } from "../../src/adapters/node_crypto/draw_value.ts";
import type { ScriptCall } from "../../src/adapters/upstash/client.ts";
import {
  readCounts,
  readJoined,
  readStanding,
  type StandingReader,
} from "../../src/adapters/upstash/queue_replies.ts";
import { createQueueScripts, type QueueScripts } from "../../src/adapters/upstash/queue_scripts.ts";
import { createMakeScript } from "../../src/adapters/upstash/script.ts";
import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import type { PlaceRef, Standing } from "../../src/domain/queue.ts";
import type { QueueBounds } from "../../src/domain/queue_bounds.ts";
import type { Rules } from "../../src/domain/room.ts";
import type { BenchRedis, RedisValue } from "./bench_redis.ts";
import { NothingMeasuredError } from "./measure.ts";

export const WAITING_TTL_MS = 21_600_000;
const PREFIX = "bench";
const JOINS_AT_ONCE = 10_000;
/** So small that the numbers of all calls stay below 1. */
const RANDOM_STEP = 1e-7;

/** The rules of the room, but for its capacity. */
export const BENCH_RULES: Omit<Rules, "capacity"> = {
  version: 1,
  madeAtMs: 0,
  state: "OPEN",
  opensAtMs: null,
  admissionsPerMinute: null,
  // No admission ends during the measurement.
  admissionTtlMs: 86_400_000,
  holdTtlMs: 300_000,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
  challengeAtJoin: false,
  draw: null,
};

/** A room in a real Redis, with the calls of its scripts before they are sent. */
export interface BenchRoom {
  /** By Redis's own clock, as in production. */
  readonly calls: QueueScripts;
  /** By a clock that `pass` sets forward. It begins at the present time. */
  readonly timed: QueueScripts;
  pass(ms: number): void;
  nowMs(): number;
  /** So many new fans join by Redis's own clock. Throws unless each is in this state then. */
  join(count: number, state: Standing["state"]): Promise<PlaceRef[]>;
  /** The call of a new fan who joins by Redis's own clock. */
  joinCall(): ScriptCall;
  /** The places that these replies to `joinCall`, in order, give. Throws as `join` does. */
  joined(state: Standing["state"], replies: readonly RedisValue[]): PlaceRef[];
  /** The states in these replies of `status`. */
  states(replies: readonly RedisValue[]): Standing["state"][];
  /** Throws `NothingMeasuredError` unless the replies of `status` have this state. */
  requireState(state: Standing["state"], replies: readonly RedisValue[]): void;
  /** The next version of the rules. */
  changeRules(changes: Partial<Rules>, by?: QueueScripts): ScriptCall;
  waiting(): Promise<number>;
  /** The key of this name as the queue itself names it. */
  keyOf(name: string): string;
}

export interface BenchRoomOptions {
  readonly redis: BenchRedis;
  readonly bounds: QueueBounds;
  /** Null for a room that nobody can join. */
  readonly rules: Rules | null;
}

export async function openBenchRoom(
  { redis, bounds, rules: firstRules }: BenchRoomOptions,
): Promise<BenchRoom> {
  let nowMs = Date.now();
  let rules = firstRules;
  let fans = 0;
  // It rises, so that each poll tells a later time than the one before, as do the polls of fans who
  // wait for their time. A poll sooner than told takes longer.
  let random = 0;
  const nextRandom = () => random = Math.min(random + RANDOM_STEP, 1 - RANDOM_STEP);
  const settings = { showUpMs: 60_000, waitingTtlMs: WAITING_TTL_MS };
  const make = (keyLocking: boolean, time?: () => number) =>
    createQueueScripts({
      settings,
      script: createMakeScript({ keyLocking: false }),
      keyLocking,
      prefix: PREFIX,
      random: nextRandom,
      bounds,
      ...(time ? { time } : {}),
    });
  const calls = make(false);
  const timed = make(false, () => nowMs);
  const reader: StandingReader = { ...settings, random: Math.random, drawValue, onFront() {} };
  const allKeys = make(true).counts(MAIN_ROOM).keys;
  /** Fans whose joins were made and not read yet. */
  const joining: FanId[] = [];

  function joinCall(): ScriptCall {
    // 36 characters, the length of a UUID.
    const fan = `${fans++}`.padStart(36, "fan-") as FanId;
    joining.push(fan);
    return calls.join(MAIN_ROOM, fan, null);
  }
  function joined(state: Standing["state"], replies: readonly RedisValue[]): PlaceRef[] {
    const group = joining.splice(0, replies.length);
    return replies.map((reply, at) => {
      const read = readJoined(reader, { room: MAIN_ROOM, fan: group[at]! }, list(reply));
      if (read.refused) throw new NothingMeasuredError(`a join was refused: ${read.refused}`);
      requireSame(state, read.standing.state);
      return read.place;
    });
  }

  const states = (replies: readonly RedisValue[]) =>
    replies.map((reply) => readStanding(reader, MAIN_ROOM, list(reply)).state);

  if (rules) await redis.scripts(1, () => calls.applyRules(MAIN_ROOM, "epoch", rules!, null));
  return {
    calls,
    timed,
    pass: (ms) => void (nowMs += ms),
    nowMs: () => nowMs,
    async join(count, state) {
      const places: PlaceRef[] = [];
      while (places.length < count) {
        const missing = Math.min(JOINS_AT_ONCE, count - places.length);
        places.push(...joined(state, await redis.scripts(missing, joinCall)));
      }
      return places;
    },
    joinCall,
    joined,
    states,
    requireState(state, replies) {
      for (const found of states(replies)) requireSame(state, found);
    },
    changeRules(changes, by = calls) {
      rules = { ...rules!, ...changes, version: rules!.version + 1 };
      return by.applyRules(MAIN_ROOM, "epoch", rules, null);
    },
    async waiting() {
      const [reply] = await redis.scripts(1, () => calls.counts(MAIN_ROOM));
      return readCounts(list(reply!))!.waiting;
    },
    keyOf(name) {
      const key = allKeys.find((each) => each.endsWith(`:${name}`));
      if (!key) throw new Error(`the queue has no key ${name}`);
      return key;
    },
  };
}

function requireSame(wanted: Standing["state"], state: Standing["state"]): void {
  if (state !== wanted) throw new NothingMeasuredError(`a fan is ${state}, not ${wanted}`);
}

function list(reply: RedisValue): readonly RedisValue[] {
  if (!Array.isArray(reply)) throw new NothingMeasuredError(`the reply is ${reply}, not a list`);
  return reply;
}

/** Bytes of the room's keys by MEMORY USAGE, and all that Redis has allocated. */
export async function bytesOf(redis: BenchRedis): Promise<BytesOfFan> {
  const keys = list(await redis.command("KEYS", `${PREFIX}:*`)).map(String);
  let memoryUsage = 0;
  for (const key of keys) {
    memoryUsage += Number(await redis.command("MEMORY", "USAGE", key, "SAMPLES", "0"));
  }
  return { memoryUsage, usedMemory: await redis.usedMemory() };
}

/** Growth by the fans, bytes a fan: by MEMORY USAGE of the keys, and by used_memory. */
export interface BytesOfFan {
  readonly memoryUsage: number;
  readonly usedMemory: number;
}

export function growth(before: BytesOfFan, after: BytesOfFan, fans: number): BytesOfFan {
  return {
    memoryUsage: (after.memoryUsage - before.memoryUsage) / fans,
    usedMemory: (after.usedMemory - before.usedMemory) / fans,
  };
}
