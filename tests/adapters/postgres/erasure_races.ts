import { deepEqual, equal } from "node:assert/strict";
import type { FanId } from "../../../src/domain/ids.ts";
import { assertLaws } from "../../contract/box_office/laws.ts";
import {
  ALEX,
  type BoxOffice,
  CURRENCY,
  HOLD_TTL_MS,
  must,
  newFan,
  newOnce,
  nth,
  PRICE,
  putOnSale,
  refusalOf,
} from "../../contract/box_office/office.ts";
import { newPseudonym } from "../../contract/fan_erasure/pseudonyms.ts";
import { tablesWith } from "../../contract/fan_erasure/search.ts";
import { behind, CONTENDERS, type RaceTest, rounds } from "./race.ts";

const ROUNDS = 10;

function erase({ fanErasure }: BoxOffice, fan: FanId) {
  return fanErasure.erase({ fan, pseudonym: newPseudonym(), act: ALEX });
}

/** An erasure and an act of the fan at once: one of them comes first as a whole. */
export function erasureRaces(test: RaceTest): void {
  test("an erasure waits for a payment that is being made, and sees its ticket", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = newFan(office);
    must(await fan.charge(PRICE));
    const { reservationId } = await fan.holdOne(date, nth(date.seatIds, 0));
    const item = {
      reservationId,
      paymentId: `pay_${crypto.randomUUID()}`,
      ticketId: `tkt_${crypto.randomUUID()}`,
    } as const;
    const once = { ...newOnce("pay"), caller: `fan:${fan.fan}` };
    const [, erased] = await behind(
      track,
      ({ bookings }) => bookings.pay({ fan: fan.fan, items: [item] }, once),
      () => erase(office, fan.fan),
    );
    deepEqual(refusalOf(erased), { kind: "ERASURE_NOT_POSSIBLE", reasons: ["TICKETS"] });
    await assertLaws(office.sql);
  });

  test("an erasure waits for a charge that is being made, and sees the balance", async (track) => {
    const { office } = track;
    const fan = newFan(office);
    must(await fan.charge(1));
    const act = { fan: fan.fan, currency: CURRENCY, act: ALEX };
    must(await office.accounts.correct({ ...act, amount: -1 }, newOnce("correct")));
    const [, erased] = await behind(
      track,
      ({ accounts }) => accounts.charge({ ...act, amount: 7 }, newOnce("charge")),
      () => erase(office, fan.fan),
    );
    deepEqual(refusalOf(erased), { kind: "ERASURE_NOT_POSSIBLE", reasons: ["BALANCE"] });
    equal(await office.accounts.balance(fan.fan), 7);
    await assertLaws(office.sql);
  });

  test("a charge that waits for an erasure is one of a new person", async (track) => {
    const { office } = track;
    const fan = newFan(office);
    const act = { fan: fan.fan, currency: CURRENCY, act: ALEX };
    for (const amount of [3, -3]) {
      must(await office.accounts.correct({ ...act, amount }, newOnce("correct")));
    }
    const [erased, charged] = await behind(
      track,
      (inside) => erase(inside, fan.fan),
      () => fan.charge(7),
    );
    must(erased);
    must(charged);
    equal(await office.accounts.balance(fan.fan), 7);
    const { items } = await ledgerOf(office, fan.fan);
    deepEqual(items, [{ kind: "CHARGE", amount: "7" }]);
    await assertLaws(office.sql);
  });

  test("a payment that waits for an erasure finds nothing of the fan's to pay", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 1, price: 0 }]);
    const fan = newFan(office);
    const held = await fan.holdOne(date, nth(date.seatIds, 0));
    office.clock.nowMs += HOLD_TTL_MS;
    const [erased, paid] = await behind(
      track,
      (inside) => erase(inside, fan.fan),
      () => fan.pay([held]),
    );
    must(erased);
    deepEqual(refusalOf(paid), { kind: "RESERVATION_NOT_FOUND" });
    deepEqual(await tablesWith(office.sql, fan.fan), []);
  });

  test("erasures among holds, payments and cancellations of others deadlock with none (B6)", async (track) => {
    const { office } = track;
    for (let round = 0; round < rounds(ROUNDS); round++) {
      const [date] = await putOnSale(office, [{ seats: 4 }]);
      const lapsed = Array.from({ length: 2 }, () => newFan(office));
      must(await lapsed[0]!.hold(date, date.seatIds.slice(0, 2)));
      must(await lapsed[1]!.hold(date, date.seatIds.slice(2, 4)));
      office.clock.nowMs += HOLD_TTL_MS;
      const buyers = Array.from({ length: CONTENDERS - 4 }, () => newFan(office));
      const outcomes = await Promise.all([
        ...lapsed.flatMap(({ fan }) => [erase(office, fan), erase(office, fan)]),
        ...buyers.map((buyer, i) =>
          buyer.hold(date, i % 2 === 0 ? date.seatIds : date.seatIds.toReversed())
        ),
      ]);
      equal(outcomes.slice(0, 4).filter(({ ok }) => ok).length, 4);
      equal(outcomes.slice(4).filter(({ ok }) => ok).length, 1);
      for (const { fan } of lapsed) deepEqual(await tablesWith(office.sql, fan), []);
    }
    await assertLaws(office.sql);
  });
}

async function ledgerOf({ sql }: BoxOffice, fan: FanId) {
  const items = await sql(
    "select kind, amount::text as amount from ledger_entries where fan_id = $1",
    [fan],
  );
  return { items };
}
