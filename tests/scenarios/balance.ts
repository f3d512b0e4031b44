import assert from "node:assert/strict";
import { type BoxSettings, newFan } from "../support/api_box.ts";
import type { Scenario } from "./scenario.ts";

export function balanceScenarios(test: Scenario): void {
  test("GET /v1/balance is 0 for a fan never seen", async (open) => {
    const { call } = await open();
    const fan = newFan("never seen");
    const { status, body } = await call("GET", "/v1/balance", { fan });
    assert.deepEqual([status, body], [200, { balance: 0, currency: "KRW" }]);
  });

  test("POST /v1/balance/charges tops up where it is allowed, and is FORBIDDEN elsewhere", async (open) => {
    const fan = newFan("saver");
    const charge = async (settings: BoxSettings, language = "en") =>
      (await open(settings)).call("POST", "/v1/balance/charges", {
        fan,
        key: "one",
        headers: { "Accept-Language": language },
        json: { amount: 10_000_000 },
      });
    const refusal = await charge({ ALLOW_SELF_CHARGE: "false" });
    assert.deepEqual([refusal.status, refusal.body.code], [403, "FORBIDDEN"]);
    assert.match(refusal.body.detail, /cannot top up their own balance/);
    const { body: inKorean } = await charge({ ALLOW_SELF_CHARGE: "false" }, "ko");
    assert.match(inKorean.detail, /직접 충전할 수 없습니다/);
    const { status, body } = await charge({ ALLOW_SELF_CHARGE: "true" });
    assert.deepEqual([status, body], [201, { balance: 10_000_000, currency: "KRW" }]);
  });

  test("POST /v1/admin/balance/charges tops up any fan, once for a key", async (open) => {
    const { call } = await open({ ALLOW_SELF_CHARGE: "false" });
    const fan = newFan("팬 №1");
    const charge = (key: string) =>
      call("POST", "/v1/admin/balance/charges", {
        operator: true,
        key,
        json: { userId: fan, amount: 300 },
      });
    const sends = await Promise.all([charge("one"), charge("one"), charge("two")]);
    assert.deepEqual(sends.map(({ status }) => status), [201, 201, 201]);
    assert.equal(sends[0].text, sends[1].text);
    const own = await call("GET", "/v1/balance", { fan });
    assert.equal(own.body.balance, 600);
  });

  test("amounts outside 1 to 10,000,000 are refused", async (open) => {
    const { call } = await open();
    const fan = newFan("a");
    for (const amount of [0, -1, 1.5, 10_000_001, "5", null, true]) {
      const { status, body } = await call("POST", "/v1/balance/charges", {
        fan,
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
}
