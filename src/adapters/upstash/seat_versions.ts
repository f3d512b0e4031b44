import type { ScheduleId } from "../../domain/ids.ts";
import type { Report } from "../../ports/report.ts";
import { SEATS_GUARD_MS, type SeatVersions } from "../../ports/seat_versions.ts";
import type { RedisClient, Reply } from "./client.ts";
import type { QueueScripts } from "./queue_scripts.ts";
import DROP_VERSIONS from "./lua/seat_versions/drop_versions.lua" with { type: "text" };
import KEEP_VERSION from "./lua/seat_versions/keep_version.lua" with { type: "text" };
import VERSION from "./lua/seat_versions/version.lua" with { type: "text" };
import { readStanding, type StandingReader } from "./queue_replies.ts";
import { type RedisTime, redisTime } from "./redis_time.ts";
import type { MakeScript } from "./script.ts";

export interface UpstashSeatVersionsOptions {
  readonly redis: RedisClient;
  readonly calls: QueueScripts;
  readonly reader: StandingReader;
  readonly script: MakeScript;
  /** The prefix of the keys. */
  readonly prefix: string;
  readonly report: Report;
  readonly time?: RedisTime;
}

/** Versions of seat maps in Redis. The request of the admission check reads them too. */
export function upstashSeatVersions(
  { redis, calls, reader, script, prefix, report, time = redisTime }: UpstashSeatVersionsOptions,
): SeatVersions {
  const [versionScript, keepScript] = [script(VERSION), script(KEEP_VERSION)];
  const dropScript = script(DROP_VERSIONS);
  const keyOf = (schedule: ScheduleId) => `${prefix}:seats:v2:${schedule}`;

  return {
    async check(place, { concertId, scheduleId }) {
      const { reply, companion } = await redis.runWith(calls.status(place), {
        script: versionScript,
        keys: [keyOf(scheduleId)],
        args: [time(), concertId],
      });
      const standing = readStanding(reader, place.room, reply as readonly Reply[]);
      if (companion instanceof Error) {
        // With time 0, `keep` stores nothing: the end of the version is in the past.
        report({ what: "cache_failed", error: companion });
        return { standing, version: null, atMs: 0 };
      }
      const [version, atMs] = companion as readonly Reply[];
      return { standing, version: version === "" ? null : String(version), atMs: Number(atMs) };
    },
    async keep({ concertId, scheduleId }, { version, atMs, forMs }) {
      const args = [time(), concertId, version, atMs, atMs + forMs, SEATS_GUARD_MS];
      await redis.run({ script: keepScript, keys: [keyOf(scheduleId)], args });
    },
    async drop(schedules) {
      if (schedules.length === 0) return;
      const args = [time(), SEATS_GUARD_MS];
      await redis.run({ script: dropScript, keys: schedules.map(keyOf), args });
    },
  };
}
