import { deepEqual, equal, ok } from "node:assert/strict";
import { assertLaws } from "../../contract/box_office/laws.ts";
import {
  ALEX,
  type Fan,
  must,
  newFan,
  newOnce,
  newRichFan,
  newRoom,
  newTicketId,
  nth,
  PRICE,
  putOnSale,
  refusalOf,
  RICH,
  SEAT_LIMIT,
} from "../../contract/box_office/office.ts";
import { withoutHang } from "../../support/wait.ts";
import { officeOver } from "./office.ts";
import { inTransaction, type RaceTest, rounds, type TrackOffice, untilWaiting } from "./race.ts";

const SENDS = 20;
const ROUNDS = rounds(3);
/** What a second send waits for the first. */
const WAIT_MS = 2000;

/** Runs `send` once in a transaction that stays open until `commit()`. */
async function whileFirstIsAtWork(
  { database, office }: TrackOffice,
  send: (bookings: Pick<typeof office, "bookings" | "accounts">) => ReturnType<Fan["pay"]>,
  run: (first: string, commit: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await inTransaction(database, async ({ sql, close }, commit) => {
    const first = must(await send(officeOver({ sql, close }, office.clock)));
    await run(first.json, commit);
  });
}

export function onceRaces(test: RaceTest): void {
  test("B4: twenty sends of one payment have one effect and one answer", async ({ office }) => {
    for (let round = 0; round < ROUNDS; round++) {
      const [date] = await putOnSale(office, [{ seats: 2 }]);
      const fan = await newRichFan(office);
      const held = must(await fan.hold(date, date.seatIds));
      const once = newOnce("pay");
      const answers = await Promise.all(Array.from({ length: SENDS }, () => fan.pay(held, once)));
      equal(new Set(answers.map((answer) => must(answer).json)).size, 1);
      for (const answer of answers) deepEqual(must(answer).effects, must(nth(answers, 0)).effects);
      equal(await office.accounts.balance(fan.fan), RICH - 2 * PRICE);
    }
    await assertLaws(office.sql);
  });

  test("B2: twenty sends of one hold have one effect and one answer", async ({ office }) => {
    for (let round = 0; round < ROUNDS; round++) {
      const [date] = await putOnSale(office, [{ seats: 2 }]);
      const fan = newFan(office);
      const once = newOnce("hold");
      const hold = () => fan.holdAll(date, date.seatIds, { once });
      const answers = await Promise.all(Array.from({ length: SENDS }, hold));
      equal(new Set(answers.map((answer) => must(answer).json)).size, 1);
      equal(answers.filter((answer) => !must(answer).replayed).length, 1);
    }
    await assertLaws(office.sql);
  });

  test("twenty sends of one act outside of PostgreSQL have one entry and one answer", async ({ office }) => {
    const room = await newRoom(office);
    const once = newOnce("promote");
    const entry = { ...ALEX, action: "PROMOTED", room, subject: null, old: null, new: {} } as const;
    const answers = await Promise.all(Array.from(
      { length: SENDS },
      (_, send) => office.recordedAnswers.record({ once, answer: send, effects: null, entry }),
    ));
    equal(new Set(answers.map((answer) => must(answer).json)).size, 1);
    const { items } = await office.auditLog.list(room, { limit: SENDS, after: null });
    deepEqual(items.map(({ action }) => action), ["PROMOTED", "ROOM_CREATED"]);
  });

  test("B3: twenty sends of one charge have one effect and one answer", async ({ office }) => {
    const fan = newFan(office);
    const once = newOnce("charge");
    const answers = await Promise.all(Array.from({ length: SENDS }, () => fan.charge(5, once)));
    equal(new Set(answers.map((answer) => must(answer).json)).size, 1);
    equal(await office.accounts.balance(fan.fan), 5);
    await assertLaws(office.sql);
  });

  test("B4 B6: crossed payments of the same holds under twenty keys pay once", async ({ office }) => {
    const [date] = await putOnSale(office, [{ seats: SEAT_LIMIT }]);
    const fan = await newRichFan(office);
    const held = must(await fan.hold(date, date.seatIds));
    const orders = Array.from({ length: SENDS }, (_, send) => send % 2 ? held : held.toReversed());
    const outcomes = await Promise.all(orders.map((order) => fan.pay(order)));
    equal(outcomes.filter((outcome) => outcome.ok).length, 1);
    for (const [send, outcome] of outcomes.entries()) {
      if (outcome.ok) continue;
      deepEqual(refusalOf(outcome), {
        kind: "RESERVATION_NOT_PAYABLE",
        reservations: nth(orders, send).map(({ reservationId }) => ({
          reservationId,
          status: "PAID",
        })),
      });
    }
    equal(await office.accounts.balance(fan.fan), RICH - SEAT_LIMIT * PRICE);
    await assertLaws(office.sql);
  });

  test("a second send waits for the first and gets its answer", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    const [reservation] = must(await fan.hold(date, date.seatIds));
    const { reservationId } = reservation!;
    const once = newOnce("pay");
    const send = ({ bookings }: Pick<typeof office, "bookings">, paymentId: `pay_${string}`) =>
      bookings.pay(
        { fan: fan.fan, items: [{ reservationId, paymentId, ticketId: newTicketId() }] },
        once,
      );
    await whileFirstIsAtWork(
      track,
      (first) => send(first, `pay_first_${once.key}`),
      async (json, commit) => {
        const second = send(office, `pay_second_${once.key}`);
        await untilWaiting(track, 1, second);
        await commit();
        equal(must(await second).json, json);
      },
    );
    equal(await office.accounts.balance(fan.fan), RICH - PRICE);
  });

  test("a second send past 2 s of waiting is refused, and a later one is not", async ({ withTimeouts: track }) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    const { reservationId } = await fan.holdOne(date, nth(date.seatIds, 0));
    const once = newOnce("pay");
    await whileFirstIsAtWork(
      track,
      ({ bookings }) =>
        bookings.pay({
          fan: fan.fan,
          items: [{ reservationId, paymentId: `pay_${once.key}`, ticketId: newTicketId() }],
        }, once),
      async (json, commit) => {
        const sentAt = performance.now();
        const second = fan.pay([{ reservationId }], once);
        const outcome = await withoutHang("the refusal of the second send", second);
        const waitedMs = performance.now() - sentAt;
        deepEqual(refusalOf(outcome), { kind: "IDEMPOTENCY_IN_PROGRESS" });
        ok(waitedMs >= WAIT_MS, `waited ${waitedMs} ms`);
        await commit();
        equal(must(await fan.pay([{ reservationId }], once)).json, json);
      },
    );
  });

  test("a second send is done in its own right when the first fails", async (track) => {
    const { office } = track;
    const [date] = await putOnSale(office, [{ seats: 1 }]);
    const fan = await newRichFan(office);
    const { reservationId } = await fan.holdOne(date, nth(date.seatIds, 0));
    const once = newOnce("pay");
    await inTransaction(track.database, async ({ sql, close }) => {
      const { bookings } = officeOver({ sql, close }, office.clock);
      const paymentId = `pay_lost_${once.key}` as const;
      const lost = { reservationId, paymentId, ticketId: newTicketId() };
      must(await bookings.pay({ fan: fan.fan, items: [lost] }, once));
      const second = fan.pay([{ reservationId }], once);
      await untilWaiting(track, 1, second);
      await sql("rollback", []);
      const { payments } = JSON.parse(must(await second).json);
      equal(payments[0].paymentId === lost.paymentId, false);
    });
    equal(await office.accounts.balance(fan.fan), RICH - PRICE);
    await assertLaws(office.sql);
  });
}
