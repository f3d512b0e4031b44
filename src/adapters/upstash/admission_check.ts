import type { Gate } from "../../ports/admission_check.ts";
import type { Report } from "../../ports/report.ts";
import { cacheKey, readEntry } from "./cache.ts";
import type { RedisClient, Reply } from "./client.ts";
import type { LineCalls } from "./queue_scripts.ts";
import { readStanding } from "./queue_replies.ts";

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
      const { reply, beside } = await redis.runWith(await calls.status(place), {
        get: cacheKey(prefix, key),
      });
      const standing = readStanding(reply as readonly Reply[]);
      if (beside instanceof Error) {
        report({ what: "cache_failed", error: beside });
        return { standing, cached: { state: "EMPTY" } };
      }
      return { standing, cached: readEntry(beside) };
    },
  };
}
