import { deepEqual, equal } from "node:assert/strict";
import type { Reservation } from "../../../src/domain/booking.ts";
import type { PaymentId } from "../../../src/domain/ids.ts";
import type { PayOrder } from "../../../src/ports/bookings.ts";
import { acceptRefund } from "../../contract/refunds/concert_refunds.ts";
import { paidSeats } from "../../contract/refunds/refunding.ts";
import { assertLaws, countOf } from "../../contract/box_office/laws.ts";
import {
  ALEX,
  type BoxOffice,
  type DateOnSale,
  must,
  newFan,
  newOnce,
  newPaymentId,
  newReservationId,
  newRichFan,
  newTicketId,
  PRICE,
  putOnSale,
  refusalOf,
  RICH,
} from "../../contract/box_office/office.ts";
import { officeOver } from "./office.ts";
import { behind, inTransaction, type RaceTest, rounds } from "./race.ts";

const REFUND_ROUNDS = rounds(15);
const SEATS = 24;
const MANY_HOLDS = 5_000;
const HOLDS_OF_A_FAN = 50;
const PLAIN = { price: PRICE, section: null, row: null, x: null, y: null };

function refundOne({ refunds }: BoxOffice, paymentId: PaymentId) {
  return refunds.refund({ paymentId, act: ALEX, seatBackOnSale: true });
}

export function refundRaces(test: RaceTest): void {
  test("B3: a refund that waited for the refund of the same payment refunds nothing", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    const [paymentId] = await paidSeats(fan, date);
    const [first, second] = await behind(
      track,
      (early) => refundOne(early, paymentId!),
      () => refundOne(office, paymentId!),
    );
    deepEqual(must(second), { ...must(first), effects: null });
    equal(await office.accounts.balance(fan.fan), RICH);
    await assertLaws(office.sql);
  });

  test("B3: a batch that waited for the refund of one of its payments does the others", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 3 }]);
    const fan = await newRichFan(office);
    const payments = await paidSeats(fan, date);
    const { job } = must(await acceptRefund(office, date));
    const [, batch] = await behind(
      track,
      (early) => refundOne(early, payments[1]!),
      () => office.refunds.carryOn(job.refundId, 10),
    );
    equal(batch.refunded, 2);
    const progress = await office.refunds.get(date.concertId, job.refundId);
    deepEqual([progress?.refunded, progress?.finishedAt === null], [3, false]);
    equal(await office.accounts.balance(fan.fan), RICH);
    await assertLaws(office.sql);
  });

  test("B3: the refund of a concert counts a payment that is being made", async (track) => {
    const { office } = track;
    const [date, other] = await putOnSale(office, [{ seats: 2 }, { seats: 2 }]);
    const slow = await newRichFan(office);
    const held = must(await slow.hold(date, date.seatIds.slice(1)));
    const [, accepted] = await behind(
      track,
      async ({ bookings }) => {
        must(await bookings.pay({ fan: slow.fan, items: itemsOf(held) }, newOnce("pay")));
        // It gets a higher sequence, and ends before.
        await paidSeats(await newRichFan(office), other, other.seatIds.slice(1));
      },
      () => acceptRefund(office, date),
    );
    const { total, refundId } = must(accepted).job;
    equal(total, 2);
    equal((await office.refunds.carryOn(refundId, 10)).refunded, 2);
    equal(await office.accounts.balance(slow.fan), RICH);
  });

  test("B3 B6: refunds of one concert, all ways at once, refund each payment once", async (track) => {
    const { office } = track;
    for (let round = 0; round < REFUND_ROUNDS; round++) {
      const [date, other] = await putOnSale(office, [{ seats: SEATS }, { seats: 1 }]);
      const fans = await Promise.all(Array.from({ length: 3 }, () => newRichFan(office)));
      const payments = (await Promise.all(fans.map((fan, index) => {
        const seatIds = date.seatIds.filter((_, seat) => seat % 3 === index);
        return Promise.all(seatIds.map((seatId) => paidSeats(fan, date, [seatId], SEATS)));
      }))).flat(2);
      const { scheduleId } = date;
      const whole = must(await acceptRefund(office, date)).job;
      const ofDate = must(await acceptRefund(office, date, { scheduleId })).job;
      const carryOn = (refundId: typeof whole.refundId) => office.refunds.carryOn(refundId, SEATS);
      await Promise.all([
        carryOn(whole.refundId),
        carryOn(ofDate.refundId),
        ...payments.slice(0, 4).map((paymentId) => refundOne(office, paymentId)),
        carryOn(whole.refundId),
        newFan(office).hold(other, other.seatIds),
        office.catalogue.update(date.concertId, { status: "WITHDRAWN" }, null),
      ]);
      for (const { refundId } of [whole, ofDate]) {
        await carryOn(refundId);
        const progress = await office.refunds.get(date.concertId, refundId);
        deepEqual([progress?.refunded, progress?.amount], [SEATS, SEATS * PRICE]);
      }
      for (const { fan } of fans) equal(await office.accounts.balance(fan), RICH);
    }
    await assertLaws(office.sql);
  });

  test("B3: the refund of a withdrawn concert that is cut off ten times adds up to the unit", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: SEATS }]);
    const fan = await newRichFan(office);
    await paidSeats(fan, date, date.seatIds, SEATS);
    must(await office.catalogue.update(date.concertId, { status: "WITHDRAWN" }, null));
    const { refundId } = must(await acceptRefund(office, date)).job;
    for (let cut = 0; cut < 10; cut++) {
      // The connection ends before the commit.
      await inTransaction(track.database, async ({ sql, close }) => {
        const { refunded } = await officeOver({ sql, close }).refunds.carryOn(refundId, 2);
        equal(refunded, 2);
      });
      await office.refunds.carryOn(refundId, 2);
    }
    const half = await office.refunds.get(date.concertId, refundId);
    deepEqual([half?.refunded, half?.amount, half?.finishedAt], [20, 20 * PRICE, null]);
    equal(await office.accounts.balance(fan.fan), RICH - (SEATS - 20) * PRICE);
    await office.refunds.carryOn(refundId, SEATS);
    equal(await office.accounts.balance(fan.fan), RICH);
    await assertLaws(office.sql);
  });

  test("a withdrawal waits for a hold that is being made, and cancels it", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = await newRichFan(office);
    const [held] = await behind(
      track,
      (early) => early.bookings.holdAll(orderOf(fan, date)),
      () => office.catalogue.update(date.concertId, { status: "WITHDRAWN" }, null),
    );
    const reservations: Reservation[] = JSON.parse(must(held).json).reservations;
    deepEqual(refusalOf(await fan.pay(reservations)), {
      kind: "RESERVATION_NOT_PAYABLE",
      reservations: reservations.map(({ reservationId }) => ({
        reservationId,
        status: "CANCELLED",
      })),
    });
    await assertLaws(office.sql);
  });

  test("a withdrawal waits for seats that are being added, and locks them too", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const [added, withdrawn] = await behind(
      track,
      ({ seating }) => seating.addSeats(date, [PLAIN], { dryRun: false }, null),
      () => office.catalogue.update(date.concertId, { status: "WITHDRAWN" }, null),
    );
    must(added);
    equal(must(withdrawn).schedules[0]?.seatCount, 2);
  });

  test("a payment that waited for a withdrawal finds its hold cancelled", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    const held = must(await fan.hold(date, date.seatIds));
    const { concertId, scheduleId } = date;
    const schedules = [{ scheduleId, status: "WITHDRAWN" }] as const;
    const [, paid] = await behind(
      track,
      ({ catalogue }) => catalogue.update(concertId, { schedules }, null),
      () => fan.pay(held),
    );
    equal(refusalOf(paid).kind, "RESERVATION_NOT_PAYABLE");
    equal(await office.accounts.balance(fan.fan), RICH);
    await assertLaws(office.sql);
  });

  test("a withdrawal waits for a payment that is being made, and leaves it", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    const items = itemsOf(must(await fan.hold(date, date.seatIds)));
    const [paid] = await behind(
      track,
      ({ bookings }) => bookings.pay({ fan: fan.fan, items }, newOnce("pay")),
      () => office.catalogue.update(date.concertId, { status: "WITHDRAWN" }, null),
    );
    must(paid);
    equal(must(await refundOne(office, items[0]!.paymentId)).balance, RICH);
    await assertLaws(office.sql);
  });

  test("a withdrawal is not undone once its refund was accepted meanwhile", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const { concertId } = date;
    const [paymentId] = await paidSeats(await newRichFan(office), date);
    must(await office.catalogue.update(concertId, { status: "WITHDRAWN" }, null));
    const [, undone] = await behind(
      track,
      (early) => refundOne(early, paymentId!),
      () => office.catalogue.update(concertId, { status: "ON_SALE" }, null),
    );
    deepEqual(refusalOf(undone), { kind: "WITHDRAWAL_FINAL" });
  });

  test("B3: a correction that waited for a payment sees what it left", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = newFan(office);
    must(await fan.charge(PRICE));
    const items = itemsOf(must(await fan.hold(date, date.seatIds)));
    const order = { fan: fan.fan, amount: -1, currency: "KRW", act: ALEX };
    const [, corrected] = await behind(
      track,
      ({ bookings }) => bookings.pay({ fan: fan.fan, items }, newOnce("pay")),
      () => office.accounts.correct(order, newOnce("correct")),
    );
    deepEqual(refusalOf(corrected), { kind: "INSUFFICIENT_BALANCE", balance: 0, required: 1 });
    await assertLaws(office.sql);
  });

  test("a withdrawal cancels five thousand holds in one statement", async ({ withTimeouts }) => {
    const { office } = withTimeouts;
    const [date] = await putOnSale(office, [{ seats: MANY_HOLDS }]);
    for (let from = 0; from < MANY_HOLDS; from += HOLDS_OF_A_FAN) {
      const seatIds = date.seatIds.slice(from, from + HOLDS_OF_A_FAN);
      must(await newFan(office).hold(date, seatIds, { seatLimit: HOLDS_OF_A_FAN }));
    }
    must(await office.catalogue.update(date.concertId, { status: "WITHDRAWN" }, null));
    const cancelled = `select count(*) from reservations
      where schedule_id = $1::text::bigint and status = 'CANCELLED'`;
    equal(await countOf(office.sql, cancelled, String(date.scheduleId)), MANY_HOLDS);
    await assertLaws(office.sql);
  });
}

function itemsOf(held: readonly Reservation[]): PayOrder["items"] {
  return held.map(({ reservationId }) => ({
    reservationId,
    paymentId: newPaymentId(),
    ticketId: newTicketId(),
  }));
}

function orderOf(fan: ReturnType<typeof newFan>, date: DateOnSale) {
  const { concertId, scheduleId } = date;
  const seats = date.seatIds.map((seatId) => ({
    seatId,
    reservationId: newReservationId(),
  }));
  const limits = { holdTtlMs: 300_000, seatLimit: 4 };
  return { fan: fan.fan, place: fan.place, concertId, scheduleId, seats, ...limits };
}
