import assert from "node:assert/strict";
import { openEmbeddedDatabase } from "../../src/adapters/postgres/pglite.ts";
import { openBox } from "../support/box.ts";
import { charge, holdSeats, pay, putOnSale } from "../support/sale.ts";

const database = await openEmbeddedDatabase();
Deno.test.afterAll(() => database.close());
const openTestBox = (settings: Record<string, string> = {}) => openBox(database.sql, { settings });

Deno.test("POST /v1/payments debits the balance, records payments and completes the reservations", async () => {
  const box = openTestBox();
  const place = await box.join("payer");
  const sale = await putOnSale(box, { price: 400 });
  await charge(box, "payer", 1_000);
  const held = await holdSeats(
    box,
    "payer",
    place,
    sale,
    sale.schedules[0]!.seatIds.slice(0, 2),
  );
  const paid = await pay(box, "payer", held);
  assert.equal(paid.status, 201);
  assert.deepEqual([paid.body.totalAmount, paid.body.balance], [800, 200]);
  const [first] = paid.body.payments;
  assert.deepEqual({ ...first, paymentId: null }, {
    paymentId: null,
    reservationId: held[0],
    amount: 400,
    status: "COMPLETED",
    paidAt: new Date(box.clock()).toISOString(),
  });
  const one = await box.call("GET", `/v1/payments/${first.paymentId}`, { fan: "payer" });
  assert.deepEqual(one.body, {
    ...first,
    history: [{ status: "COMPLETED", amount: 400, at: first.paidAt }],
  });
  const list = await box.call("GET", "/v1/payments?limit=1", { fan: "payer" });
  assert.deepEqual(list.body.items, [first]);
  const rest = await box.call("GET", `/v1/payments?cursor=${list.body.nextCursor}`, {
    fan: "payer",
  });
  assert.deepEqual([rest.body.items.length, rest.body.nextCursor], [1, null]);
  const own = await box.call("GET", "/v1/reservations", { fan: "payer" });
  assert.deepEqual(own.body.items.map(({ status }: { status: string }) => status), [
    "PAID",
    "PAID",
  ]);
});

Deno.test("GET /v1/payments/{id} of somebody else's payment is PAYMENT_NOT_FOUND", async () => {
  const box = openTestBox();
  const place = await box.join("owner");
  const sale = await putOnSale(box, { price: 0 });
  const held = await holdSeats(box, "owner", place, sale, [sale.schedules[0]!.seatIds[0]!]);
  const { body } = await pay(box, "owner", held);
  for (const id of [body.payments[0].paymentId, "pay_unknown"]) {
    const refusal = await box.call("GET", `/v1/payments/${id}`, { fan: "other" });
    assert.deepEqual([refusal.status, refusal.body.code], [404, "PAYMENT_NOT_FOUND"]);
  }
});

Deno.test("paying ends the place under which the seats were held, and lets the next fan in", async () => {
  const box = openTestBox({ QUEUE_CAPACITY: "1" });
  const place = await box.join("a");
  const next = await box.join("b");
  const sale = await putOnSale(box, { price: 0 });
  await pay(box, "a", await holdSeats(box, "a", place, sale, [sale.schedules[0]!.seatIds[0]!]));
  await box.settle();
  const standing = async (token: string) =>
    (await box.call("GET", "/v1/queue/tokens/me", { place: token })).body.state;
  assert.equal(await standing(place), "GONE");
  assert.equal(await standing(next), "ADMITTED");
});

Deno.test("paying ends no later place, and a hold stays payable after leaving the line", async () => {
  const box = openTestBox();
  const place = await box.join("a");
  const sale = await putOnSale(box, { price: 0 });
  const held = await holdSeats(box, "a", place, sale, [sale.schedules[0]!.seatIds[0]!]);
  await box.call("DELETE", "/v1/queue/tokens/me", { place });
  const later = await box.join("a");
  assert.equal((await pay(box, "a", held)).status, 201);
  await box.settle();
  const { body } = await box.call("GET", "/v1/queue/tokens/me", { place: later });
  assert.equal(body.state, "ADMITTED");
});

Deno.test("POST /v1/payments refuses with the code and members of each failure, and changes nothing", async () => {
  const box = openTestBox({ HOLD_TTL_SECONDS: "10" });
  const place = await box.join("poor");
  const other = await box.join("rich");
  const sale = await putOnSale(box, { price: 100 });
  const [one, two, three] = sale.schedules[0]!.seatIds as [number, number, number];
  const [held] = await holdSeats(box, "poor", place, sale, [one]);
  const [others] = await holdSeats(box, "rich", other, sale, [two]);
  await charge(box, "poor", 60);

  const poor = await pay(box, "poor", [held!]);
  assert.deepEqual([poor.status, poor.body.code, poor.body.balance, poor.body.required], [
    409,
    "INSUFFICIENT_BALANCE",
    60,
    100,
  ]);
  for (const id of [others!, "rsv_unknown"]) {
    const { status, body } = await pay(box, "poor", [held!, id]);
    assert.deepEqual([status, body.code], [404, "RESERVATION_NOT_FOUND"]);
  }
  const [cancelled] = await holdSeats(box, "poor", place, sale, [three]);
  await box.call("DELETE", `/v1/reservations/${cancelled}`, { fan: "poor" });
  box.clock.advance(10_000);
  const late = await pay(box, "poor", [held!, cancelled!]);
  assert.deepEqual([late.status, late.body.code, late.body.reservations], [
    409,
    "RESERVATION_NOT_PAYABLE",
    [{ reservationId: held, status: "EXPIRED" }, { reservationId: cancelled, status: "CANCELLED" }],
  ]);
  const { body } = await box.call("GET", "/v1/balance", { fan: "poor" });
  assert.equal(body.balance, 60);
});

Deno.test("a key gives the same bytes again, refuses another body, and is free after a refusal", async () => {
  const box = openTestBox();
  const place = await box.join("keyed");
  const sale = await putOnSale(box, { price: 70 });
  const seatIds = sale.schedules[0]!.seatIds.slice(0, 2);
  const [one, two] = await holdSeats(box, "keyed", place, sale, seatIds);
  assert.equal((await pay(box, "keyed", [one!], "key")).body.code, "INSUFFICIENT_BALANCE");
  await charge(box, "keyed", 200);
  const paid = await pay(box, "keyed", [one!], "key");
  assert.equal(paid.status, 201);
  box.clock.advance(24 * 3600 * 1000);
  const again = await pay(box, "keyed", [one!], "key");
  assert.deepEqual([again.status, again.text], [paid.status, paid.text]);
  const reused = await pay(box, "keyed", [two!], "key");
  assert.deepEqual([reused.status, reused.body.code], [422, "IDEMPOTENCY_KEY_REUSED"]);
  const spaced = await box.call("POST", "/v1/payments", {
    fan: "keyed",
    key: "key",
    raw: ` { "reservationIds" : [ "${one}" ] } `,
    headers: { "Content-Type": "application/json; charset=UTF-8" },
  });
  assert.equal(spaced.text, paid.text, "the parsed body is compared, not its spelling");
  const { body } = await box.call("GET", "/v1/balance", { fan: "keyed" });
  assert.equal(body.balance, 130);
});

Deno.test("a key belongs to one fan and one route", async () => {
  const box = openTestBox();
  const send = (fan: string, path: string, operator?: true) =>
    box.call("POST", path, {
      ...(operator ? { operator } : { fan }),
      key: "shared",
      json: operator ? { userId: fan, amount: 5 } : { amount: 5 },
    });
  assert.equal((await send("k1", "/v1/balance/charges")).body.balance, 5);
  assert.equal((await send("k2", "/v1/balance/charges")).body.balance, 5);
  assert.equal((await send("k1", "/v1/admin/balance/charges", true)).body.balance, 10);
  assert.equal((await send("k1", "/v1/balance/charges")).body.balance, 5, "replayed");
});

Deno.test("a wrong or missing Idempotency-Key is IDEMPOTENCY_KEY_REQUIRED", async () => {
  const box = openTestBox();
  for (const key of [undefined, "", " ", "a b", "é", "x".repeat(256)]) {
    const { status, body } = await box.call("POST", "/v1/balance/charges", {
      fan: "a",
      ...(key === undefined ? {} : { headers: { "Idempotency-Key": key } }),
      json: { amount: 1 },
    });
    assert.deepEqual([status, body.code], [400, "IDEMPOTENCY_KEY_REQUIRED"], `key ${key}`);
  }
  const longest = await box.call("POST", "/v1/balance/charges", {
    fan: "a",
    key: "~".repeat(255),
    json: { amount: 1 },
  });
  assert.equal(longest.status, 201);
});

Deno.test("what follows a payment may fail without the fan being told", async () => {
  const box = openBox(database.sql, {
    wrap: (stores) => ({
      ...stores,
      queue: { ...stores.queue, end: () => Promise.reject(new Error("no line")) },
    }),
  });
  const place = await box.join("a");
  const sale = await putOnSale(box, { price: 0 });
  const held = await holdSeats(box, "a", place, sale, [sale.schedules[0]!.seatIds[0]!]);
  assert.equal((await pay(box, "a", held)).status, 201);
  await box.settle();
  assert.deepEqual(box.reports.map(({ what }) => what), ["after_answer_failed"]);
});
