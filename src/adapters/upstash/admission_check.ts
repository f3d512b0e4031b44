import type { AdmissionCheck } from "../../ports/admission_check.ts";
import type { Report } from "../../ports/report.ts";
import type { KnownEntry } from "../../ports/cache.ts";
import { cacheKey, readEntry } from "./cache.ts";
import type { RedisClient, Reply } from "./client.ts";
import READ_KNOWN from "./lua/cache/read_known.lua" with { type: "text" };
import type { QueueScripts } from "./queue_scripts.ts";
import { readStanding, type StandingReader } from "./queue_replies.ts";
import type { MakeScript } from "./script.ts";

export interface AdmissionCheckOptions {
  readonly redis: RedisClient;
  readonly calls: QueueScripts;
  readonly reader: StandingReader;
  readonly script: MakeScript;
  /** The prefix of the keys of the cache. */
  readonly prefix: string;
  readonly report: Report;
}

/** One request does the admission check and the cache read. An error of the cache is a miss. */
export function upstashAdmissionCheck(
  { redis, calls, reader, script, prefix, report }: AdmissionCheckOptions,
): AdmissionCheck {
  const readKnown = script(READ_KNOWN);

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
    async checkKnown(place, reads) {
      const { reply, companion } = await redis.runWith(calls.status(place), {
        script: readKnown,
        keys: reads.map(({ key }) => cacheKey(prefix, key)),
        args: reads.map(({ known }) => known === null ? "" : `V${known}`),
      });
      const standing = readStanding(reader, place.room, reply as readonly Reply[]);
      if (companion instanceof Error) report({ what: "cache_failed", error: companion });
      const replies = companion instanceof Error ? [] : companion as readonly Reply[];
      const cached = reads.map((_, i): KnownEntry => {
        const entry = replies[i] ?? null;
        return entry === "K" ? { state: "KNOWN" } : readEntry(entry);
      });
      return { standing, cached: cached as { [Index in keyof typeof reads]: KnownEntry } };
    },
  };
}
