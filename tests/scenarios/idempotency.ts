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

  test("under one key the seats of a CSV text are compared, not its lines", async (open) => {
    const box = await open();
    const { concertId, schedules: [date] } = await putOnSale(box);
    const path = `/v1/admin/concerts/${concertId}/schedules/${date!.scheduleId}/seats`;
    const key = `csv-${crypto.randomUUID()}`;
    const send = (raw: string) =>
      box.call("POST", path, {
        operator: true,
        key,
        raw,
        headers: { "Content-Type": "text/csv" },
      });
    const first = await send("row,price\nA,5\nB,6.0\n");
    assert.equal(first.status, 201, first.text);
    const same = [
      "row,price\r\nA,5\r\nB,6.0\r\n",
      "row,price\n\nA,5\n\n\nB,6.0",
      "\ufeffrow,price\rA,5\rB,6\r",
      'price,row\n5,"A"\n6,B\n',
    ];
    for (const raw of same) {
      const again = await send(raw);
      assert.deepEqual([again.status, again.text], [201, first.text], JSON.stringify(raw));
    }
    const json = { seats: [{ row: "A", price: 5 }, { row: "B", price: 6 }] };
    const asJson = await box.call("POST", path, { operator: true, key, json });
    assert.equal(asJson.text, first.text);
    for (const raw of ["row,price\nB,6\nA,5\n", "row,price\nA,5\n"]) {
      assert.equal((await send(raw)).body.code, "IDEMPOTENCY_KEY_REUSED", JSON.stringify(raw));
    }
    assert.equal((await send("row,price\nA,5\nB,6\nC,x\n")).body.code, "VALIDATION_FAILED");
  });
}
