import assert from "node:assert/strict";
import { newFan } from "../support/api_box.ts";
import { charge, holdSeats, pay, putOnSale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

export function paymentScenarios(test: Scenario): void {
  test("POST /v1/payments debits the balance, records payments and completes the reservations", async (open) => {
    const box = await open();
    const fan = newFan("payer");
    const place = await box.join(fan);
    const sale = await putOnSale(box, { price: 400 });
    await charge(box, fan, 1_000);
    const held = await holdSeats(box, fan, place, sale, sale.schedules[0]!.seatIds.slice(0, 2));
    const paid = await pay(box, fan, held);
    assert.equal(paid.status, 201);
    assert.deepEqual([paid.body.totalAmount, paid.body.balance], [800, 200]);
    const [first] = paid.body.payments;
    assert.deepEqual({ ...first, paymentId: null }, {
      paymentId: null,
      reservationId: held[0],
      amount: 400,
      status: "COMPLETED",
      paidAt: new Date(box.clock()).toISOString(),
      refundedAt: null,
    });
    const one = await box.call("GET", `/v1/payments/${first.paymentId}`, { fan });
    assert.deepEqual(one.body, {
      ...first,
      history: [{ status: "COMPLETED", amount: 400, at: first.paidAt }],
    });
    const list = await box.call("GET", "/v1/payments?limit=1", { fan });
    assert.deepEqual(list.body.items, [first]);
    const rest = await box.call("GET", `/v1/payments?cursor=${list.body.nextCursor}`, { fan });
    assert.deepEqual([rest.body.items.length, rest.body.nextCursor], [1, null]);
    const own = await box.call("GET", "/v1/reservations", { fan });
    assert.deepEqual(own.body.items.map(({ status }: { status: string }) => status), [
      "PAID",
      "PAID",
    ]);
  });

  test("GET /v1/payments/{id} of somebody else's payment is PAYMENT_NOT_FOUND", async (open) => {
    const box = await open();
    const owner = newFan("owner");
    const other = newFan("other");
    const place = await box.join(owner);
    const sale = await putOnSale(box, { price: 0 });
    const held = await holdSeats(box, owner, place, sale, [sale.schedules[0]!.seatIds[0]!]);
    const { body } = await pay(box, owner, held);
    for (const id of [body.payments[0].paymentId, "pay_unknown"]) {
      const refusal = await box.call("GET", `/v1/payments/${id}`, { fan: other });
      assert.deepEqual([refusal.status, refusal.body.code], [404, "PAYMENT_NOT_FOUND"]);
    }
  });

  test("paying ends the place under which the seats were held, and admits the next fan", async (open) => {
    const box = await open({ QUEUE_CAPACITY: "1" });
    const a = newFan("a");
    const b = newFan("b");
    const place = await box.join(a);
    const next = await box.join(b);
    const sale = await putOnSale(box, { price: 0 });
    await pay(box, a, await holdSeats(box, a, place, sale, [sale.schedules[0]!.seatIds[0]!]));
    await box.settle();
    const standing = async (token: string) =>
      (await box.call("GET", "/v1/queue/tokens/me", { place: token })).body.state;
    assert.equal(await standing(place), "GONE");
    assert.equal(await standing(next), "ADMITTED");
  });

  test("paying ends no later place, and a hold stays payable after leaving the queue", async (open) => {
    const box = await open();
    const fan = newFan("a");
    const place = await box.join(fan);
    const sale = await putOnSale(box, { price: 0 });
    const held = await holdSeats(box, fan, place, sale, [sale.schedules[0]!.seatIds[0]!]);
    await box.call("DELETE", "/v1/queue/tokens/me", { place });
    const later = await box.join(fan);
    assert.equal((await pay(box, fan, held)).status, 201);
    await box.settle();
    const { body } = await box.call("GET", "/v1/queue/tokens/me", { place: later });
    assert.equal(body.state, "ADMITTED");
  });

  test("POST /v1/payments refuses with the code and members of each failure, and changes nothing", async (open) => {
    const box = await open({ HOLD_TTL_SECONDS: "10" });
    const poor = newFan("poor");
    const rich = newFan("rich");
    const place = await box.join(poor);
    const other = await box.join(rich);
    const sale = await putOnSale(box, { price: 100 });
    const [one, two, three] = sale.schedules[0]!.seatIds as [number, number, number];
    const [held] = await holdSeats(box, poor, place, sale, [one]);
    const [others] = await holdSeats(box, rich, other, sale, [two]);
    await charge(box, poor, 60);

    const short = await pay(box, poor, [held!]);
    assert.deepEqual([short.status, short.body.code, short.body.balance, short.body.required], [
      409,
      "INSUFFICIENT_BALANCE",
      60,
      100,
    ]);
    for (const id of [others!, "rsv_unknown"]) {
      const { status, body } = await pay(box, poor, [held!, id]);
      assert.deepEqual([status, body.code], [404, "RESERVATION_NOT_FOUND"]);
    }
    const [cancelled] = await holdSeats(box, poor, place, sale, [three]);
    await box.call("DELETE", `/v1/reservations/${cancelled}`, { fan: poor });
    box.clock.advance(10_000);
    const late = await pay(box, poor, [held!, cancelled!]);
    assert.deepEqual([late.status, late.body.code, late.body.reservations], [
      409,
      "RESERVATION_NOT_PAYABLE",
      [{ reservationId: held, status: "EXPIRED" }, {
        reservationId: cancelled,
        status: "CANCELLED",
      }],
    ]);
    const { body } = await box.call("GET", "/v1/balance", { fan: poor });
    assert.equal(body.balance, 60);
  });
}
