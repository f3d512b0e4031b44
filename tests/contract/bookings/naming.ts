import { deepEqual } from "node:assert/strict";
import {
  ALEX,
  type ContractTest,
  fullRefusalOf,
  must,
  newFan,
  newRichFan,
  nth,
  putOnSale,
} from "../box_office/office.ts";

/** Refusals name seats by what is printed on them, in the order of the ids. */
export function namingContract(test: ContractTest): void {
  test("a refused hold or block has the names of the seats that are gone", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 3 }]);
    const seats = [nth(date.seatIds, 2), nth(date.seatIds, 0)];
    for (const seat of seats) await newFan(office).holdOne(date, seat);
    const named = [
      { section: null, row: null, label: "3" },
      { section: null, row: null, label: "1" },
    ];
    const refusal = fullRefusalOf(await newFan(office).hold(date, seats));
    deepEqual(refusal.kind === "SEAT_UNAVAILABLE" && refusal.seats, named);
    const change = { status: "BLOCKED" as const };
    const blocked = await office.seating.changeSeat(date, nth(seats, 0), change, ALEX);
    const unblocked = fullRefusalOf(blocked);
    deepEqual(unblocked.kind === "SEAT_UNAVAILABLE" && unblocked.seats, [nth(named, 0)]);
  });

  test("a refused payment has the name of each seat that cannot be paid for", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = await newRichFan(office);
    const [gone, live] = [
      await fan.holdOne(date, nth(date.seatIds, 1)),
      await fan.holdOne(date, nth(date.seatIds, 0)),
    ];
    must(await fan.cancel(gone));
    const paid = fullRefusalOf(await fan.pay([live, gone]));
    deepEqual(paid.kind === "RESERVATION_NOT_PAYABLE" && paid.reservations, [{
      reservationId: gone.reservationId,
      status: "CANCELLED",
      seat: { section: null, row: null, label: "2" },
    }]);
  });
}
