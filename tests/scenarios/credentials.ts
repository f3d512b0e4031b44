import assert from "node:assert/strict";
import { SignJWT } from "jose";
import type { Scenario } from "./scenario.ts";

export function credentialScenarios(test: Scenario): void {
  test("queue tokens are required, verified before any store is asked, and bound to the fan", async (open) => {
    const box = await open();
    const place = await box.join("a");
    const see = async (headers: Record<string, string>, fan = "a") => {
      const answer = await box.call("GET", "/v1/concerts", { fan, headers });
      if (answer.status !== 200) {
        assert.match(answer.headers.get("Server-Timing")!, /redis;desc="0".*postgres;desc="0"/);
      }
      return [answer.status, answer.body.code];
    };
    assert.deepEqual(await see({ "Queue-Token": place }), [200, undefined]);
    assert.deepEqual(await see({}), [401, "QUEUE_TOKEN_REQUIRED"]);
    const forged = `${place.slice(0, -4)}AAAA`;
    const untyped = await new SignJWT({ room: "main", epoch: "e", ord: 1 })
      .setProtectedHeader({ alg: "HS256" }).setSubject("a").sign(
        new TextEncoder().encode(box.config.queueTokenSecrets[0]),
      );
    for (const token of ["x", forged, untyped, "x".repeat(5_000)]) {
      assert.deepEqual(await see({ "Queue-Token": token }), [401, "QUEUE_TOKEN_INVALID"]);
    }
    assert.deepEqual(await see({ "Queue-Token": place }, "b"), [403, "QUEUE_TOKEN_MISMATCH"]);
    const empty = await box.call("POST", "/v1/queue/tokens", {
      fan: "b",
      headers: { "Queue-Token": "" },
    });
    assert.equal(empty.status, 201, "an empty header is no token");
    const join = await box.call("POST", "/v1/queue/tokens", { fan: "b", place });
    assert.deepEqual([join.status, join.body.code], [403, "QUEUE_TOKEN_MISMATCH"]);
  });

  test("QUEUE_TOKEN_SECRET signs with the first and accepts the others", async (open) => {
    const old = "o".repeat(32);
    const before = await open({ QUEUE_TOKEN_SECRET: old });
    const token = await before.join("a");
    const rotated = await open({ QUEUE_TOKEN_SECRET: `${"n".repeat(32)},${old}` });
    const accepted = await rotated.call("GET", "/v1/queue/tokens/me", { place: token });
    assert.deepEqual([accepted.status, accepted.body.reason], [200, "LINE_RESET"]);
    const fresh = await rotated.join("a");
    const refused = await before.call("GET", "/v1/queue/tokens/me", { place: fresh });
    assert.equal(refused.body.code, "QUEUE_TOKEN_INVALID");
  });

  test("operator routes take operator tokens alone", async (open) => {
    const box = await open({ ADMIN_TOKEN: `ann:${"1".repeat(32)},bob:${"2".repeat(32)}` });
    const see = async (token: string) =>
      (await box.call("GET", "/v1/admin/queue", { headers: { Authorization: `Bearer ${token}` } }))
        .status;
    assert.equal(await see("1".repeat(32)), 200);
    assert.equal(await see("2".repeat(32)), 200);
    assert.equal(await see(`ann:${"1".repeat(32)}`), 401);
    assert.equal(await see("1".repeat(31)), 401);
    assert.equal(await see(await box.userToken("a")), 401);
  });

  test("POST /dev/sign-in does not exist where USER_JWT_* is set", async (open) => {
    const { call } = await open();
    const { status, body } = await call("POST", "/dev/sign-in", { json: { userId: "a" } });
    assert.deepEqual([status, body.code], [404, "NOT_FOUND"]);
  });
}
