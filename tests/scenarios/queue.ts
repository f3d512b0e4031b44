import assert from "node:assert/strict";
import type { Scenario } from "./scenario.ts";

export function queueScenarios(test: Scenario): void {
  test("POST /v1/queue/tokens admits at once while there is room, and answers 200 again", async (open) => {
    const { call, clock } = await open({ QUEUE_CAPACITY: "1" });
    const first = await call("POST", "/v1/queue/tokens", { fan: "a", json: {} });
    assert.equal(first.status, 201);
    assert.deepEqual({ ...first.body, token: null }, {
      token: null,
      state: "ADMITTED",
      ticket: 1,
      position: null,
      ahead: null,
      positionIsExact: null,
      positionIs: null,
      estimatedWaitSeconds: null,
      estimatedWaitRange: null,
      pollAfterSeconds: null,
      expiresAt: new Date(clock() + 900_000).toISOString(),
      reason: null,
    });
    const again = await call("POST", "/v1/queue/tokens", { fan: "a" });
    assert.equal(again.status, 200);
    assert.equal(again.body.ticket, 1);
  });

  test("WAITING contains position, wait, poll pace and the end of the place", async (open) => {
    const { call, join, clock } = await open({ QUEUE_CAPACITY: "1" });
    await join("a");
    const second = await call("POST", "/v1/queue/tokens", { fan: "b" });
    const third = await call("POST", "/v1/queue/tokens", { fan: "c" });
    const { estimatedWaitRange, ...rest } = second.body;
    assert.equal(estimatedWaitRange.low, 0);
    assert.ok(estimatedWaitRange.high >= 0);
    assert.deepEqual({ ...rest, token: null }, {
      token: null,
      state: "WAITING",
      ticket: 2,
      position: 1,
      ahead: 0,
      positionIsExact: true,
      positionIs: "EXACT",
      estimatedWaitSeconds: 0,
      pollAfterSeconds: 2,
      expiresAt: new Date(clock() + 21_600_000).toISOString(),
      reason: null,
    });
    assert.equal(third.body.position, 2);
    assert.equal(third.body.estimatedWaitSeconds, 300);
    assert.ok(third.body.pollAfterSeconds >= 50 && third.body.pollAfterSeconds <= 60);
  });

  test("DELETE /v1/queue/tokens/me leaves, answers the same again, and admits the next fan", async (open) => {
    const { call, join } = await open({ QUEUE_CAPACITY: "1" });
    const a = await join("a");
    const b = await join("b");
    const left = await call("DELETE", "/v1/queue/tokens/me", { place: a });
    assert.equal(left.status, 200);
    assert.deepEqual([left.body.state, left.body.reason], ["GONE", "ENDED"]);
    assert.deepEqual((await call("DELETE", "/v1/queue/tokens/me", { place: a })).body, left.body);
    assert.equal((await call("GET", "/v1/queue/tokens/me", { place: b })).body.state, "ADMITTED");
    assert.equal((await call("GET", "/v1/queue/tokens/me", { place: a })).body.state, "GONE");
  });

  test("every token of a live place works, and none once the place has ended", async (open) => {
    const { call, join } = await open();
    const [one, two] = [await join("a"), await join("a")];
    for (const place of [one, two]) {
      assert.equal((await call("GET", "/v1/queue/tokens/me", { place })).body.state, "ADMITTED");
    }
    await call("DELETE", "/v1/queue/tokens/me", { place: one });
    const anew = await join("a");
    assert.equal((await call("GET", "/v1/queue/tokens/me", { place: two })).body.reason, "ENDED");
    assert.equal(
      (await call("GET", "/v1/queue/tokens/me", { place: anew })).body.state,
      "ADMITTED",
    );
  });

  test("GET /v1/queue returns counts without a credential", async (open) => {
    const { call, join } = await open({ QUEUE_CAPACITY: "2" });
    for (const fan of ["a", "b", "c"]) await join(fan);
    const { body } = await call("GET", "/v1/queue");
    assert.deepEqual(body, { waiting: 1, admitted: 2, capacity: 2 });
  });

  test("after a reset old tokens read LINE_RESET and rejoin in old order, ahead of fresh fans", async (open) => {
    const { call, join, wipeLine } = await open({ QUEUE_CAPACITY: "1" });
    const old: Record<string, string> = {};
    for (const fan of ["a", "b", "c"]) old[fan] = await join(fan);
    await wipeLine();
    await join("x");
    await join("y");
    const read = await call("GET", "/v1/queue/tokens/me", { place: old["b"]! });
    assert.deepEqual([read.body.state, read.body.reason], ["GONE", "LINE_RESET"]);
    for (const [fan, position] of [["c", 1], ["b", 1], ["a", 1]] as const) {
      const { body, status } = await call("POST", "/v1/queue/tokens", { fan, place: old[fan]! });
      assert.deepEqual([status, body.state, body.position], [201, "WAITING", position]);
    }
    const { body } = await call("GET", "/v1/queue");
    assert.deepEqual(body, { waiting: 4, admitted: 1, capacity: 1 });
  });
}
