import { postgresAccounts } from "../adapters/postgres/accounts.ts";
import { postgresBookings } from "../adapters/postgres/bookings.ts";
import { postgresCatalogue } from "../adapters/postgres/catalogue.ts";
import { neonSql } from "../adapters/postgres/neon.ts";
import { postgresRecords } from "../adapters/postgres/support_records.ts";
import { postgresRooms } from "../adapters/postgres/rooms.ts";
import { type ActTime, databaseTime } from "../adapters/postgres/sql.ts";
import { upstashCache } from "../adapters/upstash/cache.ts";
import { redisClient } from "../adapters/upstash/client.ts";
import { upstashGate } from "../adapters/upstash/admission_check.ts";
import { lineCalls } from "../adapters/upstash/queue_scripts.ts";
import { upstashQueueStore } from "../adapters/upstash/queue_store.ts";
import { type RedisTime, redisTime } from "../adapters/upstash/redis_time.ts";
import { upstashSeatVersions } from "../adapters/upstash/seat_versions.ts";
import { scripts } from "../adapters/upstash/script.ts";
import { firstRoomSettings, lineSettings, type Stores } from "./assemble.ts";
import type { Config, Remote } from "../config.ts";
import type { Clock, NewId } from "../ports/clock.ts";
import type { Report } from "../ports/report.ts";
import type { Trace } from "../ports/trace.ts";

export interface RemoteParts {
  readonly remote: Remote;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly report: Report;
  /** What every key in Redis begins with. */
  readonly prefix?: string;
  readonly redisTime?: RedisTime;
  readonly actTime?: ActTime;
}

/** The stores in the cloud: line and cache in Upstash Redis, the box office in Neon Postgres. */
export function remoteStores(
  config: Config,
  {
    remote,
    clock,
    newId,
    report,
    prefix = "stanchion",
    redisTime: time = redisTime,
    actTime = databaseTime,
  }: RemoteParts,
): (trace: Trace) => Stores {
  const defaultSettings = firstRoomSettings(config);
  return (trace) => {
    const redis = redisClient({ url: remote.redisUrl, token: remote.redisToken, clock, trace });
    const keyLocking = isUpstash(remote.redisUrl);
    const script = scripts({ keyLocking });
    const settings = lineSettings(config);
    const calls = lineCalls({ settings, script, keyLocking, prefix, time });
    const sql = neonSql({ url: remote.databaseUrl, clock, trace });
    return {
      queue: upstashQueueStore({ redis, calls, newId }),
      cache: upstashCache({ redis, script, prefix, time }),
      gate: upstashGate({ redis, calls, prefix, report }),
      seatVersions: upstashSeatVersions({ redis, calls, script, prefix, report, time }),
      rooms: postgresRooms({ sql, actTime, defaultSettings }),
      catalogue: postgresCatalogue({ sql, actTime, defaultSettings }),
      bookings: postgresBookings({ sql, actTime }),
      accounts: postgresAccounts({ sql, actTime }),
      records: postgresRecords({ sql, actTime }),
    };
  };
}

function isUpstash(url: string): boolean {
  return new URL(url).hostname.endsWith(".upstash.io");
}
