import type { ScheduleId } from "../../domain/ids.ts";
import type { Report } from "../../ports/report.ts";
import { SEATS_GUARD_MS, type SeatVersions } from "../../ports/seat_versions.ts";
import type { RedisClient, Reply } from "./client.ts";
import type { QueueScripts } from "./queue_scripts.ts";
import DROP_VERSIONS from "./lua/drop_versions.lua" with { type: "text" };
import KEEP_VERSION from "./lua/keep_version.lua" with { type: "text" };
import VERSION from "./lua/version.lua" with { type: "text" };
import { readStanding } from "./queue_replies.ts";
import { type RedisTime, redisTime } from "./redis_time.ts";
import type { MakeScript } from "./script.ts";

export interface UpstashSeatVersionsOptions {
  readonly redis: RedisClient;
  readonly calls: QueueScripts;
  readonly script: MakeScript;
  /** What the keys begin with. */
  readonly prefix: string;
  readonly report: Report;
  readonly time?: RedisTime;
}

/** Versions of seat maps in Redis, asked for in the request of the admission check. */
export function upstashSeatVersions(
  { redis, calls, script, prefix, report, time = redisTime }: UpstashSeatVersionsOptions,
): SeatVersions {
  const [versionScript, keepScript] = [script(VERSION), script(KEEP_VERSION)];
  const dropScript = script(DROP_VERSIONS);
  const keyOf = (date: ScheduleId) => `${prefix}:seats:v2:${date}`;

  return {
    async check(place, { concertId, scheduleId }) {
      const { reply, beside } = await redis.runWith(await calls.status(place), {
        script: versionScript,
        keys: [keyOf(scheduleId)],
        args: [time(), concertId],
      });
      const standing = readStanding(reply as readonly Reply[]);
      if (beside instanceof Error) {
        // Without a time nothing can be remembered: until the epoch is never.
        report({ what: "cache_failed", error: beside });
        return { standing, version: null, atMs: 0 };
      }
      const [version, atMs] = beside as readonly Reply[];
      return { standing, version: version === "" ? null : String(version), atMs: Number(atMs) };
    },
    async keep({ concertId, scheduleId }, { version, atMs, forMs }) {
      const args = [time(), concertId, version, atMs, atMs + forMs, SEATS_GUARD_MS];
      await redis.run({ script: keepScript, keys: [keyOf(scheduleId)], args });
    },
    async drop(dates) {
      if (dates.length === 0) return;
      const args = [time(), SEATS_GUARD_MS];
      await redis.run({ script: dropScript, keys: dates.map(keyOf), args });
    },
  };
}
