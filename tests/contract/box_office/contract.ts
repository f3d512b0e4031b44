import { auditLogContract } from "../audit_log/recording.ts";
import { cancellingContract } from "../bookings/cancelling.ts";
import { programmeContract } from "../catalogue/programme.ts";
import { readingContract } from "../catalogue/reading.ts";
import { seatReadingContract } from "../catalogue/reading_seats.ts";
import { holdingContract } from "../bookings/holding.ts";
import { listsContract } from "../bookings/lists.ts";
import type { BoxOffice, ContractTest } from "./office.ts";
import { idempotencyContract } from "../bookings/idempotency.ts";
import { changingContract } from "../catalogue/changing.ts";
import { namingContract } from "../bookings/naming.ts";
import { payingContract } from "../bookings/paying.ts";
import { endingLobbiesContract } from "../rooms/ending_lobbies.ts";
import { openingsContract } from "../rooms/openings.ts";
import { removingRoomsContract } from "../rooms/removing.ts";
import { roomsContract } from "../rooms/rooms.ts";
import { salesContract } from "../catalogue/sales.ts";
import { schedulesContract } from "../catalogue/schedules.ts";
import { seatingContract } from "../catalogue/seating.ts";
import { erasingContract } from "../fan_erasure/erasing.ts";
import { concertRefundsContract } from "../refunds/concert_refunds.ts";
import { correctionsContract } from "../refunds/corrections.ts";
import { refundingContract } from "../refunds/refunding.ts";
import { withdrawingContract } from "../refunds/withdrawing.ts";
import { deliveriesContract } from "../webhooks/deliveries.ts";
import { eventsContract } from "../webhooks/events.ts";
import { webhooksContract } from "../webhooks/webhooks.ts";
import { schemaContract } from "./schema.ts";
import { sellOutContract } from "../bookings/sell_out.ts";
import { stockCounterContract } from "../stock_counter/counting.ts";
import { sweepingContract } from "../bookings/sweeping.ts";
import { checkingInContract } from "../tickets/checking_in.ts";
import { ticketReadingContract } from "../tickets/reading.ts";

/**
 * What every adapter of the box office's ports does. All tests share one office, and each uses its
 * own fans and concerts. The name of each test begins with `name`.
 */
export function boxOfficeContract(name: string, open: () => Promise<BoxOffice>): void {
  let opened: BoxOffice | undefined;
  Deno.test.beforeAll(async () => {
    opened = await open();
  });
  Deno.test.afterAll(async () => {
    await opened?.close();
  });

  const test: ContractTest = (what, run) => {
    Deno.test(`${name}: ${what}`, async () => {
      if (!opened) throw new Error("the office is closed");
      await run(opened);
    });
  };

  roomsContract(test);
  removingRoomsContract(test);
  openingsContract(test);
  endingLobbiesContract(test);
  auditLogContract(test);
  changingContract(test);
  schedulesContract(test);
  seatingContract(test);
  salesContract(test);
  programmeContract(test);
  readingContract(test);
  seatReadingContract(test);
  holdingContract(test);
  cancellingContract(test);
  namingContract(test);
  payingContract(test);
  sellOutContract(test);
  idempotencyContract(test);
  listsContract(test);
  ticketReadingContract(test);
  checkingInContract(test);
  refundingContract(test);
  concertRefundsContract(test);
  correctionsContract(test);
  withdrawingContract(test);
  stockCounterContract(test);
  sweepingContract(test);
  webhooksContract(test);
  eventsContract(test);
  deliveriesContract(test);
  erasingContract(test);
  schemaContract(test);
}
