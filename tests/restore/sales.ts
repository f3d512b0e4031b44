import assert from "node:assert/strict";
import { passLostIds } from "../../src/adapters/postgres/lost_ids.ts";
import { newFan } from "../support/api_box.ts";
import { charge, holdSeats, pay, putOnSale } from "../support/sale.ts";
import {
  balanceOf,
  buy,
  checkIn,
  codeOf,
  codeOrStatus,
  credit,
  followTheSteps,
  operator,
  type RestoreTest,
} from "./restoring.ts";

/** Purchases, money and tickets after the database went back. */
export function salesRestored(test: RestoreTest): void {
  test("what was bought since the backup is unknown, and its seat is sold to another", async (restoring) => {
    const { box, database } = restoring;
    const [early, late, next] = [newFan("early"), newFan("late"), newFan("next")];
    const sale = await putOnSale(box, { dates: [3] });
    const [first, second, third] = sale.schedules[0]!.seatIds as [number, number, number];
    for (const fan of [early, late, next]) await charge(box, fan, 5000);
    assert.equal((await buy(box, early, sale, [first])).status, 201);
    const restore = await database.backUp();
    const lost = await buy(box, late, sale, [second]);
    const [{ paymentId, reservationId }] = lost.body.payments;
    const [kept, lostCode] = [await codeOf(box, early), await codeOf(box, late)];
    await restore();
    await followTheSteps(restoring);

    assert.equal(await balanceOf(box, late), 5000);
    assert.deepEqual((await box.call("GET", "/v1/tickets", { fan: late })).body.items, []);
    const payment = await box.call("GET", `/v1/payments/${paymentId}`, { fan: late });
    assert.equal(payment.body.code, "PAYMENT_NOT_FOUND");
    // The same request again, with its key: nothing is paid for what is no longer held.
    const repeated = await pay(box, late, [reservationId]);
    assert.equal(repeated.body.code, "RESERVATION_NOT_FOUND");
    assert.equal(codeOrStatus(await checkIn(box, lostCode)), "TICKET_NOT_FOUND");
    assert.equal(codeOrStatus(await checkIn(box, kept)), "201");
    // Nobody's new purchase is reached by what the lost one left behind.
    assert.equal((await buy(box, next, sale, [second])).status, 201);
    assert.equal(codeOrStatus(await checkIn(box, lostCode)), "TICKET_NOT_FOUND");
    assert.equal(codeOrStatus(await checkIn(box, await codeOf(box, next))), "201");
    assert.equal((await buy(box, late, sale, [third])).status, 201);
  });

  test("a payment of a hold that the backup has is made once, by its own key", async ({ box, database }) => {
    const fan = newFan("holds");
    const sale = await putOnSale(box);
    await charge(box, fan, 5000);
    const place = await box.join(fan);
    const held = await holdSeats(box, fan, place, sale, sale.schedules[0]!.seatIds.slice(0, 2));
    const restore = await database.backUp();
    const send = () => pay(box, fan, held, "the-key");
    assert.equal((await send()).status, 201);
    await restore();
    const again = await send();
    assert.deepEqual([again.status, again.body.balance], [201, 3000]);
    assert.equal(again.headers.get("Idempotency-Replayed"), null);
    const third = await send();
    assert.deepEqual([third.text, third.headers.get("Idempotency-Replayed")], [again.text, "true"]);
    assert.equal(await balanceOf(box, fan), 3000);
  });

  test("charges sent again with their keys bring back what was lost, and nothing twice", async ({ box, database }) => {
    const fans = ["a", "b", "c"].map(newFan);
    const send = (fan: string) => credit(box, fan, 700, `provider-${encodeURIComponent(fan)}`);
    await send(fans[0]!);
    const restore = await database.backUp();
    for (const fan of fans.slice(1)) await send(fan);
    await restore();
    const replays = [];
    for (const fan of fans) replays.push((await send(fan)).headers.get("Idempotency-Replayed"));
    assert.deepEqual(replays, ["true", null, null]);
    for (const fan of fans) assert.equal(await balanceOf(box, fan), 700);
  });

  test("ids that were given since the backup are given to nothing else", async (restoring) => {
    const { box, database } = restoring;
    const fan = newFan("buys");
    await charge(box, fan, 5000);
    const restore = await database.backUp();
    const lost = await putOnSale(box);
    const { scheduleId, seatIds } = lost.schedules[0]!;
    await buy(box, fan, lost, seatIds.slice(0, 1));
    const lostCode = await codeOf(box, fan);
    await restore();
    // Without the step of the recipe another concert gets the id that the fan's browser has.
    assert.equal((await putOnSale(box)).concertId, lost.concertId);

    await restore();
    await passLostIds(database.sql);
    const later = await putOnSale(box);
    assert.ok(later.concertId > lost.concertId);
    assert.ok(later.schedules[0]!.scheduleId > scheduleId);
    assert.ok(Math.min(...later.schedules[0]!.seatIds) > Math.max(...seatIds));
    const place = await box.join(fan);
    const json = { concertId: lost.concertId, scheduleId, seatIds: seatIds.slice(1, 2) };
    const stale = await box.call("POST", "/v1/reservations", { fan, place, json });
    assert.equal(codeOrStatus(stale), "CONCERT_NOT_FOUND");
    assert.equal(codeOrStatus(await checkIn(box, lostCode)), "TICKET_NOT_FOUND");
  });

  test("who was let in since the backup is let in again: nothing can tell", async ({ box, database }) => {
    const fan = newFan("enters");
    const sale = await putOnSale(box, { price: 0 });
    await buy(box, fan, sale, sale.schedules[0]!.seatIds.slice(0, 1));
    const code = await codeOf(box, fan);
    const restore = await database.backUp();
    assert.equal(codeOrStatus(await checkIn(box, code)), "201");
    assert.equal(codeOrStatus(await checkIn(box, code)), "ALREADY_CHECKED_IN");
    await restore();
    assert.equal(codeOrStatus(await checkIn(box, code)), "201");
    assert.equal(codeOrStatus(await checkIn(box, code)), "ALREADY_CHECKED_IN");
  });

  test("a refund since the backup is taken back with its money, and can be made again", async ({ box, database }) => {
    const fan = newFan("refunded");
    const sale = await putOnSale(box);
    await charge(box, fan, 1000);
    const bought = await buy(box, fan, sale, sale.schedules[0]!.seatIds.slice(0, 1));
    const [{ paymentId }] = bought.body.payments;
    const restore = await database.backUp();
    const refund = () =>
      box.call("POST", `/v1/admin/payments/${paymentId}/refunds`, {
        operator,
        json: { reason: "ill" },
      });
    assert.equal((await refund()).status, 201);
    await restore();
    assert.equal(await balanceOf(box, fan), 0);
    const again = await refund();
    assert.deepEqual([again.status, again.body.balance], [201, 1000]);
    assert.equal((await refund()).status, 200);
    assert.equal(await balanceOf(box, fan), 1000);
  });
}
