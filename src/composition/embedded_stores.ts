import { memoryAdmissionCheck } from "../adapters/memory/admission_check.ts";
import { memoryCache } from "../adapters/memory/cache.ts";
import { memoryQueueStore } from "../adapters/memory/queue_store.ts";
import { type ActTime, databaseTime, type Sql } from "../adapters/postgres/sql.ts";
import type { Config } from "../config.ts";
import type { Front } from "../domain/front.ts";
import type { RoomId } from "../domain/ids.ts";
import type { Clock, NewId, Random } from "../ports/clock.ts";
import type { Trace } from "../ports/trace.ts";
import { createPostgresRepositories } from "./postgres_repositories.ts";
import { queueSettings } from "./settings.ts";
import type { Stores } from "./stores.ts";
import { isEmbeddedAnswer, tracePort } from "./tracing.ts";

export interface EmbeddedStoresOptions {
  readonly sql: Sql;
  readonly trace: Trace;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly random: Random;
  /** Takes the front documents that come along with answers of the queue. */
  readonly onFront: (room: RoomId, front: Front) => void;
  readonly actTime?: ActTime;
}

/** The stores of one process: queue and cache in memory, the repositories over any `Sql`. */
export function createEmbeddedStores(
  config: Config,
  { sql, trace, clock, newId, random, onFront, actTime = databaseTime }: EmbeddedStoresOptions,
): Stores {
  const settings = queueSettings(config);
  const queue = memoryQueueStore({ settings, clock, newId, random, onFront });
  const cache = memoryCache({ clock });
  const tracedSql: Sql = (text, params) =>
    trace.roundTrip("postgres", () => sql(text, params), isEmbeddedAnswer);
  return {
    queue: tracePort(queue, "redis", trace),
    cache: tracePort(cache, "redis", trace),
    admissionCheck: tracePort(memoryAdmissionCheck({ queue, cache }), "redis", trace),
    ...createPostgresRepositories(config, { sql: tracedSql, actTime }),
  };
}
