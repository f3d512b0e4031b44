import type { AdmissionCheck } from "../../ports/admission_check.ts";
import type { Report } from "../../ports/report.ts";
import { cacheKey, readEntry } from "./cache.ts";
import type { RedisClient, Reply } from "./client.ts";
import type { QueueScripts } from "./queue_scripts.ts";
import { readStanding, type StandingReader } from "./queue_replies.ts";

export interface AdmissionCheckOptions {
  readonly redis: RedisClient;
  readonly calls: QueueScripts;
  readonly reader: StandingReader;
  /** The prefix of the keys of the cache. */
  readonly prefix: string;
  readonly report: Report;
}

/** One request does the admission check and the cache read. An error of the cache is a miss. */
export function upstashAdmissionCheck(
  { redis, calls, reader, prefix, report }: AdmissionCheckOptions,
): AdmissionCheck {
  return {
    async check(place, key) {
      const { reply, companion } = await redis.runWith(calls.status(place), {
        get: cacheKey(prefix, key),
      });
      const standing = readStanding(reader, place.room, reply as readonly Reply[]);
      if (companion instanceof Error) {
        report({ what: "cache_failed", error: companion });
        return { standing, cached: { state: "EMPTY" } };
      }
      return { standing, cached: readEntry(companion) };
    },
  };
}
