import type { Gate } from "../../ports/gate.ts";
import type { Report } from "../../ports/report.ts";
import { cacheKey, readEntry } from "./cache.ts";
import type { RedisClient, Reply } from "./client.ts";
import type { LineCalls } from "./line_calls.ts";
import { readStanding } from "./queue_store.ts";

export interface GateParts {
  readonly redis: RedisClient;
  readonly calls: LineCalls;
  /** What the keys of the cache begin with. */
  readonly prefix: string;
  readonly report: Report;
}

/** The admission check and the cache read travel in one request. A broken cache is a miss. */
export function upstashGate({ redis, calls, prefix, report }: GateParts): Gate {
  return {
    async check(place, key) {
      const { reply, got } = await redis.runAndGet(
        await calls.status(place),
        cacheKey(prefix, key),
      );
      if ("error" in got) report({ what: "cache_failed", error: got.error });
      const standing = readStanding(reply as readonly Reply[]);
      return { standing, cached: readEntry("text" in got ? got.text : null) };
    },
  };
}
