import { postgresAccounts } from "../../../src/adapters/postgres/accounts.ts";
import { postgresAuditLog } from "../../../src/adapters/postgres/audit_log.ts";
import { postgresBookings } from "../../../src/adapters/postgres/bookings.ts";
import { postgresCatalogue } from "../../../src/adapters/postgres/catalogue.ts";
import { postgresFanErasure } from "../../../src/adapters/postgres/fan_erasure.ts";
import { postgresRecordedAnswers } from "../../../src/adapters/postgres/recorded_answers.ts";
import { postgresRefunds } from "../../../src/adapters/postgres/refunds.ts";
import { postgresOutbox } from "../../../src/adapters/postgres/outbox.ts";
import { postgresRooms } from "../../../src/adapters/postgres/rooms.ts";
import { postgresSales } from "../../../src/adapters/postgres/sales.ts";
import { postgresSeating } from "../../../src/adapters/postgres/seating.ts";
import { postgresStockCounter } from "../../../src/adapters/postgres/stock_counter.ts";
import { postgresTickets } from "../../../src/adapters/postgres/tickets.ts";
import { postgresWebhooks } from "../../../src/adapters/postgres/webhooks.ts";
import { type BoxOffice, CURRENCY, FIRST, rfc3339 } from "../../contract/box_office/office.ts";

const TEST_BEGINS_MS = Date.UTC(2027, 0, 1);

/** The PostgreSQL adapters over one `Sql`, deciding by a clock of the test's. */
export function officeOver(
  { sql, close }: Pick<BoxOffice, "sql" | "close">,
  clock = { nowMs: TEST_BEGINS_MS },
): BoxOffice {
  const parts = { sql, actTime: () => rfc3339(clock.nowMs) };
  const defaultSettings = FIRST;
  return {
    catalogue: postgresCatalogue({ ...parts, defaultSettings, currency: CURRENCY }),
    seating: postgresSeating(parts),
    sales: postgresSales(parts),
    bookings: postgresBookings(parts),
    accounts: postgresAccounts(parts),
    recordedAnswers: postgresRecordedAnswers({ ...parts, defaultSettings }),
    refunds: postgresRefunds(parts),
    rooms: postgresRooms({ ...parts, defaultSettings }),
    auditLog: postgresAuditLog({ ...parts, defaultSettings }),
    stockCounter: postgresStockCounter(parts),
    fanErasure: postgresFanErasure(parts),
    tickets: postgresTickets(parts),
    webhooks: postgresWebhooks(parts),
    outbox: postgresOutbox(parts),
    clock,
    sql,
    close,
  };
}
