import { deepEqual, equal } from "node:assert/strict";
import type { FanId, SeatId } from "../../../src/domain/ids.ts";
import { assertLaws, countOf } from "../../contract/box_office/laws.ts";
import {
  type BoxOffice,
  type DateOnSale,
  type Fan,
  HOLD_TTL_MS,
  must,
  newReservationId,
  newRichFan,
  nth,
  putOnSale,
  refusalOf,
  SEAT_LIMIT,
} from "../../contract/box_office/office.ts";
import { behindLock, officeAt, type RaceTest, rounds, untilWaiting } from "./race.ts";

const CROSSED_ROUNDS = rounds(40);
const CROWD_ROUNDS = rounds(15);
/** With those who hold again they leave a connection for the test itself. */
const PAYERS = 10;
const HOLDERS = 4;

const LOCK_BALANCE = "select 1 from balances where fan_id = $1::text for update";
const LOCK_SCHEDULE = "select 1 from schedules where schedule_id = $1::text::bigint for update";
const PAID = `
  select count(*) from reservations
    where fan_id = $1::text and schedule_id = $2::text::bigint and status = 'PAID'`;

/** A hold by this fan as an office decides that has another time. */
function holdIn(
  { bookings }: Pick<BoxOffice, "bookings">,
  { fan, place }: Fan,
  { concertId, scheduleId }: DateOnSale,
  seatIds: readonly SeatId[],
) {
  const seats = seatIds.map((seatId) => ({ seatId, reservationId: newReservationId() }));
  const order = { fan, place, concertId, scheduleId, seats, seatLimit: SEAT_LIMIT };
  return bookings.holdAll({ ...order, holdTtlMs: HOLD_TTL_MS });
}

async function assertLimit({ sql }: BoxOffice, fan: FanId, { scheduleId }: DateOnSale) {
  const paid = await countOf(sql, PAID, fan, String(scheduleId));
  equal(paid <= SEAT_LIMIT, true, `B7: a fan has paid for ${paid} seats of one date`);
}

/** Races between payments and holds of one fan, over the limit of seats. */
export function limitRaces(test: RaceTest): void {
  test("B7: seats of a payment that waits count for the fan, also when their holds lapse", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 2 * SEAT_LIMIT }]);
    const fan = await newRichFan(office);
    const held = must(await fan.hold(date, date.seatIds.slice(0, SEAT_LIMIT)));
    const later = officeAt(office, office.clock.nowMs + HOLD_TTL_MS);
    const lock = { text: LOCK_BALANCE, params: [fan.fan] };
    const [paid, more] = await behindLock(track, lock, async (release) => {
      const paying = fan.pay(held);
      await untilWaiting(track, 1, paying);
      const holding = holdIn(later, fan, date, date.seatIds.slice(SEAT_LIMIT));
      // A hold that the payment does not exclude ends now.
      await untilWaiting(track, 2, holding).catch(() => {});
      await release();
      return await Promise.all([paying, holding]);
    });
    must(paid);
    if (more.ok) await fan.pay(JSON.parse(more.value.json).reservations);
    await assertLimit(office, fan.fan, date);
    deepEqual(refusalOf(more), {
      kind: "SEAT_LIMIT_EXCEEDED",
      limit: SEAT_LIMIT,
      held: SEAT_LIMIT,
    });
    await assertLaws(office.sql);
  });

  test("B7: a crowd of payers in line for one date, whose holds lapse, passes no limit", async (track) => {
    const { office } = track;
    for (let round = 0; round < CROWD_ROUNDS; round++) {
      const [date] = await putOnSale(office, [{ seats: 2 * SEAT_LIMIT * PAYERS }]);
      const buyers = await Promise.all(Array.from({ length: PAYERS }, async (_, index) => {
        const own = date.seatIds.slice(2 * SEAT_LIMIT * index, 2 * SEAT_LIMIT * (index + 1));
        const fan = await newRichFan(office);
        const held = must(await fan.hold(date, own.slice(0, SEAT_LIMIT)));
        return { fan, held, others: own.slice(SEAT_LIMIT) };
      }));
      const later = officeAt(office, office.clock.nowMs + HOLD_TTL_MS);
      const lock = { text: LOCK_SCHEDULE, params: [String(date.scheduleId)] };
      await behindLock(track, lock, async (release) => {
        const paying = buyers.map(({ fan, held }) => fan.pay(held));
        await untilWaiting(track, PAYERS);
        const holding = buyers.slice(0, HOLDERS).map(async ({ fan, others }) => {
          const more = await holdIn(later, fan, date, others);
          if (more.ok) await fan.pay(JSON.parse(more.value.json).reservations);
        });
        await untilWaiting(track, PAYERS + HOLDERS, Promise.race(holding)).catch(() => {});
        await release();
        for (const outcome of await Promise.all(paying)) must(outcome);
        await Promise.all(holding);
      });
      for (const { fan } of buyers) await assertLimit(office, fan.fan, date);
    }
    await assertLaws(office.sql);
  });

  test("B6 B7: payments over two dates and holds of both, crossed, do not deadlock", async ({ office }) => {
    for (let round = 0; round < CROSSED_ROUNDS; round++) {
      const dates = await putOnSale(office, [{ seats: 3 }, { seats: 3 }]);
      const [one, two] = dates;
      const fan = await newRichFan(office);
      const [a, b] = [
        await fan.holdOne(one, nth(one.seatIds, 0)),
        await fan.holdOne(two, nth(two.seatIds, 0)),
      ];
      const [c, d] = [
        await fan.holdOne(one, nth(one.seatIds, 1)),
        await fan.holdOne(two, nth(two.seatIds, 1)),
      ];
      const outcomes = await Promise.all([
        fan.pay([a, b]),
        fan.pay([d, c]),
        fan.hold(one, [nth(one.seatIds, 2)]),
        fan.hold(two, [nth(two.seatIds, 2)]),
      ]);
      for (const outcome of outcomes) must<unknown, unknown>(outcome);
    }
    await assertLaws(office.sql);
  });
}
