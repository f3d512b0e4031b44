import type { Services } from "../application/services.ts";
import type { Config } from "../config.ts";
import { createQueueTokens } from "./auth/queue_tokens.ts";
import type { AnyEndpoint } from "./pipeline/endpoint.ts";
import { admissionRoutes } from "./routes/admissions.ts";
import { auditRoutes } from "./routes/audit.ts";
import { balanceRoutes } from "./routes/balance.ts";
import { checkInRoutes } from "./routes/checkins.ts";
import { concertAdminRoutes } from "./routes/concert_admin.ts";
import { concertRoutes } from "./routes/concerts.ts";
import { erasureRoutes } from "./routes/erasure.ts";
import { healthRoutes } from "./routes/health.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { paymentRoutes } from "./routes/payments.ts";
import { programmeRoutes } from "./routes/programme.ts";
import { queueRoutes } from "./routes/queue.ts";
import { queueAdminRoutes } from "./routes/queue_admin.ts";
import { refundRoutes } from "./routes/refunds.ts";
import { reservationRoutes } from "./routes/reservations.ts";
import { roomHistoryRoutes } from "./routes/room_history.ts";
import { roomAdminRoutes } from "./routes/room_admin.ts";
import { roomRoutes } from "./routes/rooms.ts";
import { signingKeyRoutes } from "./routes/signing_keys.ts";
import { salesRoutes } from "./routes/sales.ts";
import { seatAdminRoutes } from "./routes/seat_admin.ts";
import { supportRoutes } from "./routes/support.ts";
import { ticketRoutes } from "./routes/tickets.ts";
import { webhookRoutes } from "./routes/webhooks.ts";

/** The endpoints of the API over the services. */
export function apiEndpoints(config: Config, services: Services): AnyEndpoint[] {
  const queueTokens = createQueueTokens(config.queueTokenSecrets);
  return [
    ...queueRoutes({ queue: services.queue, queueTokens }),
    ...admissionRoutes({ admissions: services.admissions }),
    ...programmeRoutes({ programme: services.programme }),
    ...concertRoutes({ catalogue: services.catalogue }),
    ...reservationRoutes({ reservations: services.reservations }),
    ...paymentRoutes({ payments: services.payments }),
    ...ticketRoutes({ tickets: services.tickets }),
    ...balanceRoutes({ balance: services.balance, allowSelfCharge: config.allowSelfCharge }),
    ...refundRoutes({ refunds: services.refunds }),
    ...roomRoutes({
      publicRooms: services.publicRooms,
      siteKey: services.challenge?.siteKey ?? null,
    }),
    ...concertAdminRoutes({ concertAdmin: services.concertAdmin }),
    ...checkInRoutes({ tickets: services.tickets }),
    ...seatAdminRoutes({ concertAdmin: services.concertAdmin }),
    ...salesRoutes({ concertAdmin: services.concertAdmin }),
    ...queueAdminRoutes({ queue: services.queue, roomAdmin: services.roomAdmin }),
    ...roomAdminRoutes({ roomAdmin: services.roomAdmin }),
    ...roomHistoryRoutes({ roomHistory: services.roomHistory, activity: services.activity }),
    ...metricsRoutes({ metrics: services.metrics }),
    ...auditRoutes({ roomAdmin: services.roomAdmin }),
    ...supportRoutes({ support: services.support, currency: config.currency }),
    ...erasureRoutes({ erasure: services.erasure }),
    ...signingKeyRoutes({ signingKeys: services.signingKeys }),
    ...webhookRoutes({
      webhooks: services.webhooks,
      allowLoopback: config.onThisMachine,
    }),
    ...healthRoutes({ pings: services.pings }),
  ];
}
