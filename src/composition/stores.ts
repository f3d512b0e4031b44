import type { Accounts } from "../ports/accounts.ts";
import type { AdmissionCheck } from "../ports/admission_check.ts";
import type { AuditLog } from "../ports/audit_log.ts";
import type { Bookings } from "../ports/bookings.ts";
import type { Cache } from "../ports/cache.ts";
import type { Catalogue } from "../ports/catalogue.ts";
import type { FanErasure } from "../ports/fan_erasure.ts";
import type { RecordedAnswers } from "../ports/idempotency.ts";
import type { OfficeFigures } from "../ports/office_figures.ts";
import type { Outbox } from "../ports/outbox.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Refunds } from "../ports/refunds.ts";
import type { Rooms } from "../ports/rooms.ts";
import type { Sales } from "../ports/sales.ts";
import type { Seating } from "../ports/seating.ts";
import type { StockCounter } from "../ports/stock_counter.ts";
import type { SupportRecords } from "../ports/support_records.ts";
import type { Tickets } from "../ports/tickets.ts";
import type { Webhooks } from "../ports/webhooks.ts";

/** The ports whose state is in Redis, or in the memory of the process. */
export interface QueueStores {
  readonly queue: QueueStore;
  readonly cache: Cache;
  readonly admissionCheck: AdmissionCheck;
}

/** The ports whose state is in PostgreSQL. */
export interface Repositories {
  readonly rooms: Rooms;
  readonly auditLog: AuditLog;
  readonly stockCounter: StockCounter;
  readonly catalogue: Catalogue;
  readonly seating: Seating;
  readonly sales: Sales;
  readonly bookings: Bookings;
  readonly accounts: Accounts;
  readonly recordedAnswers: RecordedAnswers;
  readonly refunds: Refunds;
  readonly supportRecords: SupportRecords;
  readonly fanErasure: FanErasure;
  readonly tickets: Tickets;
  readonly webhooks: Webhooks;
  readonly outbox: Outbox;
  readonly officeFigures: OfficeFigures;
}

export interface Stores extends QueueStores, Repositories {}
