import type { RedisClient, Reply } from "../../../src/adapters/upstash/client.ts";
import {
  createQueueScripts,
  type QueueScripts,
} from "../../../src/adapters/upstash/queue_scripts.ts";
import { upstashQueueStore } from "../../../src/adapters/upstash/queue_store.ts";
import type { MakeScript } from "../../../src/adapters/upstash/script.ts";
import type { RedisTime } from "../../../src/adapters/upstash/redis_time.ts";
import type { FanId } from "../../../src/domain/ids.ts";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import {
  createRedisConnection,
  type RedisReply,
} from "../../../src/tools/local_cloud/redis/connection.ts";
import {
  createQueueHarness,
  type Scene,
  scene,
  TEST_SETTINGS,
  type TestSettings,
} from "../../contract/queue_store/harness.ts";
import { type TestClock, testClock } from "../../support/test_clock.ts";
import { redisKeys } from "../../support/redis_keys.ts";
import { type UpstashForTests, upstashParts } from "../../support/upstash.ts";

/** Joins that one script runs. */
const AT_ONCE = 1_000;
const EPOCH_OF_CROWD = "00000000-0000-4000-8000-000000000000";

let made = 0;

/** A queue in Redis with access to its calls before they are sent, and to its keys afterwards. */
export interface ProbedLine extends Scene {
  readonly calls: QueueScripts;
  readonly redis: RedisClient;
  readonly script: MakeScript;
  readonly prefix: string;
  keys(): Promise<string[]>;
  /** The number of members of a sorted set of the queue. */
  size(key: string): Promise<number>;
  /** What the keys hold, byte for byte. */
  dump(): Promise<Record<string, string[]>>;
  /** Lets so many fans join. Their ids are as long as `like`. */
  crowd(count: number, like?: string): Promise<void>;
}

export async function probedLine(
  { endpoint, redis }: UpstashForTests,
  chosen: Partial<TestSettings> = {},
  time?: RedisTime,
): Promise<ProbedLine> {
  const settings = { ...TEST_SETTINGS, ...chosen };
  const clock: TestClock = testClock();
  const prefix = `probe-${++made}`;
  const parts = upstashParts(endpoint, clock);
  const calls = createQueueScripts({ ...parts, settings, prefix, time: time ?? clock });
  let ids = 0;
  const queue = upstashQueueStore({ redis: parts.redis, calls, newId: () => `id-${++ids}` });
  const { wipe } = redisKeys(endpoint, prefix, clock);
  const harness = await createQueueHarness({ queue, settings, clock, forget: wipe, close: wipe });
  const own = (key: string) => `${prefix}:line:v2:{main}:${key}`;
  const keys = async () => (await parts.redis.command("KEYS", `${prefix}:*`) as string[]).sort();
  return {
    ...scene(harness),
    calls,
    keys,
    redis: parts.redis,
    script: parts.script,
    prefix,
    size: async (key: string) => Number(await parts.redis.command("ZCARD", own(key))),
    dump: async () => await dump(redis, await keys()),
    crowd: (count: number, like = "fan") => crowd(parts.redis, calls, count, like),
  };
}

const READ_BY_TYPE: Readonly<Record<string, string>> = { hash: "HGETALL", set: "SMEMBERS" };

/** The values of these keys, byte for byte, in their own order. */
async function dump(
  address: UpstashForTests["redis"],
  keys: readonly string[],
): Promise<Record<string, string[]>> {
  const connection = createRedisConnection(address);
  try {
    const read = async (...command: string[]) => plain((await connection.send([command]))[0]!);
    const dumped: Record<string, string[]> = {};
    for (const key of keys) {
      const type = await read("TYPE", key);
      const found = type === "zset"
        ? await read("ZRANGE", key, "0", "-1", "WITHSCORES")
        : await read(READ_BY_TYPE[String(type)] ?? "GET", key);
      const isPaired = type === "zset" || type === "hash";
      dumped[key] = isPaired ? pairs(found as string[]) : [String(found)];
    }
    return dumped;
  } finally {
    connection.close();
  }
}

function pairs(flat: readonly string[]): string[] {
  return flat.flatMap((text, at) => at % 2 === 0 ? [`${text} = ${flat[at + 1]}`] : []).sort();
}

/** Blocks of calls are packed bytes, so every text is read by its bytes. */
function plain(reply: RedisReply): unknown {
  if (Array.isArray(reply)) return reply.map(plain);
  return reply instanceof Uint8Array
    ? Array.from(reply, (byte) => String.fromCharCode(byte)).join("")
    : reply;
}

/** Runs the script in ARGV[1] once for each fan, who becomes its argument number ARGV[2]. */
const FOR_EACH_FAN = `
local run = loadstring('local KEYS, ARGV = ... ' .. ARGV[1])
local at, count, args, replies = tonumber(ARGV[2]), tonumber(ARGV[3]), {}, {}
for i = 1, count do args[i] = ARGV[i + 3] end
for i = count + 4, #ARGV do
  args[at] = ARGV[i]
  replies[#replies + 1] = run(KEYS, args)
end
return replies`;
/** Where `join` takes its fan. */
const FAN_AT = 4;

/**
 * Lets so many fans join, one after the other, without a round trip and a digest for each: they
 * go by numbers that are as long as what `like` goes by.
 */
async function crowd(
  redis: RedisClient,
  calls: QueueScripts,
  count: number,
  like: string,
): Promise<void> {
  const call = await calls.join(MAIN_ROOM, like as FanId, EPOCH_OF_CROWD, null);
  const { length } = String(call.args[FAN_AT - 1]);
  for (let from = 0; from < count; from += AT_ONCE) {
    const fans = Array.from(
      { length: Math.min(AT_ONCE, count - from) },
      (_, at) => `${from + at}`.padStart(length, "."),
    );
    const args = [call.script.text, FAN_AT, call.args.length, ...call.args, ...fans];
    const keys = [`${call.keys.length}`, ...call.keys];
    await redis.command("EVAL", FOR_EACH_FAN, ...keys, ...args.map(String));
  }
}

/** Bytes under the keys by Redis's own reckoning, and all that it has allocated. */
export async function memory(redis: RedisClient, keys: readonly string[]) {
  let keyBytes = 0;
  for (const key of keys) {
    keyBytes += Number(await redis.command("MEMORY", "USAGE", key, "SAMPLES", "0"));
  }
  const info = String(await redis.command("INFO", "memory"));
  return { keyBytes, usedBytes: Number(/^used_memory:(\d+)/m.exec(info)![1]) };
}

/** Durations of the scripts that ran since `SLOWLOG RESET`, in ms, longest first. */
export async function scriptDurationsMs(redis: RedisClient): Promise<number[]> {
  const entries = await redis.command("SLOWLOG", "GET", "-1") as readonly (readonly Reply[])[];
  return entries.filter(([, , , command]) => /^eval/i.test((command as string[])[0]!))
    .map(([, , microseconds]) => Number(microseconds) / 1000)
    .sort((a, b) => b - a);
}
