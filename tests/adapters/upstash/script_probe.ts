import { drawValue } from "../../../src/adapters/node_crypto/draw_value.ts";
import type { RedisClient } from "../../../src/adapters/upstash/client.ts";
import type { StandingReader } from "../../../src/adapters/upstash/queue_replies.ts";
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

let made = 0;

/** A queue in Redis with access to its calls before they are sent, and to its keys afterwards. */
export interface ProbedLine extends Scene {
  readonly calls: QueueScripts;
  readonly redis: RedisClient;
  readonly script: MakeScript;
  readonly reader: StandingReader;
  readonly prefix: string;
  keys(): Promise<string[]>;
  /** The key of this name as the queue itself names it. */
  keyOf(name: string): string;
  /** The number of members of the sorted set of this name. */
  size(name: string): Promise<number>;
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
  const random = () => 0.5;
  const { bounds } = settings;
  const options = { ...parts, settings, prefix, random, time: time ?? clock, bounds };
  const calls = createQueueScripts(options);
  let ids = 0;
  const reader = { ...settings, random, drawValue, onFront() {} };
  const queue = upstashQueueStore({
    redis: parts.redis,
    calls,
    newId: () => `id-${++ids}`,
    reader,
  });
  const { wipe } = redisKeys(endpoint, prefix, clock);
  const harness = await createQueueHarness({ queue, settings, clock, forget: wipe, close: wipe });
  // With key locking a call names all keys.
  const allKeys = createQueueScripts({ ...options, keyLocking: true }).counts(MAIN_ROOM).keys;
  function keyOf(name: string): string {
    const key = allKeys.find((each) => each.endsWith(`:${name}`));
    if (!key) throw new Error(`the queue has no key ${name}`);
    return key;
  }
  const keys = async () => (await parts.redis.command("KEYS", `${prefix}:*`) as string[]).sort();
  return {
    ...scene(harness),
    calls,
    keys,
    redis: parts.redis,
    script: parts.script,
    reader,
    prefix,
    keyOf,
    size: async (name: string) => Number(await parts.redis.command("ZCARD", keyOf(name))),
    dump: async () => await dump(redis, await keys()),
    crowd: (count: number, like = "fan") => crowd(parts.redis, calls, count, like),
  };
}

const READ_BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  hash: ["HGETALL"],
  set: ["SMEMBERS"],
  list: ["LRANGE", "0", "-1"],
  zset: ["ZRANGE", "0", "-1", "WITHSCORES"],
};

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
      const type = String(await read("TYPE", key));
      const [command, ...range] = READ_BY_TYPE[type] ?? ["GET"];
      const found = await read(command!, key, ...range);
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

/** The keys of a draw's HMAC are bytes, so every text is read by its bytes. */
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
  const call = calls.join(MAIN_ROOM, like as FanId, null);
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

/** Commands that Redis runs for an act, those inside its scripts included: what Upstash bills. */
export async function commandsOf(
  { redis }: Pick<ProbedLine, "redis">,
  act: () => Promise<unknown>,
): Promise<number> {
  await redis.command("CONFIG", "RESETSTAT");
  await act();
  const stats = String(await redis.command("INFO", "commandstats"));
  return [...stats.matchAll(/^cmdstat_(\S+?):calls=(\d+)/gm)]
    .filter(([, name]) => !/^(?:config|info|script)/.test(name!))
    .reduce((sum, [, , calls]) => sum + Number(calls), 0);
}
