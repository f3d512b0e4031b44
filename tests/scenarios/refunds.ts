import assert from "node:assert/strict";
import { type ApiBox, newFan, UNKNOWN_ID } from "../support/api_box.ts";
import { charge, holdSeats, pay, putOnSale, type Sale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

const PRICE = 400;
const REASON = "the singer is ill";

/** A fan with seats of the sale's first date, and the ids of the payments. */
async function buyer(box: ApiBox, sale: Sale, seatIds: readonly number[]) {
  const fan = newFan("buyer");
  const place = await box.join(fan);
  await charge(box, fan, 1_000);
  const paid = await pay(box, fan, await holdSeats(box, fan, place, sale, seatIds));
  assert.equal(paid.status, 201, paid.text);
  await box.settle();
  const payments: string[] = paid.body.payments.map((one: { paymentId: string }) => one.paymentId);
  return { fan, payments };
}

const balanceOf = async (box: ApiBox, fan: string) =>
  (await box.call("GET", "/v1/balance", { fan })).body.balance;

function refund(box: ApiBox, paymentId: string, json: object = { reason: REASON }) {
  return box.call("POST", `/v1/admin/payments/${paymentId}/refunds`, { operator: true, json });
}

function refundConcert(box: ApiBox, { concertId }: Sale, json: object = { reason: REASON }) {
  return box.call("POST", `/v1/admin/concerts/${concertId}/refunds`, { operator: true, json });
}

function withdraw(box: ApiBox, { concertId }: Sale, status = "WITHDRAWN") {
  return box.call("PATCH", `/v1/admin/concerts/${concertId}`, { operator: true, json: { status } });
}

export function refundScenarios(test: Scenario): void {
  test("POST /v1/admin/payments/{id}/refunds gives the money back and puts the seat on sale", async (open) => {
    const box = await open();
    const sale = await putOnSale(box, { dates: [1], price: PRICE });
    const { concertId } = sale;
    const { fan, payments } = await buyer(box, sale, sale.schedules[0]!.seatIds);
    const looker = newFan("looker");
    const place = await box.join(looker);
    const isListed = async () =>
      (await box.call("GET", "/v1/concerts", { fan: looker, place })).body.concerts
        .some((one: { concertId: number }) => one.concertId === concertId);
    assert.equal(await isListed(), false, "it is sold out, and the list without it is cached");
    const [paymentId] = payments as [string];
    const first = await refund(box, paymentId);
    assert.equal(first.status, 201);
    assert.deepEqual([first.body.payment.status, first.body.balance], ["REFUNDED", 1_000]);
    assert.equal(first.body.payment.refundedAt, new Date(box.clock()).toISOString());
    await box.settle();
    assert.equal(await isListed(), true, "the list was evicted");
    const again = await refund(box, paymentId, { reason: "again", seatBackOnSale: false });
    assert.deepEqual([again.status, again.body], [200, first.body]);
    const own = await box.call("GET", `/v1/payments/${paymentId}`, { fan });
    assert.deepEqual(
      own.body.history.map(({ status }: { status: string }) => status),
      ["COMPLETED", "REFUNDED"],
    );
    assert.equal(await balanceOf(box, fan), 1_000);
  });

  test("a fan's own refund needs a time, a payment of the own, and no body", async (open) => {
    const box = await open();
    const sale = await putOnSale(box, { price: PRICE });
    const { fan, payments } = await buyer(box, sale, [sale.schedules[0]!.seatIds[0]!]);
    const path = `/v1/payments/${payments[0]}/refunds`;
    const closed = await box.call("POST", path, { fan });
    assert.deepEqual([closed.status, closed.body.code, closed.body.reason], [
      409,
      "REFUND_NOT_POSSIBLE",
      "WINDOW_CLOSED",
    ]);
    const foreign = await box.call("POST", path, { fan: newFan("other") });
    assert.deepEqual([foreign.status, foreign.body.code], [404, "PAYMENT_NOT_FOUND"]);
    const part = await box.call("POST", path, { fan, json: { amount: 1 } });
    assert.deepEqual([part.status, part.body.code], [400, "VALIDATION_FAILED"]);
  });

  test("a refund of a concert is accepted once, carried on by the cron, and tells its progress", async (open) => {
    const box = await open();
    const sale = await putOnSale(box, { dates: [3], price: PRICE });
    const seatIds = sale.schedules[0]!.seatIds;
    const buyers = [
      await buyer(box, sale, seatIds.slice(0, 2)),
      await buyer(box, sale, seatIds.slice(2)),
    ];
    await withdraw(box, sale);
    const accepted = await refundConcert(box, sale);
    const { refundId } = accepted.body;
    assert.deepEqual([accepted.status, accepted.body], [202, {
      refundId,
      scheduleId: null,
      reason: REASON,
      seatsBackOnSale: true,
      total: 3,
      refunded: 0,
      amount: 0,
      finishedAt: null,
    }]);
    await box.settle();
    await box.tick();
    const path = `/v1/admin/concerts/${sale.concertId}/refunds/${refundId}`;
    const { body } = await box.call("GET", path, { operator: true });
    assert.deepEqual([body.refunded, body.amount], [3, 3 * PRICE]);
    assert.equal(body.finishedAt, new Date(box.clock()).toISOString());
    for (const { fan } of buyers) assert.equal(await balanceOf(box, fan), 1_000);
    const undone = await withdraw(box, sale, "ON_SALE");
    assert.deepEqual([undone.status, undone.body.code], [409, "WITHDRAWAL_FINAL"]);
    const next = await refundConcert(box, sale);
    assert.deepEqual([next.status, next.body.total], [202, 0]);
    const unknown = await box.call("GET", `${path}0`, { operator: true });
    assert.deepEqual([unknown.status, unknown.body.code], [404, "NOT_FOUND"]);
    assert.equal(unknown.body.detail, "There is no such refund.");
    assert.ok(!("missing" in unknown.body));
  });

  test("the refunds of operators name each fault of the request", async (open) => {
    const box = await open();
    const sale = await putOnSale(box);
    const faults: [string, object, string][] = [
      ["/v1/admin/payments/pay_none/refunds", {}, "reason"],
      ["/v1/admin/payments/pay_none/refunds", { reason: "" }, "reason"],
      ["/v1/admin/payments/pay_none/refunds", { reason: "a", seatBackOnSale: 1 }, "seatBackOnSale"],
      ["/v1/admin/payments/%00/refunds", { reason: "a" }, "paymentId"],
      [
        `/v1/admin/concerts/${sale.concertId}/refunds`,
        { reason: "a", scheduleId: 0 },
        "scheduleId",
      ],
      ["/v1/admin/concerts/x/refunds", { reason: "a" }, "concertId"],
      ["/v1/admin/balance/corrections", { userId: "a", amount: 0, reason: "a" }, "amount"],
      ["/v1/admin/balance/corrections", { userId: "a", amount: 1e9 + 1, reason: "a" }, "amount"],
      ["/v1/admin/balance/corrections", { userId: "a", amount: 1 }, "reason"],
    ];
    for (const [path, json, at] of faults) {
      const { status, body } = await box.call("POST", path, { operator: true, key: "k", json });
      assert.deepEqual([status, body.code, body.errors[0].path], [400, "VALIDATION_FAILED", at]);
    }
    const { scheduleId } = (await putOnSale(box)).schedules[0]!;
    const answers = [
      await refund(box, "pay_none"),
      await refundConcert(box, { ...sale, concertId: UNKNOWN_ID }),
      await refundConcert(box, sale, { reason: "a", scheduleId }),
    ];
    assert.deepEqual(answers.map(({ status, body }) => [status, body.code]), [
      [404, "PAYMENT_NOT_FOUND"],
      [404, "CONCERT_NOT_FOUND"],
      [404, "SCHEDULE_NOT_FOUND"],
    ]);
    const byFan = await box.call("POST", "/v1/admin/payments/pay_none/refunds", { fan: "a" });
    assert.equal(byFan.status, 401);
  });

  test("POST /v1/admin/balance/corrections changes a balance, and the ledger tells all of it", async (open) => {
    const box = await open();
    const sale = await putOnSale(box, { price: PRICE });
    const { fan, payments } = await buyer(box, sale, [sale.schedules[0]!.seatIds[0]!]);
    const [reference] = payments;
    const post = (path: string, json: object, key: string) =>
      box.call("POST", path, { operator: true, key: `${key} ${fan}`.replaceAll(" ", "-"), json });
    const correct = (amount: number, key: string) =>
      post("/v1/admin/balance/corrections", { userId: fan, amount, reason: "a gift" }, key);
    const sends = [await correct(-600, "one"), await correct(-600, "one")];
    assert.deepEqual(sends.map(({ status, body }) => [status, body.balance]), [[201, 0], [201, 0]]);
    const beyond = await correct(-1, "two");
    assert.deepEqual([beyond.status, beyond.body.code, beyond.body.balance, beyond.body.required], [
      409,
      "INSUFFICIENT_BALANCE",
      0,
      1,
    ]);
    await post("/v1/admin/balance/charges", { userId: fan, amount: 5, reason: "cash" }, "three");
    await refund(box, reference!);
    const path = `/v1/admin/fans/${encodeURIComponent(fan)}/ledger`;
    const whole = (await box.call("GET", path, { operator: true })).body;
    const by = { reference: null, operator: "operator" };
    const byFan = { reference: null, operator: null, reason: null };
    assert.deepEqual(
      whole.items.map(({ entryId: _, at: __, ...entry }: Record<string, unknown>) => entry),
      [
        { kind: "REFUND", amount: PRICE, ...by, reference, reason: REASON },
        { kind: "CHARGE", amount: 5, ...by, reason: "cash" },
        { kind: "CORRECTION", amount: -600, ...by, reason: "a gift" },
        { kind: "PAYMENT", amount: -PRICE, ...byFan, reference },
        { kind: "CHARGE", amount: 1_000, ...byFan },
      ],
    );
    const first = await box.call("GET", `${path}?limit=3`, { operator: true });
    const next = `${path}?limit=3&cursor=${first.body.nextCursor}`;
    const second = await box.call("GET", next, { operator: true });
    assert.deepEqual([...first.body.items, ...second.body.items], whole.items);
    assert.equal(second.body.nextCursor, null);
    assert.equal(await balanceOf(box, fan), 405);
    const nobody = await box.call("GET", "/v1/admin/fans/nobody-at-all/ledger", { operator: true });
    assert.deepEqual(nobody.body, { items: [], nextCursor: null });
  });
}
