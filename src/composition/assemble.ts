import { accounts } from "../application/balance_service.ts";
import { requireAdmission, tellLine } from "../application/admission.ts";
import { browse } from "../application/catalogue_service.ts";
import { governedQueue } from "../application/rules_on_demand.ts";
import { keepMoving, type Tick } from "../application/maintenance.ts";
import { line } from "../application/queue_service.ts";
import { pay } from "../application/payment_service.ts";
import { readThrough } from "../application/read_through.ts";
import { reserve } from "../application/reservation_service.ts";
import { restock as restockOf } from "../application/stock_recount.ts";
import { operateRooms } from "../application/room_admin.ts";
import { runSale } from "../application/concert_admin.ts";
import { support } from "../application/support_service.ts";
import type { Config } from "../config.ts";
import type { LineSettings } from "../domain/queue.ts";
import type { RoomSettings } from "../domain/room.ts";
import type { App } from "../http/pipeline/api_env.ts";
import { createApp } from "../http/app.ts";
import { operatorTokens } from "../http/auth/operator_tokens.ts";
import { queueTokens } from "../http/auth/queue_tokens.ts";
import { userTokens } from "../http/auth/user_tokens.ts";
import type { AnyEndpoint } from "../http/pipeline/endpoint.ts";
import type { DocsAsset, ReferenceAddition } from "../http/pages/reference.ts";
import { balanceRoutes } from "../http/routes/balance.ts";
import { concertRoutes } from "../http/routes/concerts.ts";
import { healthRoutes } from "../http/routes/health.ts";
import { lineRoutes } from "../http/routes/queue.ts";
import { operatorRoutes } from "../http/routes/concert_admin.ts";
import { operatorRoomRoutes } from "../http/routes/room_admin.ts";
import { paymentRoutes } from "../http/routes/payments.ts";
import { reservationRoutes } from "../http/routes/reservations.ts";
import { roomRoutes } from "../http/routes/rooms.ts";
import { supportRoutes } from "../http/routes/support.ts";
import { requestTrace } from "../http/pipeline/server_timing.ts";
import type { Accounts } from "../ports/accounts.ts";
import type { Bookings } from "../ports/bookings.ts";
import type { Cache } from "../ports/cache.ts";
import type { Catalogue } from "../ports/catalogue.ts";
import type { Clock, NewId, Random } from "../ports/clock.ts";
import type { Gate } from "../ports/admission_check.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { RateLimiter } from "../ports/rate_limiter.ts";
import type { Records } from "../ports/support_records.ts";
import type { Report } from "../ports/report.ts";
import type { Rooms } from "../ports/rooms.ts";
import type { SeatVersions } from "../ports/seat_versions.ts";
import type { Trace } from "../ports/trace.ts";

/** The stores, in whatever technology; each counts its round trips in the trace. */
export interface Stores {
  readonly queue: QueueStore;
  readonly cache: Cache;
  readonly gate: Gate;
  readonly seatVersions: SeatVersions;
  readonly rooms: Rooms;
  readonly catalogue: Catalogue;
  readonly bookings: Bookings;
  readonly accounts: Accounts;
  readonly records: Records;
}

export interface Parts {
  readonly stores: (trace: Trace) => Stores;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: NewId;
  readonly sleep: (ms: number) => Promise<void>;
  readonly report: Report;
  readonly docsAsset: DocsAsset;
  readonly allowJoin: RateLimiter;
  /** What a kind of run adds to the API. */
  readonly addition?: {
    readonly endpoints: readonly AnyEndpoint[];
    readonly reference: ReferenceAddition;
  } | null;
}

export interface Assembled {
  readonly app: App;
  readonly tick: Tick;
  readonly stores: Stores;
}

export function lineSettings(config: Config): LineSettings {
  return {
    showUpMs: config.showUpSeconds * 1000,
    waitingTtlMs: config.waitingTtlSeconds * 1000,
  };
}

/** What a room begins with, and what is left out when one is made. */
export function firstRoomSettings(config: Config): RoomSettings {
  return {
    state: "OPEN",
    opensAtMs: null,
    capacity: config.capacity,
    admissionsPerMinute: null,
    admissionTtlMs: config.admissionTtlSeconds * 1000,
    holdTtlMs: config.holdTtlSeconds * 1000,
    pollMinSeconds: config.pollMinSeconds,
    pollMaxSeconds: config.pollMaxSeconds,
  };
}

/** The one composition: every runtime and every test builds Stanchion here. */
export function assemble(config: Config, parts: Parts): Assembled {
  const { clock, random, newId, sleep, report, docsAsset, allowJoin } = parts;
  const { trace, middleware: serverTiming } = requestTrace();
  const stores = parts.stores(trace);
  const { rooms, cache, gate, seatVersions, catalogue, bookings } = stores;

  const restock = restockOf({ rooms, queue: stores.queue, clock });
  const queue = governedQueue({ queue: stores.queue, rooms, restock, clock });
  const { waitingTtlMs } = lineSettings(config);
  const { holdTtlMs } = firstRoomSettings(config);
  const tell = tellLine({ waitingTtlMs, clock, random });
  const admission = requireAdmission(tell);
  const theLine = line({ queue, tell, allowJoin, restock });
  const tick = keepMoving({ queue, rooms, bookings, restock, clock, holdTtlMs, report });
  const cached = readThrough({ cache, clock, newId, random, sleep, report });
  const theRooms = operateRooms({
    rooms,
    queue,
    cache,
    readThrough: cached,
    tick,
    clock,
    newId,
    report,
  });
  const tokens = queueTokens(config.queueTokenSecrets);

  const endpoints = [
    ...lineRoutes({ line: theLine, queueTokens: tokens }),
    ...concertRoutes({
      browse: browse({
        gate,
        seatVersions,
        catalogue,
        readThrough: cached,
        restock,
        requireAdmission: admission,
        concertsTtlMs: config.concertsCacheTtlSeconds * 1000,
        schedulesTtlMs: config.schedulesCacheTtlSeconds * 1000,
      }),
    }),
    ...reservationRoutes({
      reserve: reserve({
        queue,
        bookings,
        seatVersions,
        requireAdmission: admission,
        newId,
        seatLimit: config.seatLimit,
      }),
    }),
    ...paymentRoutes({ pay: pay({ bookings, queue, cache, seatVersions, restock, newId }) }),
    ...balanceRoutes({
      accounts: accounts({ store: stores.accounts, currency: config.currency }),
      allowSelfCharge: config.allowSelfCharge,
    }),
    ...roomRoutes({ rooms: theRooms }),
    ...operatorRoutes({
      runSale: runSale({ catalogue, cache, seatVersions, rooms, restock, report }),
      line: theLine,
      tick,
    }),
    ...operatorRoomRoutes({ rooms: theRooms }),
    ...supportRoutes({
      support: support({ queue, records: stores.records }),
      currency: config.currency,
    }),
    ...healthRoutes({ pings: { redis: () => queue.ping(), postgres: () => catalogue.ping() } }),
    ...(parts.addition?.endpoints ?? []),
  ];
  const doors = {
    verifyUser: userTokens(config.users, clock),
    queueTokens: tokens,
    verifyOperator: operatorTokens(config.operators),
  };
  const app = createApp({
    endpoints,
    doors,
    serverTiming,
    docsAsset,
    referenceAddition: parts.addition?.reference,
    newId,
    report,
  });
  return { app, tick, stores };
}
