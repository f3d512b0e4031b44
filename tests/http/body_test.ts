import assert from "node:assert/strict";
import { BODY_DEADLINE_MS } from "../../src/http/pipeline/body.ts";
import { openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

Deno.test("reading a body stops at the limit", async () => {
  const { call } = openBox(database.sql);
  const chunk = new TextEncoder().encode(" ".repeat(1024));
  let sent = 0;
  const endless = new ReadableStream({
    pull(controller) {
      controller.enqueue(chunk);
      if (++sent > 1_000) controller.close();
    },
  });
  const { body } = await call("POST", "/v1/payments", { raw: endless });
  assert.equal(body.code, "PAYLOAD_TOO_LARGE");
  assert.ok(sent < 100, `${sent} KiB were read`);
});

Deno.test("a DELETE whose body says something is refused, and does nothing", async () => {
  const { call, join } = openBox(database.sql);
  const fan = `deletes-${crypto.randomUUID()}`;
  const place = await join(fan);
  const path = `/v1/admin/rooms/main/places/${fan}`;
  const operator = true;
  const reason = { reason: "a second account" };
  const bodies = [
    { json: reason },
    { json: [] },
    { json: null },
    { raw: "reason=x" },
    { raw: "{" },
    { raw: new Uint8Array([0xff]) },
  ];
  for (const sent of bodies) {
    const { status, body } = await call("DELETE", path, { operator, ...sent });
    assert.deepEqual([status, body.code], [400, "VALIDATION_FAILED"], JSON.stringify(sent));
    assert.deepEqual(body.errors, [{
      path: "body",
      message: "must be empty: a reason belongs to the query, as in ?reason=…",
    }]);
  }
  const own = await call("DELETE", "/v1/queue/tokens/me", { place, json: reason });
  assert.deepEqual([own.status, own.body.errors], [400, [{
    path: "body",
    message: "must be empty",
  }]]);
  assert.equal((await call("DELETE", path, { json: reason })).status, 401, "credentials first");
  assert.equal((await call("GET", "/v1/queue/tokens/me", { place })).body.state, "ADMITTED");
  for (const sent of [{ raw: "" }, { raw: " " }, { json: {} }]) {
    const { status } = await call("DELETE", "/v1/queue/tokens/me", { place, ...sent });
    assert.equal(status, 200, JSON.stringify(sent));
  }
});

Deno.test("a Content-Length over the limit is refused with any body", async () => {
  const { call } = openBox(database.sql);
  const headers = { "Content-Length": "65537" };
  const { status, body } = await call("DELETE", "/v1/queue/tokens/me", { headers });
  assert.deepEqual([status, body.code], [413, "PAYLOAD_TOO_LARGE"]);
});

/** Runs `act` with a deadline of bodies that passes at once. */
async function withoutPatience<Value>(act: () => Promise<Value>): Promise<Value> {
  const { setTimeout: start } = globalThis;
  globalThis.setTimeout =
    ((run: () => void, ms?: number) =>
      start(run, ms === BODY_DEADLINE_MS ? 0 : ms)) as typeof setTimeout;
  try {
    return await act();
  } finally {
    globalThis.setTimeout = start;
  }
}

const STALLED = {
  stalls: () => {},
  breaks: (controller: ReadableStreamDefaultController) => controller.error(),
};

for (const [what, start] of Object.entries(STALLED)) {
  const raw = () => new ReadableStream({ start });

  Deno.test(`a body that ${what} does not keep the refusal of the caller from a stranger`, async () => {
    const { call } = openBox(database.sql);
    const refused = await withoutPatience(() => call("POST", "/v1/payments", { raw: raw() }));
    assert.deepEqual([refused.status, refused.body.code], [401, "UNAUTHENTICATED"]);
    const headers = { "Content-Length": "65537" };
    const large = await call("POST", "/v1/payments", { raw: raw(), headers });
    assert.deepEqual([large.status, large.body.code], [413, "PAYLOAD_TOO_LARGE"]);
  });

  Deno.test(`a body that ${what} is malformed where the caller is known`, async () => {
    const { call } = openBox(database.sql);
    const fan = `slow-${crypto.randomUUID()}`;
    const headers = { "Idempotency-Key": "k" };
    const refused = await withoutPatience(() =>
      call("POST", "/v1/payments", { fan, headers, raw: raw() })
    );
    assert.deepEqual([refused.status, refused.body.code], [400, "MALFORMED_JSON"]);
  });
}
