import { memoryCache } from "../adapters/memory/cache.ts";
import { memoryGate } from "../adapters/memory/admission_check.ts";
import { memoryQueueStore } from "../adapters/memory/queue_store.ts";
import { memorySeatVersions } from "../adapters/memory/seat_versions.ts";
import { postgresAccounts } from "../adapters/postgres/accounts.ts";
import { postgresBookings } from "../adapters/postgres/bookings.ts";
import { postgresCatalogue } from "../adapters/postgres/catalogue.ts";
import { postgresRecords } from "../adapters/postgres/support_records.ts";
import { postgresRooms } from "../adapters/postgres/rooms.ts";
import { type ActTime, databaseTime, type Sql } from "../adapters/postgres/sql.ts";
import { firstRoomSettings, lineSettings, type Stores } from "./assemble.ts";
import type { Config } from "../config.ts";
import { traced } from "../http/pipeline/server_timing.ts";
import type { Clock, NewId } from "../ports/clock.ts";
import type { Trace } from "../ports/trace.ts";

export interface EmbeddedParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly actTime?: ActTime;
}

/** The stores of one process: line and cache in memory, the box office over any `Sql`. */
export function embeddedStores(
  config: Config,
  { sql, clock, newId, actTime = databaseTime }: EmbeddedParts,
): (trace: Trace) => Stores {
  const defaultSettings = firstRoomSettings(config);
  return (trace) => {
    const queue = memoryQueueStore({ settings: lineSettings(config), clock, newId });
    const cache = memoryCache({ clock });
    const tracedSql: Sql = (text, params) => trace.roundTrip("postgres", () => sql(text, params));
    return {
      queue: traced(queue, "redis", trace),
      cache: traced(cache, "redis", trace),
      gate: traced(memoryGate({ queue, cache }), "redis", trace),
      seatVersions: traced(memorySeatVersions({ queue, clock }), "redis", trace),
      rooms: postgresRooms({ sql: tracedSql, actTime, defaultSettings }),
      catalogue: postgresCatalogue({ sql: tracedSql, actTime, defaultSettings }),
      bookings: postgresBookings({ sql: tracedSql, actTime }),
      accounts: postgresAccounts({ sql: tracedSql, actTime }),
      records: postgresRecords({ sql: tracedSql, actTime }),
    };
  };
}
