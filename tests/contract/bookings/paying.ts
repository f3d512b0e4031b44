import { deepEqual, equal } from "node:assert/strict";
import type { FanId } from "../../../src/domain/ids.ts";
import { assertLaws, countOf, unchanged } from "../box_office/laws.ts";
import {
  type BoxOffice,
  type ContractTest,
  type Fan,
  HOLD_TTL_MS,
  must,
  newFan,
  newPaymentId,
  newReservationId,
  newRichFan,
  nth,
  PRICE,
  putOnSale,
  refusalOf,
  rfc3339,
  RICH,
  seatsShown,
} from "../box_office/office.ts";

async function refusedPayment(
  { sql }: BoxOffice,
  fan: Fan,
  reservations: Parameters<Fan["pay"]>[0],
) {
  return refusalOf(await unchanged(sql, () => fan.pay(reservations)));
}

export function payingContract(test: ContractTest): void {
  test("`balance()` of a fan never seen is 0", async ({ accounts }) => {
    equal(await accounts.balance(`fan-${crypto.randomUUID()}` as FanId), 0);
  });

  test("`charge()` adds to the balance and to the ledger (B3)", async (office) => {
    const fan = newFan(office);
    deepEqual(JSON.parse(must(await fan.charge(700)).json), { balance: 700, currency: "KRW" });
    deepEqual(JSON.parse(must(await fan.charge(1)).json), { balance: 701, currency: "KRW" });
    equal(await office.accounts.balance(fan.fan), 701);
    await assertLaws(office.sql);
  });

  test("`pay()` debits, sells, and records each payment with its history", async (office) => {
    const { clock, sql, accounts, bookings } = office;
    const [date] = await putOnSale(office, [{ seats: 3 }]);
    const fan = await newRichFan(office);
    const held = [...must(await fan.hold(date, date.seatIds.slice(0, 2)))].reverse();
    clock.nowMs += 1;
    const { json, effects } = must(await fan.pay(held));
    const answer = JSON.parse(json);
    const paymentIds = answer.payments.map(({ paymentId }: { paymentId: string }) => paymentId);
    const paidAt = rfc3339(clock.nowMs);
    deepEqual(answer, {
      payments: held.map(({ reservationId }, index) => ({
        paymentId: paymentIds[index],
        reservationId,
        amount: PRICE,
        status: "COMPLETED",
        paidAt,
        refundedAt: null,
      })),
      totalAmount: 2 * PRICE,
      balance: RICH - 2 * PRICE,
    });
    deepEqual(effects, {
      places: [fan.place],
      concertsWithChangedSchedule: [],
      changedConcerts: [],
      rooms: [],
    });
    equal(await accounts.balance(fan.fan), RICH - 2 * PRICE);
    for (const payment of answer.payments) {
      deepEqual(await bookings.getPayment(fan.fan, payment.paymentId), {
        ...payment,
        history: [{ status: "COMPLETED", amount: PRICE, at: paidAt }],
      });
    }
    const { items } = await bookings.listReservations(fan.fan, { limit: 9, after: null });
    deepEqual(items.map(({ status }) => status), ["PAID", "PAID"]);
    const { seats } = must(await seatsShown(office, date));
    deepEqual(seats.map(({ status }) => status), ["SOLD", "SOLD", "AVAILABLE"]);
    await assertLaws(sql);
  });

  test("`getPayment()` knows no missing payment and none of another fan", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    const { json } = must(await fan.pay([await fan.holdOne(date, nth(date.seatIds, 0))]));
    const [{ paymentId }] = JSON.parse(json).payments;
    equal(await office.bookings.getPayment(newFan(office).fan, paymentId), null);
    equal(await office.bookings.getPayment(fan.fan, newPaymentId()), null);
  });

  test("`pay()` takes the last unit of a balance, and not one more (B3)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = newFan(office);
    const held = must(await fan.hold(date, date.seatIds));
    deepEqual(await refusedPayment(office, fan, held), {
      kind: "INSUFFICIENT_BALANCE",
      balance: 0,
      required: 2 * PRICE,
    });
    must(await fan.charge(2 * PRICE - 1));
    deepEqual(await refusedPayment(office, fan, held), {
      kind: "INSUFFICIENT_BALANCE",
      balance: 2 * PRICE - 1,
      required: 2 * PRICE,
    });
    must(await fan.charge(1));
    equal(JSON.parse(must(await fan.pay(held)).json).balance, 0);
  });

  test("`pay()` of a seat that costs nothing needs no balance", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1, price: 0 }]);
    const fan = newFan(office);
    const { json } = must(await fan.pay(must(await fan.hold(date, date.seatIds))));
    const { payments, totalAmount, balance } = JSON.parse(json);
    deepEqual([payments[0].amount, totalAmount, balance], [0, 0, 0]);
    equal(await office.accounts.balance(fan.fan), 0);
    await assertLaws(office.sql);
  });

  test("`pay()` names each reservation that is no live hold, and pays none", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 4 }]);
    const fan = await newRichFan(office);
    const lapsed = await fan.holdOne(date, nth(date.seatIds, 0));
    office.clock.nowMs += HOLD_TTL_MS;
    const paid = await fan.holdOne(date, nth(date.seatIds, 1));
    must(await fan.pay([paid]));
    const cancelled = await fan.holdOne(date, nth(date.seatIds, 2));
    must(await fan.cancel(cancelled));
    const live = await fan.holdOne(date, nth(date.seatIds, 3));
    deepEqual(await refusedPayment(office, fan, [paid, live, cancelled, lapsed]), {
      kind: "RESERVATION_NOT_PAYABLE",
      reservations: [
        { reservationId: paid.reservationId, status: "PAID" },
        { reservationId: cancelled.reservationId, status: "CANCELLED" },
        { reservationId: lapsed.reservationId, status: "EXPIRED" },
      ],
    });
    must(await fan.pay([live]));
  });

  test("`pay()` takes a hold to its last millisecond", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = await newRichFan(office);
    const [first, second] = must(await fan.hold(date, date.seatIds));
    office.clock.nowMs += HOLD_TTL_MS - 1;
    must(await fan.pay([first!]));
    office.clock.nowMs += 1;
    equal((await refusedPayment(office, fan, [second!])).kind, "RESERVATION_NOT_PAYABLE");
  });

  test("`pay()` of a lapsed hold is refused also when another holds the seat", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    const lapsed = await fan.holdOne(date, nth(date.seatIds, 0));
    office.clock.nowMs += HOLD_TTL_MS;
    const other = await newRichFan(office);
    const held = await other.holdOne(date, nth(date.seatIds, 0));
    deepEqual(await refusedPayment(office, fan, [lapsed]), {
      kind: "RESERVATION_NOT_PAYABLE",
      reservations: [{ reservationId: lapsed.reservationId, status: "EXPIRED" }],
    });
    must(await other.pay([held]));
  });

  test("`pay()` knows no missing reservation and none of another fan", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = await newRichFan(office);
    const own = await fan.holdOne(date, nth(date.seatIds, 0));
    const foreign = await newFan(office).holdOne(date, nth(date.seatIds, 1));
    for (const other of [foreign, { reservationId: newReservationId() }]) {
      deepEqual(await refusedPayment(office, fan, [own, other]), { kind: "RESERVATION_NOT_FOUND" });
    }
    must(await fan.pay([own]));
  });

  test("`pay()` covers dates and concerts at once, and names each place once", async (office) => {
    const [date, other] = await putOnSale(office, [{ seats: 3 }, { seats: 2 }]);
    const [elsewhere] = await putOnSale(office, [{ seats: 2, price: 5 }]);
    const fan = await newRichFan(office);
    const laterPlace = { ...fan.place, order: -8 };
    const held = [
      ...must(await fan.hold(date, date.seatIds.slice(0, 2))),
      ...must(await fan.hold(elsewhere, elsewhere.seatIds.slice(0, 1))),
      ...must(await fan.hold(other, other.seatIds.slice(1), { heldUnder: laterPlace })),
    ];
    const { json, effects } = must(await fan.pay(held));
    equal(JSON.parse(json).totalAmount, 3 * PRICE + 5);
    const byOrder = [...effects.places].sort((one, two) => one.order - two.order);
    deepEqual(byOrder, [laterPlace, fan.place]);
    equal(
      await countOf(
        office.sql,
        "select count(*) from payment_history join payments using (payment_id) where fan_id = $1",
        fan.fan,
      ),
      held.length,
    );
    await assertLaws(office.sql);
  });
}
