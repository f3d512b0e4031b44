import assert from "node:assert/strict";
import { openEmbeddedDatabase } from "../../src/adapters/postgres/pglite.ts";
import { openBox } from "../support/box.ts";

const database = await openEmbeddedDatabase();
Deno.test.afterAll(() => database.close());
const box = (settings: Record<string, string> = {}) => openBox(database.sql, { settings });

Deno.test("POST /v1/queue/tokens admits at once while there is room, and answers 200 again", async () => {
  const { call } = box({ QUEUE_CAPACITY: "1" });
  const first = await call("POST", "/v1/queue/tokens", { fan: "a", json: {} });
  assert.equal(first.status, 201);
  assert.deepEqual({ ...first.body, token: null }, {
    token: null,
    state: "ADMITTED",
    ticket: 1,
    position: null,
    ahead: null,
    positionIsExact: null,
    estimatedWaitSeconds: null,
    pollAfterSeconds: null,
    expiresAt: "2026-12-01T10:15:00.000Z",
    reason: null,
  });
  const again = await call("POST", "/v1/queue/tokens", { fan: "a" });
  assert.equal(again.status, 200);
  assert.equal(again.body.ticket, 1);
});

Deno.test("WAITING tells position, wait, when to ask again and when silence ends the place", async () => {
  const { call, join } = box({ QUEUE_CAPACITY: "1" });
  await join("a");
  const second = await call("POST", "/v1/queue/tokens", { fan: "b" });
  const third = await call("POST", "/v1/queue/tokens", { fan: "c" });
  assert.deepEqual({ ...second.body, token: null }, {
    token: null,
    state: "WAITING",
    ticket: 2,
    position: 1,
    ahead: 0,
    positionIsExact: true,
    estimatedWaitSeconds: 0,
    pollAfterSeconds: 3,
    expiresAt: "2026-12-01T16:00:00.000Z",
    reason: null,
  });
  assert.equal(third.body.position, 2);
  assert.equal(third.body.estimatedWaitSeconds, 300);
  assert.ok(third.body.pollAfterSeconds > 2 && third.body.pollAfterSeconds <= 60);
});

Deno.test("DELETE /v1/queue/tokens/me leaves, answers the same again, and lets the next one in", async () => {
  const { call, join } = box({ QUEUE_CAPACITY: "1" });
  const a = await join("a");
  const b = await join("b");
  const left = await call("DELETE", "/v1/queue/tokens/me", { place: a });
  assert.equal(left.status, 200);
  assert.deepEqual([left.body.state, left.body.reason], ["GONE", "ENDED"]);
  assert.deepEqual((await call("DELETE", "/v1/queue/tokens/me", { place: a })).body, left.body);
  assert.equal((await call("GET", "/v1/queue/tokens/me", { place: b })).body.state, "ADMITTED");
  assert.equal((await call("GET", "/v1/queue/tokens/me", { place: a })).body.state, "GONE");
});

Deno.test("every token of a live place works, and none once the place has ended", async () => {
  const { call, join } = box();
  const [one, two] = [await join("a"), await join("a")];
  for (const place of [one, two]) {
    assert.equal((await call("GET", "/v1/queue/tokens/me", { place })).body.state, "ADMITTED");
  }
  await call("DELETE", "/v1/queue/tokens/me", { place: one });
  const anew = await join("a");
  assert.equal((await call("GET", "/v1/queue/tokens/me", { place: two })).body.reason, "ENDED");
  assert.equal((await call("GET", "/v1/queue/tokens/me", { place: anew })).body.state, "ADMITTED");
});

Deno.test("GET /v1/queue counts, for anybody", async () => {
  const { call, join } = box({ QUEUE_CAPACITY: "2" });
  for (const fan of ["a", "b", "c"]) await join(fan);
  const { body } = await call("GET", "/v1/queue");
  assert.deepEqual(body, { waiting: 1, admitted: 2, capacity: 2 });
});

Deno.test("after a reset old tokens read LINE_RESET and rejoin in old order, ahead of fresh fans", async () => {
  const before = box({ QUEUE_CAPACITY: "1" });
  const old: Record<string, string> = {};
  for (const fan of ["a", "b", "c"]) old[fan] = await before.join(fan);
  const { call, join } = box({ QUEUE_CAPACITY: "1" }); // the same secrets, an empty store
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

Deno.test("POST /v1/queue/tokens answers RATE_LIMITED when the fan joins too often", async () => {
  const limited = openBox(database.sql, { allowJoin: (fan) => Promise.resolve(fan !== "eager") });
  const { status, body, headers } = await limited.call("POST", "/v1/queue/tokens", {
    fan: "eager",
  });
  assert.deepEqual([status, body.code, headers.get("Retry-After")], [429, "RATE_LIMITED", "10"]);
  assert.equal((await limited.call("POST", "/v1/queue/tokens", { fan: "calm" })).status, 201);
});
