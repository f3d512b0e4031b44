import { deepEqual, equal } from "node:assert/strict";
import type { ConcertId, ScheduleId, SeatId } from "../../../src/domain/ids.ts";
import { unchanged } from "../box_office/laws.ts";
import {
  type BoxOffice,
  type ContractTest,
  type DateOnSale,
  type Fan,
  HOLD_TTL_MS,
  MISSING_ID,
  must,
  newFan,
  newRichFan,
  nth,
  PRICE,
  putOnSale,
  refusalOf,
  rfc3339,
  SEAT_LIMIT,
} from "../box_office/office.ts";

/** The failure of a hold that must leave no trace. */
async function refusedHold(
  { sql }: BoxOffice,
  fan: Fan,
  date: DateOnSale,
  seatIds: readonly SeatId[],
) {
  return refusalOf(await unchanged(sql, () => fan.hold(date, seatIds)));
}

export function holdingContract(test: ContractTest): void {
  test("`holdAll()` answers each seat in the order of the request", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 3 }]);
    const wanted = [2, 0, 1].map((index) => nth(date.seatIds, index));
    const nowMs = office.clock.nowMs;
    const held = must(await newFan(office).hold(date, wanted));
    deepEqual(held.map(({ seatId, seatNumber }) => [seatId, seatNumber]), [
      [wanted[0], 3],
      [wanted[1], 1],
      [wanted[2], 2],
    ]);
    const { reservationId, ...first } = nth(held, 0);
    equal(reservationId.startsWith("rsv_"), true);
    deepEqual(first, {
      concertId: date.concertId,
      concertTitle: "Ode",
      concertStatus: "ON_SALE",
      venue: null,
      timeZone: "Asia/Seoul",
      scheduleId: date.scheduleId,
      concertAt: rfc3339(nowMs + 86_400_000),
      seatId: wanted[0],
      seatNumber: 3,
      seatLabel: "3",
      section: null,
      row: null,
      price: PRICE,
      status: "HELD",
      expiresAt: rfc3339(nowMs + HOLD_TTL_MS),
      createdAt: rfc3339(nowMs),
      ticketId: null,
    });
  });

  test("`holdAll()` takes no seat when one is gone (B2)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 5 }]);
    const other = await newRichFan(office);
    const sold = nth(date.seatIds, 4);
    const held = nth(date.seatIds, 1);
    must(await other.pay([await other.holdOne(date, sold)]));
    await other.holdOne(date, held);
    const wanted = [sold, nth(date.seatIds, 0), held];
    deepEqual(await refusedHold(office, newFan(office), date, wanted), {
      kind: "SEAT_UNAVAILABLE",
      seatIds: [sold, held],
      ownReservations: [],
    });
  });

  test("`holdAll()` never takes a sold seat, also when its hold would be over (B1)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const buyer = await newRichFan(office);
    must(await buyer.pay(must(await buyer.hold(date, date.seatIds))));
    office.clock.nowMs += HOLD_TTL_MS;
    deepEqual(await refusedHold(office, newFan(office), date, date.seatIds), {
      kind: "SEAT_UNAVAILABLE",
      seatIds: [...date.seatIds],
      ownReservations: [],
    });
  });

  test("`holdAll()` says which of the seats the fan holds already (B1)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: SEAT_LIMIT + 2 }]);
    const fan = await newRichFan(office);
    const [free, other, paid, cancelled, second, first] = date.seatIds;
    await newFan(office).holdOne(date, other!);
    must(await fan.pay([await fan.holdOne(date, paid!)]));
    must(await fan.cancel(await fan.holdOne(date, cancelled!)));
    office.clock.nowMs += 1;
    const held = must(await fan.hold(date, [first!, second!]));
    const own = held.map(({ seatId, reservationId, expiresAt }) => ({
      seatId,
      reservationId,
      expiresAt,
    }));
    const wanted = [paid!, second!, free!, other!, cancelled!, first!];
    const refusal = {
      kind: "SEAT_UNAVAILABLE",
      seatIds: [paid, second, other, first],
      ownReservations: own.toReversed(),
    };
    deepEqual(await refusedHold(office, fan, date, wanted), refusal);
    deepEqual(await refusedHold(office, newFan(office), date, wanted), {
      ...refusal,
      ownReservations: [],
    });
    office.clock.nowMs += HOLD_TTL_MS;
    deepEqual(await refusedHold(office, fan, date, wanted), {
      ...refusal,
      seatIds: [paid],
      ownReservations: [],
    });
  });

  test("`holdAll()` answers the sum of the prices and the time of the act", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const { json, replayed } = must(await newFan(office).holdAll(date, date.seatIds));
    const { reservations, ...rest } = JSON.parse(json);
    deepEqual(rest, { totalPrice: 2 * PRICE, takenAt: rfc3339(office.clock.nowMs) });
    deepEqual([reservations.length, replayed], [2, false]);
  });

  test("`holdAll()` knows no missing or withdrawn concert", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const missing = { ...date, concertId: MISSING_ID as ConcertId };
    const refusal = { kind: "CONCERT_NOT_FOUND" };
    deepEqual(await refusedHold(office, newFan(office), missing, date.seatIds), refusal);
    must(await office.catalogue.update(date.concertId, { status: "WITHDRAWN" }, null));
    deepEqual(await refusedHold(office, newFan(office), date, date.seatIds), refusal);
  });

  test("`holdAll()` knows no date of another concert", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const [foreign] = await putOnSale(office, [{ seats: 1 }]);
    for (const scheduleId of [foreign.scheduleId, MISSING_ID as ScheduleId]) {
      const wrong = { ...date, scheduleId };
      deepEqual(await refusedHold(office, newFan(office), wrong, foreign.seatIds), {
        kind: "SCHEDULE_NOT_FOUND",
      });
    }
  });

  test("`holdAll()` names the seats that are not of the date, as requested", async (office) => {
    const [date, other] = await putOnSale(office, [{ seats: 1 }, { seats: 1 }]);
    const missing = MISSING_ID as SeatId;
    const foreign = nth(other.seatIds, 0);
    const wanted = [missing, nth(date.seatIds, 0), foreign];
    deepEqual(await refusedHold(office, newFan(office), date, wanted), {
      kind: "SEAT_NOT_FOUND",
      seatIds: [missing, foreign],
    });
  });

  test("`holdAll()` is refused before the opening, to the millisecond", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1, opensInMs: 1000 }]);
    const opensAt = rfc3339(office.clock.nowMs + 1000);
    office.clock.nowMs += 999;
    deepEqual(await refusedHold(office, newFan(office), date, date.seatIds), {
      kind: "SALE_NOT_OPEN",
      opensAt,
    });
    office.clock.nowMs += 1;
    must(await newFan(office).hold(date, date.seatIds));
  });

  test("`holdAll()` takes another's hold the moment it has lapsed, unswept", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const earlier = newFan(office);
    const lapsed = must(await earlier.hold(date, date.seatIds));
    const later = newFan(office);
    office.clock.nowMs += HOLD_TTL_MS - 1;
    equal((await refusedHold(office, later, date, date.seatIds)).kind, "SEAT_UNAVAILABLE");
    office.clock.nowMs += 1;
    must(await later.hold(date, date.seatIds));
    const { items } = await office.bookings.listReservations(earlier.fan, {
      limit: 10,
      after: null,
    });
    deepEqual(items, lapsed.map((reservation) => ({ ...reservation, status: "EXPIRED" })));
  });

  test("`holdAll()` counts held and paid seats against the limit (B7)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: SEAT_LIMIT + 2 }]);
    const fan = await newRichFan(office);
    must(await fan.pay(must(await fan.hold(date, date.seatIds.slice(0, 2)))));
    must(await fan.hold(date, date.seatIds.slice(2, 3)));
    deepEqual(await refusedHold(office, fan, date, date.seatIds.slice(3, 5)), {
      kind: "SEAT_LIMIT_EXCEEDED",
      limit: SEAT_LIMIT,
      held: 3,
    });
    must(await fan.hold(date, date.seatIds.slice(3, 4)));
    const one = await refusedHold(office, fan, date, date.seatIds.slice(4, 5));
    deepEqual(one, { kind: "SEAT_LIMIT_EXCEEDED", limit: SEAT_LIMIT, held: SEAT_LIMIT });
  });

  test("`holdAll()` counts neither cancelled nor lapsed nor swept holds", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 4 * SEAT_LIMIT }]);
    const seatsFrom = (index: number) => date.seatIds.slice(index, index + SEAT_LIMIT);
    const fan = newFan(office);
    for (const reservation of must(await fan.hold(date, seatsFrom(0)))) {
      must(await fan.cancel(reservation));
    }
    must(await fan.hold(date, seatsFrom(SEAT_LIMIT)));
    office.clock.nowMs += HOLD_TTL_MS;
    must(await fan.hold(date, seatsFrom(2 * SEAT_LIMIT)));
    office.clock.nowMs += HOLD_TTL_MS;
    await office.bookings.sweep(1000);
    must(await fan.hold(date, seatsFrom(3 * SEAT_LIMIT)));
  });

  test("`holdAll()` limits a fan date by date, and fan by fan", async (office) => {
    const [date, other] = await putOnSale(office, [
      { seats: 2 * SEAT_LIMIT },
      { seats: SEAT_LIMIT },
    ]);
    const fan = newFan(office);
    must(await fan.hold(date, date.seatIds.slice(0, SEAT_LIMIT)));
    must(await fan.hold(other, other.seatIds));
    must(await newFan(office).hold(date, date.seatIds.slice(SEAT_LIMIT)));
  });
}
