import type { Services } from "../application/services.ts";
import type { Config } from "../config.ts";
import type { Clock, NewId } from "../ports/clock.ts";
import type { Report } from "../ports/report.ts";
import type { MeasureRoundTrips } from "../ports/trace.ts";
import { createApp } from "./app.ts";
import { createNamedTokenVerifier } from "./auth/named_tokens.ts";
import { createQueueTokens } from "./auth/queue_tokens.ts";
import { createUserVerifier } from "./auth/user_tokens.ts";
import type { DocsAsset, ReferenceAddition } from "./pages/reference.ts";
import type { App } from "./pipeline/api_env.ts";
import type { AnyEndpoint } from "./pipeline/endpoint.ts";
import { crossOrigin } from "./pipeline/cross_origin.ts";
import { serverTiming } from "./pipeline/server_timing.ts";
import type { RandomHex } from "./pipeline/trace_context.ts";
import { auditRoutes } from "./routes/audit.ts";
import { balanceRoutes } from "./routes/balance.ts";
import { checkInRoutes } from "./routes/checkins.ts";
import { concertAdminRoutes } from "./routes/concert_admin.ts";
import { concertRoutes } from "./routes/concerts.ts";
import { healthRoutes } from "./routes/health.ts";
import { paymentRoutes } from "./routes/payments.ts";
import { queueRoutes } from "./routes/queue.ts";
import { queueAdminRoutes } from "./routes/queue_admin.ts";
import { refundRoutes } from "./routes/refunds.ts";
import { reservationRoutes } from "./routes/reservations.ts";
import { roomAdminRoutes } from "./routes/room_admin.ts";
import { roomRoutes } from "./routes/rooms.ts";
import { signingKeyRoutes } from "./routes/signing_keys.ts";
import { salesRoutes } from "./routes/sales.ts";
import { seatAdminRoutes } from "./routes/seat_admin.ts";
import { supportRoutes } from "./routes/support.ts";
import { ticketRoutes } from "./routes/tickets.ts";
import { webhookRoutes } from "./routes/webhooks.ts";

export interface ApiOptions {
  readonly services: Services;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly randomHex: RandomHex;
  readonly report: Report;
  readonly measure: MeasureRoundTrips;
  readonly docsAsset: DocsAsset;
  /** Endpoints and a part of the reference page that only one kind of run has. */
  readonly addition?: {
    readonly endpoints: readonly AnyEndpoint[];
    readonly reference: ReferenceAddition;
  } | null;
}

/** The HTTP API over the services. */
export function createApi(config: Config, options: ApiOptions): App {
  const { services, clock, newId, randomHex, report, measure, docsAsset, addition } = options;
  const queueTokens = createQueueTokens(config.queueTokenSecrets);

  const endpoints = [
    ...queueRoutes({ queue: services.queue, queueTokens }),
    ...concertRoutes({ catalogue: services.catalogue }),
    ...reservationRoutes({ reservations: services.reservations }),
    ...paymentRoutes({ payments: services.payments }),
    ...ticketRoutes({ tickets: services.tickets }),
    ...balanceRoutes({ balance: services.balance, allowSelfCharge: config.allowSelfCharge }),
    ...refundRoutes({ refunds: services.refunds }),
    ...roomRoutes({ publicRooms: services.publicRooms }),
    ...concertAdminRoutes({ concertAdmin: services.concertAdmin }),
    ...checkInRoutes({ tickets: services.tickets }),
    ...seatAdminRoutes({ concertAdmin: services.concertAdmin }),
    ...salesRoutes({ concertAdmin: services.concertAdmin }),
    ...queueAdminRoutes({ queue: services.queue, roomAdmin: services.roomAdmin }),
    ...roomAdminRoutes({ roomAdmin: services.roomAdmin }),
    ...auditRoutes({ roomAdmin: services.roomAdmin }),
    ...supportRoutes({ support: services.support, currency: config.currency }),
    ...signingKeyRoutes({ signingKeys: services.signingKeys }),
    ...webhookRoutes({
      webhooks: services.webhooks,
      allowLoopback: config.onThisMachine,
    }),
    ...healthRoutes({ pings: services.pings }),
    ...(addition?.endpoints ?? []),
  ];
  return createApp({
    endpoints,
    authentication: {
      verifyUser: createUserVerifier(config.users, { keySet: services.keySet, clock }),
      queueTokens,
      verifyOperator: createNamedTokenVerifier(config.operators),
      verifyDoor: createNamedTokenVerifier(config.doors),
    },
    serverTiming: serverTiming(measure),
    crossOrigin: crossOrigin({
      allowed: config.allowedOrigins,
      operators: config.operatorOrigins,
      allowLoopback: config.onThisMachine,
    }),
    docsAsset,
    referenceAddition: addition?.reference,
    newId,
    randomHex,
    report,
  });
}
