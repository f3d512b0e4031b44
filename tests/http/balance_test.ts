import assert from "node:assert/strict";
import { openEmbeddedDatabase } from "../../src/adapters/postgres/pglite.ts";
import { openBox } from "../support/box.ts";

const database = await openEmbeddedDatabase();
Deno.test.afterAll(() => database.close());
const openTestBox = (settings: Record<string, string> = {}) => openBox(database.sql, { settings });

Deno.test("GET /v1/balance is 0 for a fan never seen, in the currency of the sale", async () => {
  const { call } = openTestBox({ CURRENCY: "EUR" });
  const { status, body } = await call("GET", "/v1/balance", { fan: "never seen" });
  assert.deepEqual([status, body], [200, { balance: 0, currency: "EUR" }]);
});

Deno.test("POST /v1/balance/charges tops up where it is allowed, and is FORBIDDEN elsewhere", async () => {
  const charge = (settings: Record<string, string>) =>
    openTestBox(settings).call("POST", "/v1/balance/charges", {
      fan: "saver",
      key: "one",
      json: { amount: 10_000_000 },
    });
  const refusal = await charge({ ALLOW_SELF_CHARGE: "false" });
  assert.deepEqual([refusal.status, refusal.body.code], [403, "FORBIDDEN"]);
  const { status, body } = await charge({ ALLOW_SELF_CHARGE: "true" });
  assert.deepEqual([status, body], [201, { balance: 10_000_000, currency: "KRW" }]);
});

Deno.test("POST /v1/admin/balance/charges tops up any fan, once for a key", async () => {
  const { call } = openTestBox({ ALLOW_SELF_CHARGE: "false" });
  const charge = (key: string) =>
    call("POST", "/v1/admin/balance/charges", {
      operator: true,
      key,
      json: { userId: "팬 №1", amount: 300 },
    });
  const sends = await Promise.all([charge("one"), charge("one"), charge("two")]);
  assert.deepEqual(sends.map(({ status }) => status), [201, 201, 201]);
  assert.equal(sends[0].text, sends[1].text);
  const own = await call("GET", "/v1/balance", {
    headers: { Authorization: `Bearer ${await openTestBox().userToken("팬 №1")}` },
  });
  assert.equal(own.body.balance, 600);
});

Deno.test("amounts outside 1 to 10,000,000 are refused", async () => {
  const { call } = openTestBox();
  for (const amount of [0, -1, 1.5, 10_000_001, "5", null, true]) {
    const { status, body } = await call("POST", "/v1/balance/charges", {
      fan: "a",
      key: "k",
      json: { amount },
    });
    assert.deepEqual([status, body.code, body.errors[0].path], [
      400,
      "VALIDATION_FAILED",
      "amount",
    ]);
  }
});
