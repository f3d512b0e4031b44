import type { Challenge } from "../ports/challenge.ts";
import type { RateLimiter } from "../ports/rate_limiter.ts";
import type { SigningKeys } from "../ports/signing_keys.ts";
import type { AdmissionService } from "./admission_service.ts";
import type { BalanceService } from "./balance_service.ts";
import type { CatalogueService } from "./catalogue_service.ts";
import type { ConcertAdmin } from "./concert_admin.ts";
import type { ErasureService } from "./erasure_service.ts";
import type { IsolateActivity } from "./isolate_activity.ts";
import type { IsolateCounters } from "./isolate_counters.ts";
import type { KeySet } from "./key_set.ts";
import type { Maintenance } from "./maintenance.ts";
import type { Metrics } from "./metrics.ts";
import type { PaymentService } from "./payment_service.ts";
import type { Programme } from "./programme.ts";
import type { PublicRooms } from "./public_rooms.ts";
import type { QueueService } from "./queue_service.ts";
import type { RequestContext } from "./request_context.ts";
import type { RefundService } from "./refund_service.ts";
import type { ReservationService } from "./reservation_service.ts";
import type { RoomHistory } from "./room_history.ts";
import type { RoomAdmin } from "./room_admin.ts";
import type { SupportService } from "./support_service.ts";
import type { TicketService } from "./ticket_service.ts";
import type { WebhookService } from "./webhook_service.ts";

/** Asks one dependency whether it answers; throws when it does not. */
export type Ping = (context: RequestContext) => Promise<void>;

export interface Pings {
  readonly redis: Ping;
  readonly postgres: Ping;
  /** Whether there are keys that may verify user tokens, fetched now or earlier. */
  readonly jwks?: Ping;
}

/** Everything that Stanchion can do. The HTTP API and the cron are its callers. */
export interface Services {
  readonly queue: QueueService;
  readonly admissions: AdmissionService;
  readonly catalogue: CatalogueService;
  readonly reservations: ReservationService;
  readonly payments: PaymentService;
  readonly tickets: TicketService;
  readonly balance: BalanceService;
  readonly refunds: RefundService;
  readonly programme: Programme;
  readonly publicRooms: PublicRooms;
  /** What a page needs to show the challenge in front of a line; null if none is set up. */
  readonly challenge: Pick<Challenge, "siteKey" | "scriptUrl"> | null;
  readonly roomAdmin: RoomAdmin;
  readonly roomHistory: RoomHistory;
  readonly activity: IsolateActivity;
  readonly counters: IsolateCounters;
  readonly metrics: Metrics;
  readonly concertAdmin: ConcertAdmin;
  readonly support: SupportService;
  readonly erasure: ErasureService;
  readonly webhooks: WebhookService;
  readonly maintenance: Maintenance;
  /** The keys of user tokens; null if a secret verifies them. */
  readonly keySet: KeySet | null;
  /** Counts credentials that nobody here signed, by the network that sends them. */
  readonly limitFailedCredentials: RateLimiter;
  readonly signingKeys: Pick<SigningKeys, "publicKeys">;
  readonly pings: Pings;
}
