import assert from "node:assert/strict";
import { openEmbeddedDatabase } from "../../src/adapters/postgres/pglite.ts";
import { openBox } from "../support/box.ts";

const database = await openEmbeddedDatabase();
Deno.test.afterAll(() => database.close());

/** A run that has no USER_JWT_* and no remote store. */
const openLocalBox = () => openBox(database.sql, { settings: { USER_JWT_SECRET: "" } });

Deno.test("POST /dev/sign-in gives a valid user token in the local run", async () => {
  const { call } = openLocalBox();
  const { body } = await call("POST", "/dev/sign-in", { json: { userId: "a" } });
  const headers = { Authorization: `Bearer ${body.accessToken}` };
  assert.equal((await call("GET", "/v1/balance", { headers })).status, 200);
});

Deno.test("GET /docs offers demo tokens in the local run", async () => {
  const { call } = openLocalBox();
  assert.match((await call("GET", "/docs")).text, /id="demo"/);
  assert.match((await call("GET", "/docs/start.js")).text, /dev\/sign-in/);
});
