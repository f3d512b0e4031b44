import { neonSql } from "../adapters/postgres/neon.ts";
import {
  type ActTime,
  ASSERT_CURRENCY,
  databaseTime,
  watchCurrency,
} from "../adapters/postgres/sql.ts";
import { drawValue } from "../adapters/node_crypto/draw_value.ts";
import { upstashAdmissionCheck } from "../adapters/upstash/admission_check.ts";
import { upstashCache } from "../adapters/upstash/cache.ts";
import { createRedisClient } from "../adapters/upstash/client.ts";
import { createQueueScripts } from "../adapters/upstash/queue_scripts.ts";
import { upstashQueueStore } from "../adapters/upstash/queue_store.ts";
import { type RedisTime, redisTime } from "../adapters/upstash/redis_time.ts";
import { createMakeScript } from "../adapters/upstash/script.ts";
import type { Config, Remote } from "../config.ts";
import type { OtherCurrencyError } from "../domain/failures.ts";
import type { Front } from "../domain/front.ts";
import type { RoomId } from "../domain/ids.ts";
import type { Clock, NewId, Random } from "../ports/clock.ts";
import type { Report } from "../ports/report.ts";
import type { Trace } from "../ports/trace.ts";
import { createPostgresRepositories } from "./postgres_repositories.ts";
import { queueSettings } from "./settings.ts";
import type { Stores } from "./stores.ts";

export interface RemoteStoresOptions {
  readonly remote: Remote;
  readonly trace: Trace;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: Random;
  readonly report: Report;
  /** Takes the front documents that come along with answers of the queue. */
  readonly onFront: (room: RoomId, front: Front) => void;
  /** Learns that the amounts of the database are in another currency than that of the settings. */
  readonly onOtherCurrency?: (error: OtherCurrencyError) => void;
  /** The prefix of every key in Redis. */
  readonly prefix?: string;
  readonly redisTime?: RedisTime;
  readonly actTime?: ActTime;
}

/** The stores of a deployment: queue and cache in Upstash Redis, the repositories in Neon. */
export function createRemoteStores(config: Config, options: RemoteStoresOptions): Stores {
  const { remote, trace, clock, newId, random, report, onFront } = options;
  const { onOtherCurrency = () => {} } = options;
  const { prefix = "stanchion", redisTime: time = redisTime, actTime = databaseTime } = options;
  const redis = createRedisClient({ url: remote.redisUrl, token: remote.redisToken, clock, trace });
  const keyLocking = isUpstash(remote.redisUrl);
  const script = createMakeScript({ keyLocking });
  const settings = queueSettings(config);
  const calls = createQueueScripts({ settings, script, keyLocking, prefix, random, time });
  const reader = { waitingTtlMs: settings.waitingTtlMs, random, drawValue, onFront };
  const check = { text: ASSERT_CURRENCY, params: [config.currency] };
  const neon = neonSql({ url: remote.databaseUrl, clock, trace, check });
  const sql = watchCurrency(neon, onOtherCurrency);
  return {
    queue: upstashQueueStore({ redis, calls, newId, reader }),
    cache: upstashCache({ redis, script, prefix, time }),
    admissionCheck: upstashAdmissionCheck({ redis, calls, reader, script, prefix, report }),
    ...createPostgresRepositories(config, { sql, actTime }),
  };
}

function isUpstash(url: string): boolean {
  return new URL(url).hostname.endsWith(".upstash.io");
}
