import { deepEqual, equal } from "node:assert/strict";
import { assertLaws, countOf, unchanged } from "../box_office/laws.ts";
import {
  type BoxOffice,
  type ContractTest,
  HOLD_TTL_MS,
  must,
  newFan,
  newOnce,
  nth,
  putOnSale,
  seatsShown,
} from "../box_office/office.ts";

const LIMIT = 10;
const LAPSED = 2 * LIMIT + 3;
const RECORD_LIFE_MS = 25 * 3_600_000;

/** Sweeps up what other tests have left. */
async function sweepAll({ bookings }: BoxOffice): Promise<void> {
  for (let round = 0; round < 100; round++) {
    const { holds, records } = await bookings.sweep(1000);
    if (holds + records === 0) return;
  }
  throw new Error("the sweep does not come to an end");
}

export function sweepingContract(test: ContractTest): void {
  test("`sweep()` marks lapsed holds, so many at a time, and no live one", async (office) => {
    const { bookings, clock, sql } = office;
    clock.nowMs += HOLD_TTL_MS;
    await sweepAll(office);
    const [date] = await putOnSale(office, [{ seats: LAPSED + 1 }]);
    const fan = newFan(office);
    must(await fan.hold(date, date.seatIds.slice(1), { seatLimit: LAPSED }));
    clock.nowMs += 1;
    const live = await newFan(office).holdOne(date, nth(date.seatIds, 0));
    equal((await bookings.sweep(LIMIT)).holds, 0);
    clock.nowMs += HOLD_TTL_MS - 1;
    const marked = () =>
      countOf(
        sql,
        "select count(*) from reservations where fan_id = $1 and status = 'EXPIRED'",
        fan.fan,
      );
    for (const holds of [LIMIT, LIMIT, LAPSED - 2 * LIMIT, 0]) {
      const before = await marked();
      equal((await bookings.sweep(LIMIT)).holds, holds);
      equal(await marked(), before + holds);
    }
    const status =
      "select count(*) from reservations where reservation_id = $1 and status = 'HELD'";
    equal(await countOf(sql, status, live.reservationId), 1);
    await assertLaws(sql);
  });

  test("`sweep()` leaves a seat to the fan who has held it since", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    await newFan(office).holdOne(date, nth(date.seatIds, 0));
    office.clock.nowMs += HOLD_TTL_MS;
    await newFan(office).holdOne(date, nth(date.seatIds, 0));
    await sweepAll(office);
    const { seats } = must(await seatsShown(office, date));
    deepEqual(seats.map(({ status }) => status), ["HELD"]);
    await assertLaws(office.sql);
  });

  test("`sweep()` drops records older than 25 hours, so many at a time", async (office) => {
    const { accounts, bookings, clock } = office;
    clock.nowMs += RECORD_LIFE_MS + 1;
    await sweepAll(office);
    const fan = newFan(office);
    const sends = Array.from({ length: LAPSED }, () => newOnce("charge"));
    for (const once of sends) must(await fan.charge(1, once));
    clock.nowMs += RECORD_LIFE_MS;
    equal((await unchanged(office.sql, () => bookings.sweep(LIMIT))).records, 0);
    must(await fan.charge(1, nth(sends, 0)));
    equal(await accounts.balance(fan.fan), LAPSED);
    clock.nowMs += 1;
    for (const records of [LIMIT, LIMIT, LAPSED - 2 * LIMIT, 0]) {
      equal((await bookings.sweep(LIMIT)).records, records);
    }
    // The key is forgotten and can be used anew; the money stays.
    must(await fan.charge(1, nth(sends, 0)));
    equal(await accounts.balance(fan.fan), LAPSED + 1);
  });
}
