import { fetchWebhookSender } from "../adapters/fetch/webhook_sender.ts";
import { memoryRateLimiter } from "../adapters/memory/rate_limiter.ts";
import { drawValue } from "../adapters/node_crypto/draw_value.ts";
import { createSigningKeys } from "../adapters/node_crypto/signing_keys.ts";
import { createDescribeLine, createRequireAdmission } from "../application/admission.ts";
import { createBalanceService } from "../application/balance_service.ts";
import { createCatalogueService } from "../application/catalogue_service.ts";
import { createConcertAdmin } from "../application/concert_admin.ts";
import { createErasureService } from "../application/erasure_service.ts";
import { createFronts } from "../application/fronts.ts";
import type { KeptFronts } from "../application/kept_fronts.ts";
import { createIsolateActivity } from "../application/isolate_activity.ts";
import type { IsolateCounters } from "../application/isolate_counters.ts";
import { createKnownRooms } from "../application/known_rooms.ts";
import { createMaintenance } from "../application/maintenance.ts";
import { createMetrics } from "../application/metrics.ts";
import { createPaymentService } from "../application/payment_service.ts";
import { createProgramme } from "../application/programme.ts";
import { createPublicRooms } from "../application/public_rooms.ts";
import { createQueueService } from "../application/queue_service.ts";
import { createReadThrough } from "../application/read_through.ts";
import { createPendingWork } from "../application/pending_work.ts";
import { createRefundService } from "../application/refund_service.ts";
import { REFUNDS_KEY } from "../application/cache_keys.ts";
import { createReservationService } from "../application/reservation_service.ts";
import { createRoomHistory } from "../application/room_history.ts";
import { createRoomAdmin } from "../application/room_admin.ts";
import { createRulesOnDemandQueue } from "../application/rules_on_demand.ts";
import { createSeatMaps } from "../application/seat_maps.ts";
import { createSeatStatuses } from "../application/seat_statuses.ts";
import { createSeatTexts } from "../application/seat_texts.ts";
import type { Services } from "../application/services.ts";
import { createStockRecount } from "../application/stock_recount.ts";
import { createSupportService } from "../application/support_service.ts";
import { createTicketCodes } from "../application/ticket_codes.ts";
import { createTicketService } from "../application/ticket_service.ts";
import { createWebhookDelivery } from "../application/webhook_delivery.ts";
import { createWebhookService } from "../application/webhook_service.ts";
import type { Config } from "../config.ts";
import type { Challenge } from "../ports/challenge.ts";
import type { Clock, NewId, Random } from "../ports/clock.ts";
import type { FrontDocuments } from "../ports/front_documents.ts";
import type { RateLimiter } from "../ports/rate_limiter.ts";
import type { Report } from "../ports/report.ts";
import type { Trace } from "../ports/trace.ts";
import type { WebhookSender } from "../ports/webhook_sender.ts";
import {
  countAdmissionCheck,
  countCache,
  countCronRuns,
  countDeliveries,
  countFronts,
} from "./counting.ts";
import { admissionsOf, challengeOf, keySetOf } from "./keys.ts";
import { defaultRoomSettings, queueSettings } from "./settings.ts";
import type { Stores } from "./stores.ts";

export interface AssembleOptions {
  readonly trace: Pick<Trace, "headers">;
  /** Those of the trace and of the reports, too. */
  readonly counters: IsolateCounters;
  readonly stores: Stores;
  readonly clock: Clock;
  readonly random: Random;
  readonly newId: NewId;
  readonly sleep: (ms: number) => Promise<void>;
  readonly report: Report;
  readonly limitJoins: RateLimiter;
  /** The front documents of this isolate. Remote stores add those that their answers bring. */
  readonly keptFronts: KeptFronts;
  /** Null where isolates share nothing. */
  readonly frontDocuments: FrontDocuments | null;
  /** By default Turnstile, if the settings name it. */
  readonly challenge?: Challenge | null;
  /** By default `fetch`. */
  readonly sendWebhook?: WebhookSender;
}

/** A load of 100,000 seats takes half a second where the machine has time. */
const MAP_FOLLOWER_DEADLINE_MS = 3_000;

/** Builds the services. Every runtime and every test builds them here. */
export function assemble(config: Config, options: AssembleOptions): Services {
  const { stores, clock, random, newId, sleep, report, limitJoins } = options;
  const { keptFronts, frontDocuments, trace, counters } = options;
  const { sendWebhook = fetchWebhookSender({ trace }) } = options;
  const { challenge = challengeOf(config, { trace }) } = options;
  const { rooms, auditLog, catalogue, bookings } = stores;
  const cache = countCache(stores.cache, counters);
  const { waitingTtlMs, showUpMs } = queueSettings(config);
  const { holdTtlMs } = defaultRoomSettings(config);

  const stockRecount = createStockRecount({
    stockCounter: stores.stockCounter,
    queue: stores.queue,
    clock,
  });
  const queue = createRulesOnDemandQueue({
    queue: stores.queue,
    rooms,
    stockCounter: stores.stockCounter,
    clock,
    report,
  });
  const knownRooms = createKnownRooms({ queue, rooms, clock });
  const ownFronts = createFronts({
    queue,
    keptFronts,
    frontDocuments,
    stockRecount,
    waitingTtlMs,
    showUpMs,
    clock,
    random,
    sleep,
    report,
  });
  const fronts = countFronts(ownFronts, counters, clock);
  const readThrough = createReadThrough({ cache, clock, newId, random, sleep, report });
  const signingKeys = createSigningKeys(config.signingKeys);
  const publicRooms = createPublicRooms({
    rooms,
    queue,
    knownRooms,
    cache,
    readThrough,
    clock,
    report,
  });
  const programme = createProgramme({
    catalogue,
    cache,
    readThrough,
    ttlMs: config.concertsCacheTtlSeconds * 1000,
    clock,
    sleep,
    report,
  });
  const describeLine = createDescribeLine({ waitingTtlMs, clock, random });
  const requireAdmission = createRequireAdmission(describeLine);
  const webhookDelivery = createWebhookDelivery({
    outbox: stores.outbox,
    send: countDeliveries(sendWebhook, counters),
    cache,
    clock,
    random,
    newId,
    report,
  });
  const refunds = createRefundService({
    refunds: stores.refunds,
    cache,
    stockRecount,
    pendingWork: createPendingWork({ cache, clock, newId, key: REFUNDS_KEY }),
    webhookDelivery,
    newId,
  });
  const ownMaintenance = createMaintenance({
    queue,
    rooms,
    bookings,
    refunds,
    stockCounter: stores.stockCounter,
    cache,
    webhookDelivery,
    clock,
    holdTtlMs,
    report,
  });
  const maintenance = countCronRuns(ownMaintenance, counters);
  const keySet = keySetOf(config, { cache, clock, report, trace });

  return {
    queue: createQueueService({
      queue,
      knownRooms,
      fronts,
      drawValue,
      describeLine,
      limitJoins,
      challenge,
      stockRecount,
      waitingTtlMs,
      clock,
      random,
      report,
    }),
    admissions: admissionsOf(config, { queue, requireAdmission, signingKeys, clock, newId }),
    catalogue: createCatalogueService({
      admissionCheck: countAdmissionCheck(stores.admissionCheck, counters),
      catalogue,
      seatMaps: createSeatMaps({
        catalogue,
        cache,
        // A map of 100,000 seats takes longer to load than other values. More loads of it at once
        // would fill the isolate.
        readThrough: createReadThrough({
          ...{ cache, clock, newId, random, sleep, report },
          followerDeadlineMs: MAP_FOLLOWER_DEADLINE_MS,
        }),
        report,
        ttlMs: config.schedulesCacheTtlSeconds * 1000,
      }),
      seatStatuses: createSeatStatuses({
        catalogue,
        cache,
        stockRecount,
        clock,
        newId,
        random,
        sleep,
        report,
      }),
      seatTexts: createSeatTexts(),
      readThrough,
      requireAdmission,
      concertsTtlMs: config.concertsCacheTtlSeconds * 1000,
      schedulesTtlMs: config.schedulesCacheTtlSeconds * 1000,
    }),
    reservations: createReservationService({
      queue,
      bookings,
      recordedAnswers: stores.recordedAnswers,
      requireAdmission,
      newId,
      seatLimit: config.seatLimit,
    }),
    payments: createPaymentService({
      bookings,
      queue,
      cache,
      stockRecount,
      webhookDelivery,
      newId,
    }),
    tickets: createTicketService({
      tickets: stores.tickets,
      codes: createTicketCodes(signingKeys),
      webhookDelivery,
    }),
    balance: createBalanceService({ accounts: stores.accounts, currency: config.currency }),
    refunds,
    programme,
    publicRooms,
    challenge,
    roomAdmin: createRoomAdmin({
      rooms,
      auditLog,
      recordedAnswers: stores.recordedAnswers,
      queue,
      publicRooms,
      cache,
      maintenance,
      hasChallenge: challenge !== null,
      newId,
    }),
    roomHistory: createRoomHistory({ queue, sales: stores.sales }),
    activity: createIsolateActivity({ clock }),
    counters,
    metrics: createMetrics({
      queue: stores.queue,
      officeFigures: stores.officeFigures,
      counters,
      clock,
      report,
    }),
    concertAdmin: createConcertAdmin({
      catalogue,
      seating: stores.seating,
      sales: stores.sales,
      queue,
      cache,
      programme,
      auditLog,
      stockRecount,
      webhookDelivery,
      report,
    }),
    support: createSupportService({ queue, supportRecords: stores.supportRecords }),
    erasure: createErasureService({ fanErasure: stores.fanErasure, queue, newId }),
    webhooks: createWebhookService({
      webhooks: stores.webhooks,
      delivery: webhookDelivery,
      newId,
    }),
    maintenance,
    signingKeys,
    keySet,
    limitFailedCredentials: memoryRateLimiter({
      limit: config.failedCredentialsPerMinute,
      windowMs: 60_000,
      clock,
    }),
    pings: {
      redis: () => queue.ping(),
      postgres: () => catalogue.ping(),
      ...(keySet ? { jwks: async (context) => void await keySet.latest(context) } : {}),
    },
  };
}
