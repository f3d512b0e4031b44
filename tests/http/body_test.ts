import assert from "node:assert/strict";
import { openEmbeddedDatabase } from "../../src/adapters/postgres/pglite.ts";
import { openBox } from "../support/box.ts";

const database = await openEmbeddedDatabase();
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

Deno.test("a Content-Length over the limit is refused with any body", async () => {
  const { call } = openBox(database.sql);
  const headers = { "Content-Length": "65537" };
  const { status, body } = await call("DELETE", "/v1/queue/tokens/me", { headers });
  assert.deepEqual([status, body.code], [413, "PAYLOAD_TOO_LARGE"]);
});
