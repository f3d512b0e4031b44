import { deepEqual } from "node:assert/strict";
import type { Reservation } from "../../../src/domain/booking.ts";
import type { CancelledReservation } from "../../../src/ports/bookings.ts";
import { unchanged } from "../box_office/laws.ts";
import {
  type BoxOffice,
  type ContractTest,
  HOLD_TTL_MS,
  must,
  newFan,
  newReservationId,
  newRichFan,
  nth,
  putOnSale,
  refusalOf,
  rfc3339,
} from "../box_office/office.ts";

function cancelledNow({ clock }: BoxOffice, reservation: Reservation): CancelledReservation {
  return { ...reservation, status: "CANCELLED", takenAt: rfc3339(clock.nowMs) };
}

export function cancellingContract(test: ContractTest): void {
  test("`cancel()` frees the seat at once, and that one only", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = newFan(office);
    const held = must(await fan.hold(date, date.seatIds));
    const cancelled = must(await fan.cancel(nth(held, 0)));
    deepEqual(cancelled, cancelledNow(office, held[0]!));
    const other = newFan(office);
    must(await other.hold(date, date.seatIds.slice(0, 1)));
    deepEqual(refusalOf(await other.hold(date, date.seatIds.slice(1))), {
      kind: "SEAT_UNAVAILABLE",
      seatIds: date.seatIds.slice(1),
      ownReservations: [],
    });
  });

  test("`cancel()` again gives the same and frees nothing of the next fan's", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = newFan(office);
    const reservation = await fan.holdOne(date, nth(date.seatIds, 0));
    const cancelled = must(await fan.cancel(reservation));
    const other = newFan(office);
    must(await other.hold(date, date.seatIds));
    office.clock.nowMs += 1_000;
    deepEqual(must(await unchanged(office.sql, () => fan.cancel(reservation))), cancelled);
  });

  test("`cancel()` of a paid reservation is refused", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    const reservation = await fan.holdOne(date, nth(date.seatIds, 0));
    must(await fan.pay([reservation]));
    const outcome = await unchanged(office.sql, () => fan.cancel(reservation));
    deepEqual(refusalOf(outcome), { kind: "RESERVATION_NOT_CANCELLABLE" });
  });

  test("`cancel()` of a lapsed hold never frees a seat held by another since", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = newFan(office);
    const reservation = await fan.holdOne(date, nth(date.seatIds, 0));
    office.clock.nowMs += HOLD_TTL_MS;
    const other = newFan(office);
    must(await other.hold(date, date.seatIds));
    deepEqual(must(await fan.cancel(reservation)), cancelledNow(office, reservation));
    deepEqual(refusalOf(await newFan(office).hold(date, date.seatIds)), {
      kind: "SEAT_UNAVAILABLE",
      seatIds: [...date.seatIds],
      ownReservations: [],
    });
  });

  test("`cancel()` of a lapsed or swept hold is a cancellation too", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = newFan(office);
    const [first, second] = must(await fan.hold(date, date.seatIds));
    office.clock.nowMs += HOLD_TTL_MS;
    deepEqual(must(await fan.cancel(first!)), cancelledNow(office, first!));
    await office.bookings.sweep(1000);
    deepEqual(must(await fan.cancel(second!)), cancelledNow(office, second!));
    must(await newFan(office).hold(date, date.seatIds));
  });

  test("`cancel()` knows no missing reservation and none of another fan", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const reservation = await newFan(office).holdOne(date, nth(date.seatIds, 0));
    const stranger = newFan(office);
    for (const { reservationId } of [reservation, { reservationId: newReservationId() }]) {
      const outcome = await unchanged(office.sql, () => stranger.cancel({ reservationId }));
      deepEqual(refusalOf(outcome), { kind: "RESERVATION_NOT_FOUND" });
    }
  });
}
