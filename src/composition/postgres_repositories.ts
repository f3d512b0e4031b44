import { postgresAccounts } from "../adapters/postgres/accounts.ts";
import { postgresAuditLog } from "../adapters/postgres/audit_log.ts";
import { postgresBookings } from "../adapters/postgres/bookings.ts";
import { postgresCatalogue } from "../adapters/postgres/catalogue.ts";
import { postgresFanErasure } from "../adapters/postgres/fan_erasure.ts";
import { postgresRecordedAnswers } from "../adapters/postgres/recorded_answers.ts";
import { postgresRefunds } from "../adapters/postgres/refunds.ts";
import { postgresOfficeFigures } from "../adapters/postgres/office_figures.ts";
import { postgresOutbox } from "../adapters/postgres/outbox.ts";
import { postgresRooms } from "../adapters/postgres/rooms.ts";
import { postgresSales } from "../adapters/postgres/sales.ts";
import { postgresSeating } from "../adapters/postgres/seating.ts";
import type { ActTime, Sql } from "../adapters/postgres/sql.ts";
import { postgresStockCounter } from "../adapters/postgres/stock_counter.ts";
import { postgresSupportRecords } from "../adapters/postgres/support_records.ts";
import { postgresTickets } from "../adapters/postgres/tickets.ts";
import { postgresWebhooks } from "../adapters/postgres/webhooks.ts";
import type { Config } from "../config.ts";
import { defaultRoomSettings } from "./settings.ts";
import type { Repositories } from "./stores.ts";

/** The repositories of the embedded and the remote stores: they differ in the driver alone. */
export function createPostgresRepositories(
  config: Config,
  options: { readonly sql: Sql; readonly actTime: ActTime },
): Repositories {
  const withDefaults = { ...options, defaultSettings: defaultRoomSettings(config) };
  return {
    rooms: postgresRooms(withDefaults),
    auditLog: postgresAuditLog(withDefaults),
    stockCounter: postgresStockCounter(options),
    catalogue: postgresCatalogue({ ...withDefaults, currency: config.currency }),
    seating: postgresSeating(options),
    sales: postgresSales(options),
    bookings: postgresBookings(options),
    accounts: postgresAccounts(options),
    recordedAnswers: postgresRecordedAnswers(withDefaults),
    refunds: postgresRefunds(options),
    supportRecords: postgresSupportRecords(options),
    fanErasure: postgresFanErasure(options),
    tickets: postgresTickets(options),
    webhooks: postgresWebhooks(options),
    outbox: postgresOutbox(options),
    officeFigures: postgresOfficeFigures(options),
  };
}
