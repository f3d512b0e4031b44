import type { BalanceService } from "./balance_service.ts";
import type { CatalogueService } from "./catalogue_service.ts";
import type { ConcertAdmin } from "./concert_admin.ts";
import type { Maintenance } from "./maintenance.ts";
import type { PaymentService } from "./payment_service.ts";
import type { PublicRooms } from "./public_rooms.ts";
import type { QueueService } from "./queue_service.ts";
import type { ReservationService } from "./reservation_service.ts";
import type { RoomAdmin } from "./room_admin.ts";
import type { SupportService } from "./support_service.ts";
import type { WebhookService } from "./webhook_service.ts";

/** Everything that Stanchion can do. The HTTP API and the cron are its callers. */
export interface Services {
  readonly queue: QueueService;
  readonly catalogue: CatalogueService;
  readonly reservations: ReservationService;
  readonly payments: PaymentService;
  readonly balance: BalanceService;
  readonly publicRooms: PublicRooms;
  readonly roomAdmin: RoomAdmin;
  readonly concertAdmin: ConcertAdmin;
  readonly support: SupportService;
  readonly webhooks: WebhookService;
  readonly maintenance: Maintenance;
  /** Each throws if the store does not answer. */
  readonly pings: { readonly redis: () => Promise<void>; readonly postgres: () => Promise<void> };
}
