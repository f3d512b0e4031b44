import { deepEqual, equal, notEqual } from "node:assert/strict";
import { unchanged } from "../box_office/laws.ts";
import {
  type ContractTest,
  HOLD_TTL_MS,
  must,
  newFan,
  newOnce,
  newRichFan,
  nth,
  PRICE,
  putOnSale,
  refusalOf,
  RICH,
} from "../box_office/office.ts";

const OTHER_BODY = { bodyHash: "b".repeat(64) };
const REUSED = { kind: "IDEMPOTENCY_KEY_REUSED" };
const DAY_MS = 86_400_000;

export function idempotencyContract(test: ContractTest): void {
  test("`pay()` sent again gives the same bytes and has no second effect (B4)", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = await newRichFan(office);
    const held = must(await fan.hold(date, date.seatIds));
    const once = newOnce("pay");
    const first = must(await fan.pay(held, once));
    deepEqual(first.effects.changedConcerts, [date.concertId]);
    office.clock.nowMs += HOLD_TTL_MS;
    deepEqual(must(await unchanged(office.sql, () => fan.pay(held, once))), first);
  });

  test("`charge()` sent again gives the same bytes and has no second effect", async (office) => {
    const fan = newFan(office);
    const once = newOnce("charge");
    const first = must(await fan.charge(500, once));
    must(await fan.charge(1));
    deepEqual(must(await unchanged(office.sql, () => fan.charge(500, once))), first);
    equal(await office.accounts.balance(fan.fan), 501);
  });

  test("a key sent with another body is refused", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 2 }]);
    const fan = await newRichFan(office);
    const [first, second] = must(await fan.hold(date, date.seatIds));
    const once = newOnce("pay");
    must(await fan.pay([first!], once));
    const payAgain = () => fan.pay([second!], { ...once, ...OTHER_BODY });
    deepEqual(refusalOf(await unchanged(office.sql, payAgain)), REUSED);
    const charge = newOnce("charge");
    must(await fan.charge(1, charge));
    const chargeAgain = () => fan.charge(2, { ...charge, ...OTHER_BODY });
    deepEqual(refusalOf(await unchanged(office.sql, chargeAgain)), REUSED);
  });

  test("a refusal leaves the key free, for any body", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = newFan(office);
    const held = must(await fan.hold(date, date.seatIds));
    const once = newOnce("pay");
    equal(refusalOf(await fan.pay(held, once)).kind, "INSUFFICIENT_BALANCE");
    must(await fan.charge(PRICE));
    equal(JSON.parse(must(await fan.pay(held, { ...once, ...OTHER_BODY })).json).balance, 0);
  });

  test("a key belongs to one fan", async (office) => {
    const once = newOnce("charge");
    const [fan, other] = [newFan(office), newFan(office)];
    must(await fan.charge(10, once));
    must(await other.charge(20, { ...once, ...OTHER_BODY }));
    deepEqual(
      [await office.accounts.balance(fan.fan), await office.accounts.balance(other.fan)],
      [10, 20],
    );
  });

  test("a key belongs to one route", async (office) => {
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = newFan(office);
    const once = newOnce("charge");
    must(await fan.charge(PRICE, once));
    must(await fan.charge(RICH, { ...once, route: "operator charge" }));
    const held = [await fan.holdOne(date, nth(date.seatIds, 0))];
    must(await fan.pay(held, { ...once, route: "pay" }));
    equal(await office.accounts.balance(fan.fan), RICH);
  });

  test("a replay works for at least 24 hours, sweeps and all", async (office) => {
    const fan = newFan(office);
    const once = newOnce("charge");
    const first = must(await fan.charge(5, once));
    office.clock.nowMs += DAY_MS;
    await office.bookings.sweep(1000);
    deepEqual(must(await fan.charge(5, once)), first);
    notEqual(must(await fan.charge(5)).json, first.json);
  });
}
