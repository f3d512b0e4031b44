import { deepEqual, equal } from "node:assert/strict";
import { assertLaws } from "../../contract/box_office/laws.ts";
import {
  CURRENCY,
  must,
  newFan,
  newOnce,
  nth,
  PRICE,
  putOnSale,
  refusalOf,
} from "../../contract/box_office/office.ts";
import { behind, CONTENDERS, type RaceTest } from "./race.ts";

const ROUNDS = 10;
const PAYMENTS = 8;

export function balanceRaces(test: RaceTest): void {
  test("B3: charges and payments at once add up to the unit", async ({ office }) => {
    for (let round = 0; round < ROUNDS; round++) {
      const [date] = await putOnSale(office, [{ seats: PAYMENTS, price: 7 }]);
      const fan = newFan(office);
      must(await fan.charge(7 * PAYMENTS));
      const held = must(await fan.hold(date, date.seatIds, { seatLimit: PAYMENTS }));
      await Promise.all(held.map(async (reservation) => {
        const [paid, charged] = await Promise.all([fan.pay([reservation]), fan.charge(3)]);
        must(paid);
        must(charged);
      }));
      equal(await office.accounts.balance(fan.fan), 3 * PAYMENTS);
    }
    await assertLaws(office.sql);
  });

  test("B3: payments at once never spend a balance twice", async ({ office }) => {
    for (let round = 0; round < ROUNDS; round++) {
      const [date] = await putOnSale(office, [{ seats: CONTENDERS }]);
      const fan = newFan(office);
      must(await fan.charge(3 * PRICE + 1));
      const held = must(await fan.hold(date, date.seatIds, { seatLimit: CONTENDERS }));
      const outcomes = await Promise.all(held.map((reservation) => fan.pay([reservation])));
      equal(outcomes.filter((outcome) => outcome.ok).length, 3);
      for (const outcome of outcomes.filter((one) => !one.ok)) {
        deepEqual(refusalOf(outcome), {
          kind: "INSUFFICIENT_BALANCE",
          balance: 1,
          required: PRICE,
        });
      }
      equal(await office.accounts.balance(fan.fan), 1);
    }
    await assertLaws(office.sql);
  });

  test("B3: a payment waits for a charge that is being made, and is paid out of it", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = newFan(office);
    must(await fan.charge(1));
    const reservation = await fan.holdOne(date, nth(date.seatIds, 0));
    const charge = { fan: fan.fan, amount: PRICE, currency: CURRENCY, act: null };
    const [, paid] = await behind(
      track,
      ({ accounts }) => accounts.charge(charge, newOnce("charge")),
      () => fan.pay([reservation]),
    );
    equal(JSON.parse(must(paid).json).balance, 1);
    await assertLaws(office.sql);
  });

  test("B3: a fan's first charges at once all count", async ({ office }) => {
    const fan = newFan(office);
    await Promise.all(Array.from({ length: CONTENDERS }, () => fan.charge(11)));
    equal(await office.accounts.balance(fan.fan), 11 * CONTENDERS);
    await assertLaws(office.sql);
  });
}
