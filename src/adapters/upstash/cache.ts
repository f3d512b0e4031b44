import type { Cache, CacheEntry } from "../../ports/cache.ts";
import type { RedisClient, Reply } from "./client.ts";
import FILL from "./lua/cache/fill.lua" with { type: "text" };
import LEASE from "./lua/cache/lease.lua" with { type: "text" };
import RELEASE from "./lua/cache/release.lua" with { type: "text" };
import { type RedisTime, redisTime } from "./redis_time.ts";
import type { MakeScript } from "./script.ts";

export interface UpstashCacheOptions {
  readonly redis: RedisClient;
  readonly script: MakeScript;
  /** The prefix of the keys of this cache. */
  readonly prefix: string;
  readonly time?: RedisTime;
}

/** The cache in Redis. Value and lease share one key; scripts compare and set it atomically. */
export function upstashCache(
  { redis, script, prefix, time = redisTime }: UpstashCacheOptions,
): Cache {
  const [leaseScript, fillScript, releaseScript] = [script(LEASE), script(FILL), script(RELEASE)];
  const keyOf = (key: string) => cacheKey(prefix, key);

  return {
    async read(key) {
      return readEntry(await redis.command("GET", keyOf(key)));
    },
    async lease(key, lease, leaseTtlMs) {
      const args = [time(), lease, leaseTtlMs];
      return readEntry(await redis.run({ script: leaseScript, keys: [keyOf(key)], args }));
    },
    async fill(key, lease, json, ttlMs) {
      const args = [time(), lease, json, ttlMs];
      return await redis.run({ script: fillScript, keys: [keyOf(key)], args }) === 1;
    },
    async put(key, json, ttlMs) {
      await redis.command("SET", keyOf(key), `V${json}`, "PX", String(ttlMs));
    },
    async release(key, lease) {
      await redis.run({ script: releaseScript, keys: [keyOf(key)], args: [lease] });
    },
    async evict(keys) {
      if (keys.length > 0) await redis.command("DEL", ...keys.map(keyOf));
    },
  };
}

/** The Redis key of a cache key. */
export function cacheKey(prefix: string, key: string): string {
  return `${prefix}:cache:${key}`;
}

/** Parses the entry of a key: "V" and a value, or "L", a time, ":" and a lease; see `lease.lua`. */
export function readEntry(reply: Reply): CacheEntry {
  if (typeof reply !== "string") return { state: "EMPTY" };
  if (reply.startsWith("V")) return { state: "HIT", json: reply.slice(1) };
  return { state: "LEASED", lease: reply.slice(reply.indexOf(":") + 1) };
}
