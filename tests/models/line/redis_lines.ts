import { drawValue } from "../../../src/adapters/node_crypto/draw_value.ts";
import type { RedisClient, Reply } from "../../../src/adapters/upstash/client.ts";
import { createQueueScripts } from "../../../src/adapters/upstash/queue_scripts.ts";
import { upstashQueueStore } from "../../../src/adapters/upstash/queue_store.ts";
import { createMakeScript } from "../../../src/adapters/upstash/script.ts";
import type { Front } from "../../../src/domain/front.ts";
import { MAIN_ROOM, type RoomId } from "../../../src/domain/ids.ts";
import { seededRandom } from "../../support/random.ts";
import { testClock } from "../../support/test_clock.ts";
import type { MakeLine } from "./line.ts";

/** Copies the keys that begin with the first prefix to names with the second one. */
const COPY = `
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. ':*')) do
  redis.call('COPY', key, ARGV[2] .. string.sub(key, #ARGV[1] + 1))
end`;
const SIZES = `
local commands = { zset = 'ZCARD', hash = 'HLEN', list = 'LLEN', set = 'SCARD' }
local sizes = {}
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. ':line:*:{' .. ARGV[2] .. '}:*')) do
  local kind = redis.call('TYPE', key)['ok']
  sizes[#sizes + 1] = string.match(key, '[^:]+$')
  sizes[#sizes + 1] = redis.call(commands[kind], key)
end
return sizes`;

const KEPT = new Set(["list", "lots"]);

/** Removes all keys of a line, as a wiped Redis would. */
const WIPE =
  `for _, key in ipairs(redis.call('KEYS', ARGV[1] .. ':*')) do redis.call('DEL', key) end`;

/** Makes the scripts of a line; a negative control brings mutated ones. */
export type MakeScripts = typeof createQueueScripts;

let made = 0;

/** Lines in a Redis, each with keys of its own. */
export function redisModelLines(
  redis: () => RedisClient,
  makeScripts: MakeScripts = createQueueScripts,
): MakeLine {
  return async (settings, seed) => {
    const clock = testClock();
    const random = seededRandom(seed);
    const prefix = `model-${++made}`;
    const client = redis();
    const calls = makeScripts({
      settings,
      bounds: settings.bounds,
      script: createMakeScript({ keyLocking: false }),
      keyLocking: false,
      prefix,
      random,
      time: clock,
    });
    const prefixes = [prefix];
    let receive: (front: Front, room: RoomId) => void = () => {};
    let ids = 0;
    const queue = upstashQueueStore({
      redis: client,
      calls,
      newId: () => `id-${++ids}`,
      reader: { ...settings, random, drawValue, onFront: (room, front) => receive(front, room) },
    });

    function run(script: string, ...args: string[]): Promise<Reply> {
      return client.command("EVAL", script, "0", ...args);
    }
    const wipe = async (name: string) => void await run(WIPE, name);

    return {
      queue,
      settings,
      clock,
      onFront(next) {
        receive = next;
      },
      forget: () => wipe(prefix),
      async save() {
        const saved = `${prefix}-saved-${prefixes.length}`;
        prefixes.push(saved);
        await run(COPY, prefix, saved);
        return async () => {
          await wipe(prefix);
          await run(COPY, saved, prefix);
        };
      },
      async sizes() {
        const found = await run(SIZES, prefix, MAIN_ROOM) as readonly Reply[];
        const sizes: Record<string, number> = {};
        for (let i = 0; i < found.length; i += 2) {
          // The published list, and what its tokens stand for, are kept.
          if (!KEPT.has(String(found[i]))) sizes[String(found[i])] = Number(found[i + 1]);
        }
        return sizes;
      },
      async close() {
        for (const name of prefixes) await wipe(name);
      },
    };
  };
}
