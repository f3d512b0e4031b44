/**
 * The queue in Redis: µs of Redis's own time a call, and bytes a waiting fan, by the number of fans
 * who wait. Its rivals are in `redis_queue_rivals.ts`.
 */
import { readJoined, readStanding } from "../../src/adapters/upstash/queue_replies.ts";
import { createQueueScripts, type QueueScripts } from "../../src/adapters/upstash/queue_scripts.ts";
import { createMakeScript } from "../../src/adapters/upstash/script.ts";
import { type FanId, MAIN_ROOM } from "../../src/domain/ids.ts";
import type { PlaceRef, QueueSettings, Standing } from "../../src/domain/queue.ts";
import type { Rules } from "../../src/domain/room.ts";
import { type BenchRedis, openBenchRedis, type RedisValue } from "./bench_redis.ts";
import { NothingMeasuredError, scattered, type Spread, spread } from "./measure.ts";
import { measureQueueRivals, type QueueRivals } from "./redis_queue_rivals.ts";

export interface RedisQueueSize {
  /** Numbers of fans who wait, ascending. */
  readonly waiting: readonly number[];
  /** Fans admitted, who fill the room: the others wait. */
  readonly capacity: number;
  readonly rounds: number;
  /** Calls a round. */
  readonly calls: number;
  /** Scans of the whole queue a round. */
  readonly scans: number;
}

export type QueueCall = "join" | "poll" | "pollAdmitted" | "end";

export interface RedisQueueFigures {
  readonly waiting: number;
  /** Redis's own time, µs a call. */
  readonly us: QueueRivals & Readonly<Record<QueueCall, Spread>>;
  /** Growth by the waiting fans, bytes a fan: by MEMORY USAGE of the keys, and by used_memory. */
  readonly bytes: { readonly memoryUsage: number; readonly usedMemory: number };
}

const SETTINGS: QueueSettings = { showUpMs: 60_000, waitingTtlMs: 21_600_000 };
/** The rules of the room, but for its capacity. */
export const BENCH_RULES: Omit<Rules, "capacity"> = {
  version: 1,
  madeAtMs: 0,
  state: "OPEN",
  opensAtMs: null,
  admissionsPerMinute: null,
  // No admission ends during the measurement, so nobody is promoted.
  admissionTtlMs: 86_400_000,
  holdTtlMs: 300_000,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
  draw: null,
};
const PREFIX = "bench";
const JOINS_AT_ONCE = 10_000;

function queueScripts(keyLocking: boolean): QueueScripts {
  return createQueueScripts({
    settings: SETTINGS,
    script: createMakeScript({ keyLocking: false }),
    keyLocking,
    prefix: PREFIX,
  });
}

/** The key of this name as the queue itself names it: with key locking a script names all. */
function keyOf(name: string): string {
  const key = queueScripts(true).counts(MAIN_ROOM).keys.find((each) => each.endsWith(`:${name}`));
  if (!key) throw new Error(`the queue has no key ${name}`);
  return key;
}

/**
 * Throws `MissingProgramError` without a redis-server, and `NothingMeasuredError` when a fan is not
 * in the state whose calls are measured. `rules` are null for a room that nobody can join.
 */
export async function measureRedisQueue(
  size: RedisQueueSize,
  rules: Rules | null = { ...BENCH_RULES, capacity: size.capacity },
): Promise<RedisQueueFigures[]> {
  const redis = await openBenchRedis();
  try {
    const calls = queueScripts(false);
    if (rules) await redis.scripts(1, () => Promise.resolve(calls.applyRules(MAIN_ROOM, rules)));
    const room = createFullRoom(redis, calls, size);
    await room.fill();
    const empty = await bytesOf(redis);
    const figures: RedisQueueFigures[] = [];
    for (const waiting of size.waiting) {
      await room.letWait(waiting);
      const { memoryUsage, usedMemory } = await bytesOf(redis);
      figures.push({
        waiting,
        us: { ...await room.measureCalls(), ...await room.measureRivals() },
        bytes: {
          memoryUsage: (memoryUsage - empty.memoryUsage) / waiting,
          usedMemory: (usedMemory - empty.usedMemory) / waiting,
        },
      });
    }
    return figures;
  } finally {
    await redis.close();
  }
}

/** A room whose capacity is taken, so that every further fan waits. */
function createFullRoom(redis: BenchRedis, calls: QueueScripts, size: RedisQueueSize) {
  let fans = 0;
  const admitted: PlaceRef[] = [];
  const waiting: PlaceRef[] = [];

  async function join(count: number, state: Standing["state"]): Promise<readonly PlaceRef[]> {
    // 36 characters, the length of a UUID.
    const group = Array.from({ length: count }, () => `${fans++}`.padStart(36, "fan-") as FanId);
    const replies = await redis.scripts(
      count,
      (call) => calls.join(MAIN_ROOM, group[call]!, "epoch", null),
    );
    return replies.map((reply, call) => {
      const joined = readJoined(MAIN_ROOM, group[call]!, list(reply));
      if (joined.refused) throw new NothingMeasuredError(`a join was refused: ${joined.refused}`);
      requireState(state, joined.standing);
      return joined.place;
    });
  }

  async function rounds(act: (round: number) => Promise<unknown>): Promise<Spread> {
    const us: number[] = [];
    for (let round = 0; round < size.rounds; round++) {
      us.push(await redis.usPerCall("evalsha", size.calls, () => act(round)));
    }
    return spread(us);
  }

  const polls = (state: Standing["state"], placeOf: (call: number) => PlaceRef) =>
    rounds(async (round) => {
      const first = round * size.calls;
      const make = (call: number) => calls.status(placeOf(first + call));
      const replies = await redis.scripts(size.calls, make);
      for (const reply of replies) requireState(state, readStanding(list(reply)));
    });

  return {
    fill: async () => void admitted.push(...await join(size.capacity, "ADMITTED")),
    async letWait(count: number): Promise<void> {
      while (waiting.length < count) {
        const missing = Math.min(JOINS_AT_ONCE, count - waiting.length);
        waiting.push(...await join(missing, "WAITING"));
      }
    },
    async measureCalls(): Promise<Record<QueueCall, Spread>> {
      const placeOf = (call: number) => waiting[scattered(call, waiting.length)]!;
      const poll = await polls("WAITING", placeOf);
      const pollAdmitted = await polls("ADMITTED", (call) => admitted[call % size.capacity]!);
      // Those who join leave again, so that as many wait in every round.
      const joined: (readonly PlaceRef[])[] = [];
      const end: number[] = [];
      const joinUs: number[] = [];
      for (let round = 0; round < size.rounds; round++) {
        const joining = async () => void joined.push(await join(size.calls, "WAITING"));
        joinUs.push(await redis.usPerCall("evalsha", size.calls, joining));
        const make = (call: number) => calls.endPlaces(MAIN_ROOM, [joined[round]![call]!]);
        end.push(
          await redis.usPerCall("evalsha", size.calls, () => redis.scripts(size.calls, make)),
        );
      }
      return { join: spread(joinUs), poll, pollAdmitted, end: spread(end) };
    },
    measureRivals: () =>
      measureQueueRivals(redis, {
        ...size,
        waiting: waiting.length,
        keys: { waiting: keyOf("waiting"), admitted: keyOf("admitted") },
      }),
  };
}

function requireState(wanted: Standing["state"], { state }: Standing): void {
  if (state !== wanted) throw new NothingMeasuredError(`a fan is ${state}, not ${wanted}`);
}

async function bytesOf(redis: BenchRedis) {
  const keys = list(await redis.command("KEYS", `${PREFIX}:*`)).map(String);
  let memoryUsage = 0;
  for (const key of keys) {
    memoryUsage += Number(await redis.command("MEMORY", "USAGE", key, "SAMPLES", "0"));
  }
  return { memoryUsage, usedMemory: await redis.usedMemory() };
}

function list(reply: RedisValue): readonly RedisValue[] {
  if (!Array.isArray(reply)) throw new NothingMeasuredError(`the reply is ${reply}, not a list`);
  return reply;
}
