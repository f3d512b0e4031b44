import { drawValue } from "../../../src/adapters/node_crypto/draw_value.ts";
import { createQueueScripts } from "../../../src/adapters/upstash/queue_scripts.ts";
import { upstashQueueStore } from "../../../src/adapters/upstash/queue_store.ts";
import type { Front } from "../../../src/domain/front.ts";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { UpstashEndpoint } from "../../../src/tools/local_cloud/upstash/endpoint.ts";
import { seededRandom } from "../../support/random.ts";
import { redisCommand, redisKeys } from "../../support/redis_keys.ts";
import { testClock } from "../../support/test_clock.ts";
import { upstashParts } from "../../support/upstash.ts";
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

let made = 0;

/** Lines in the Redis behind an endpoint, each with keys of its own. */
export function redisModelLines(endpoint: () => UpstashEndpoint): MakeLine {
  return async (settings, seed) => {
    const clock = testClock();
    const random = seededRandom(seed);
    const prefix = `model-${++made}`;
    const { redis, script, keyLocking } = upstashParts(endpoint(), clock);
    const { bounds } = settings;
    const keys = { script, keyLocking, prefix };
    const calls = createQueueScripts({ settings, bounds, ...keys, random, time: clock });
    let receive: (front: Front) => void = () => {};
    let ids = 0;
    let saved = 0;
    const reader = {
      ...settings,
      random,
      drawValue,
      onFront: (_: unknown, front: Front) => receive(front),
    };
    const queue = upstashQueueStore({ redis, calls, newId: () => `id-${++ids}`, reader });
    const { wipe } = redisKeys(endpoint(), prefix, clock);
    const run = (text: string, ...args: string[]) =>
      redisCommand(endpoint(), "EVAL", text, "0", ...args);
    const copies: string[] = [];

    return await Promise.resolve({
      queue,
      settings,
      clock,
      onFront(next: (front: Front) => void) {
        receive = next;
      },
      forget: wipe,
      async save() {
        const copy = `saved-${++saved}-${prefix}`;
        copies.push(copy);
        await run(COPY, prefix, copy);
        return async () => {
          await wipe();
          await run(COPY, copy, prefix);
        };
      },
      async sizes() {
        const found = await run(SIZES, prefix, MAIN_ROOM) as (string | number)[];
        const sizes: Record<string, number> = {};
        for (let i = 0; i < found.length; i += 2) {
          // The published list, and what its tokens stand for, are kept.
          if (KEPT.has(String(found[i]))) continue;
          sizes[String(found[i])] = Number(found[i + 1]);
        }
        return sizes;
      },
      async close() {
        for (const name of [prefix, ...copies]) await redisKeys(endpoint(), name, clock).wipe();
      },
    });
  };
}
