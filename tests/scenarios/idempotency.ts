import assert from "node:assert/strict";
import { newFan } from "../support/api_box.ts";
import { charge, holdSeats, pay, putOnSale } from "../support/sale.ts";
import type { Scenario } from "./scenario.ts";

export function idempotencyScenarios(test: Scenario): void {
  test("a key gives the same bytes again, refuses another body, and is free after a refusal", async (open) => {
    const box = await open();
    const fan = newFan("keyed");
    const place = await box.join(fan);
    const sale = await putOnSale(box, { price: 70 });
    const seatIds = sale.schedules[0]!.seatIds.slice(0, 2);
    const [one, two] = await holdSeats(box, fan, place, sale, seatIds);
    assert.equal((await pay(box, fan, [one!], "key")).body.code, "INSUFFICIENT_BALANCE");
    await charge(box, fan, 200);
    const paid = await pay(box, fan, [one!], "key");
    assert.equal(paid.status, 201);
    box.clock.advance(24 * 3600 * 1000);
    const again = await pay(box, fan, [one!], "key");
    assert.deepEqual([again.status, again.text], [paid.status, paid.text]);
    const reused = await pay(box, fan, [two!], "key");
    assert.deepEqual([reused.status, reused.body.code], [422, "IDEMPOTENCY_KEY_REUSED"]);
    const spaced = await box.call("POST", "/v1/payments", {
      fan,
      key: "key",
      raw: ` { "reservationIds" : [ "${one}" ] } `,
      headers: { "Content-Type": "application/json; charset=UTF-8" },
    });
    assert.equal(spaced.text, paid.text, "the parsed body is compared, not its spelling");
    const { body } = await box.call("GET", "/v1/balance", { fan });
    assert.equal(body.balance, 130);
  });

  test("under one key the order of ids does not matter, and path and body do", async (open) => {
    const box = await open();
    const fan = newFan("ordered");
    const place = await box.join(fan);
    const sale = await putOnSale(box, { price: 0 });
    const ids = await holdSeats(box, fan, place, sale, sale.schedules[0]!.seatIds.slice(0, 3));
    const paid = await pay(box, fan, ids, "key");
    assert.equal(paid.status, 201);
    const again = await pay(box, fan, ids.toReversed(), "key");
    assert.deepEqual([again.status, again.text], [201, paid.text]);
    const fewer = await pay(box, fan, ids.slice(0, 2), "key");
    assert.deepEqual([fewer.status, fewer.body.code], [422, "IDEMPOTENCY_KEY_REUSED"]);
  });

  test("a key belongs to one fan and one route", async (open) => {
    const box = await open();
    const k1 = newFan("k1");
    const k2 = newFan("k2");
    const send = (fan: string, path: string, operator?: true) =>
      box.call("POST", path, {
        ...(operator ? { operator } : { fan }),
        key: "shared",
        json: operator ? { userId: fan, amount: 5 } : { amount: 5 },
      });
    assert.equal((await send(k1, "/v1/balance/charges")).body.balance, 5);
    assert.equal((await send(k2, "/v1/balance/charges")).body.balance, 5);
    assert.equal((await send(k1, "/v1/admin/balance/charges", true)).body.balance, 10);
    assert.equal((await send(k1, "/v1/balance/charges")).body.balance, 5, "replayed");
  });

  test("a wrong or missing Idempotency-Key is IDEMPOTENCY_KEY_REQUIRED", async (open) => {
    const box = await open();
    const fan = newFan("a");
    for (const key of [undefined, "", " ", "a b", "é", "x".repeat(256)]) {
      const { status, body } = await box.call("POST", "/v1/balance/charges", {
        fan,
        ...(key === undefined ? {} : { headers: { "Idempotency-Key": key } }),
        json: { amount: 1 },
      });
      assert.deepEqual([status, body.code], [400, "IDEMPOTENCY_KEY_REQUIRED"], `key ${key}`);
    }
    const longest = await box.call("POST", "/v1/balance/charges", {
      fan,
      key: "~".repeat(255),
      json: { amount: 1 },
    });
    assert.equal(longest.status, 201);
  });
}
