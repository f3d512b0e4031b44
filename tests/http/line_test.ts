import assert from "node:assert/strict";
import { openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

Deno.test("the poll pace takes its jitter from the injected random source", async () => {
  const { call, join } = openBox(database.sql, { settings: { QUEUE_CAPACITY: "1" } });
  await join("a");
  const paces = [];
  for (const fan of ["b", "c"]) {
    paces.push((await call("POST", "/v1/queue/tokens", { fan })).body.pollAfterSeconds);
  }
  assert.deepEqual(paces, [2, 55], "none for who is next, and half of a fifth of 50 s");
});

Deno.test("POST /v1/queue/tokens answers RATE_LIMITED when the fan joins too often", async () => {
  const limited = openBox(database.sql, {
    limitJoins: (fan) => Promise.resolve(fan === "eager" ? 7 : null),
  });
  const { status, body, headers } = await limited.call("POST", "/v1/queue/tokens", {
    fan: "eager",
  });
  assert.deepEqual([status, body.code, headers.get("Retry-After")], [429, "RATE_LIMITED", "7"]);
  assert.equal((await limited.call("POST", "/v1/queue/tokens", { fan: "calm" })).status, 201);
});
