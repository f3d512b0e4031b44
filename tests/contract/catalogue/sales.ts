import { deepEqual, equal } from "node:assert/strict";
import type { ConcertId, FanId, RoomId, SeatId } from "../../../src/domain/ids.ts";
import {
  type ContractTest,
  MISSING_ID,
  must,
  newRichFan,
  nth,
  putOnSale,
} from "../box_office/office.ts";

const MINUTE_MS = 60_000;
const PAGE = { limit: 20, after: null };
const ALL = { scheduleId: null, seatId: null, userId: null };

/** What operators read of payments. */
export function salesContract(test: ContractTest): void {
  test("`sales.list()` finds the buyer of a seat, the seats of a buyer and those of a schedule", async (office) => {
    const { sales } = office;
    const [date, other] = await putOnSale(office, [{ seats: 2 }, { seats: 1 }]);
    const [ann, bob] = [await newRichFan(office), await newRichFan(office)];
    for (const [fan, where, index] of [[ann, date, 0], [bob, date, 1], [ann, other, 0]] as const) {
      office.clock.nowMs += 1;
      must(await fan.pay([await fan.holdOne(where, nth(where.seatIds, index))]));
    }
    const found = async (filter: Partial<typeof ALL> | object) =>
      (await sales.list(date.concertId, { ...ALL, ...filter }, PAGE))!.items.map((
        { userId, seatId },
      ): [FanId, SeatId] => [userId, seatId]);
    const [one, two, three] = [
      [ann.fan, nth(date.seatIds, 0)],
      [bob.fan, nth(date.seatIds, 1)],
      [ann.fan, nth(other.seatIds, 0)],
    ];
    deepEqual(await found({}), [three, two, one]);
    deepEqual(await found({ seatId: nth(date.seatIds, 1) }), [two]);
    deepEqual(await found({ scheduleId: other.scheduleId }), [three]);
    deepEqual(await found({ scheduleId: other.scheduleId, seatId: nth(date.seatIds, 0) }), []);
    deepEqual(await found({ userId: ann.fan }), [three, one]);
    equal(await sales.list(MISSING_ID as ConcertId, ALL, PAGE), null);
  });

  test("`sales.list()` has refunded payments, and the place of each seat", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    must(await fan.pay([await fan.holdOne(date, nth(date.seatIds, 0))]));
    const { items: [sale] } = (await office.sales.list(date.concertId, ALL, PAGE))!;
    const { seatNumber, seatLabel, section, row, amount, status } = sale!;
    deepEqual({ seatNumber, seatLabel, section, row, amount, status }, {
      seatNumber: 1,
      seatLabel: "1",
      section: null,
      row: null,
      amount: 1000,
      status: "COMPLETED",
    });
    const { paymentId, seatId } = sale!;
    const become = async (ofPayment: string, ofReservation: string) => {
      await office.sql(`update payments set ${ofPayment} where payment_id = $1`, [paymentId]);
      const text = `update reservations set status = '${ofReservation}' where seat_id = $1::bigint`;
      await office.sql(text, [String(seatId)]);
    };
    await become("status = 'REFUNDED', refunded_at = paid_at", "REFUNDED");
    const { items } = (await office.sales.list(date.concertId, ALL, PAGE))!;
    await become("status = 'COMPLETED', refunded_at = null", "PAID");
    deepEqual(items, [{ ...sale, status: "REFUNDED" }]);
  });

  test("`sales.lastHour()` counts what fans of a room held and paid in each minute", async (office) => {
    const { clock, sales } = office;
    // Other tests' holds are of another hour.
    clock.nowMs = (Math.floor(clock.nowMs / MINUTE_MS) + 120) * MINUTE_MS;
    const began = clock.nowMs;
    const [date] = await putOnSale(office, [{ seats: 4 }]);
    const fan = await newRichFan(office);
    const room = fan.place.room;
    deepEqual(await sales.lastHour(room), []);
    const [first, second, third] = [0, 1, 2].map((index) => nth(date.seatIds, index));
    const held = [await fan.holdOne(date, first!), await fan.holdOne(date, second!)];
    clock.nowMs += MINUTE_MS;
    must(await fan.pay(held));
    must(await fan.cancel(await fan.holdOne(date, third!)));
    const minute = (number: number) => new Date(began + number * MINUTE_MS).toISOString();
    const lastHour = [
      { at: minute(0), holds: 2, sales: 0, amount: 0 },
      { at: minute(1), holds: 1, sales: 2, amount: 2000 },
    ];
    deepEqual(await sales.lastHour(room), lastHour);
    deepEqual(await sales.lastHour("no-such-room" as RoomId), []);
    clock.nowMs = began + 60 * MINUTE_MS;
    deepEqual(await sales.lastHour(room), lastHour.slice(1));
  });
}
