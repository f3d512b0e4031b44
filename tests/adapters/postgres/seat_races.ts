import { deepEqual, equal, ok } from "node:assert/strict";
import { MAX_SEATS_PER_CONCERT } from "../../../src/domain/limits.ts";
import { assertLaws } from "../../contract/box_office/laws.ts";
import { must, newFan, newRichFan, nth, putOnSale } from "../../contract/box_office/office.ts";
import { CONTENDERS, type RaceTest, rounds } from "./race.ts";

const PLAIN = { price: 0, section: null, row: null, x: null, y: null };
const ADD = { dryRun: false };
const contenders = Array.from({ length: CONTENDERS }, (_, index) => index);

export function seatRaces(test: RaceTest): void {
  test("seats that are added at once get different numbers, and are all counted", async ({ office }) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const added = await Promise.all(
      contenders.map(() => office.seating.addSeats(date, [PLAIN, PLAIN], ADD, null)),
    );
    const numbers = added.flatMap((one) => must(one).seats.map(({ seatNumber }) => seatNumber));
    deepEqual(
      numbers.sort((a, b) => a - b),
      Array.from({ length: 2 * CONTENDERS }, (_, index) => index + 2),
    );
    await assertLaws(office.sql);
  });

  test("acts that add seats at once do not pass the limit of a concert together", async ({ office }) => {
    for (let round = 0; round < rounds(10); round++) {
      const [date] = await putOnSale(office, [{ seats: 1 }, { seats: 1 }]);
      await office.sql(
        `update schedules set seat_count = ${MAX_SEATS_PER_CONCERT - 4}
          where schedule_id = $1::bigint`,
        [String(date.scheduleId)],
      );
      const added = await Promise.all(
        contenders.map(() => office.seating.addSeats(date, [PLAIN], ADD, null)),
      );
      equal(added.filter((one) => one.ok).length, 3);
    }
    await assertLaws(office.sql);
  });

  test("of a hold and a block of one seat at once, one is refused", async ({ office }) => {
    for (let round = 0; round < rounds(20); round++) {
      const [date] = await putOnSale(office, [{ seats: 1 }]);
      const seatId = nth(date.seatIds, 0);
      const [held, blocked] = await Promise.all([
        newFan(office).hold(date, [seatId]),
        office.seating.changeSeat(date, seatId, { status: "BLOCKED" }, null),
      ]);
      ok(held.ok !== blocked.ok, "both, or none");
    }
    await assertLaws(office.sql);
  });

  test("B5 B6: added, blocked, freed and paid seats neither deadlock nor miscount", async ({ office }) => {
    const [date] = await putOnSale(office, [{ seats: CONTENDERS * 2, price: 0 }]);
    await Promise.all(contenders.map(async (index) => {
      const fan = await newRichFan(office);
      const own = nth(date.seatIds, index);
      const blocked = nth(date.seatIds, CONTENDERS + index);
      must(await office.seating.changeSeat(date, blocked, { status: "BLOCKED" }, null));
      must(await fan.pay([await fan.holdOne(date, own)]));
      must(await office.seating.addSeats(date, [PLAIN], ADD, null));
      if (index % 2 === 0) {
        must(await office.seating.changeSeat(date, blocked, { status: "AVAILABLE" }, null));
      }
    }));
    const { schedules } = (await office.catalogue.get(date.concertId))!;
    const { seatCount, seatsLeft } = nth(schedules, 0);
    deepEqual([seatCount, seatsLeft], [3 * CONTENDERS, CONTENDERS + CONTENDERS / 2]);
    await assertLaws(office.sql);
  });
}
