import assert from "node:assert/strict";
import { openBox } from "../support/box.ts";
import { openTestDatabase } from "../support/embedded_database.ts";

const database = await openTestDatabase();
Deno.test.afterAll(() => database.close());

/** A run that has no USER_JWT_* and no remote store. */
const openLocalBox = (origin = "http://localhost:8787") =>
  openBox(database.sql, { settings: { USER_JWT_SECRET: "" }, origin });

Deno.test("POST /dev/sign-in gives a valid user token in the local run", async () => {
  const { call } = openLocalBox();
  const { body } = await call("POST", "/dev/sign-in", { json: { userId: "a" } });
  const headers = { Authorization: `Bearer ${body.accessToken}` };
  assert.equal((await call("GET", "/v1/balance", { headers })).status, 200);
});

Deno.test("POST /dev/sign-in answers at the names of loopback alone", async () => {
  const see = async (origin: string) =>
    (await openLocalBox(origin).call("POST", "/dev/sign-in", { json: { userId: "a" } })).status;
  for (const host of ["localhost", "LOCALHOST", "a.localhost", "127.0.0.1", "127.1", "[::1]"]) {
    assert.equal(await see(`http://${host}:8787`), 200, host);
  }
  for (
    const host of [
      "rebound.test",
      "localhost.rebound.test",
      "127.0.0.1.rebound.test",
      "notlocalhost",
      "192.168.0.1",
      "[::2]",
      "0.0.0.0",
    ]
  ) assert.equal(await see(`http://${host}:8787`), 403, host);
});

Deno.test("a refused POST /dev/sign-in names loopback, in the language of the caller", async () => {
  const { call } = openLocalBox("http://rebound.test:8787");
  for (
    const [language, detail] of [["en", /not a name of loopback/], [
      "ko",
      /loopback.*이 아닙니다/,
    ]] as const
  ) {
    const headers = { "Accept-Language": language };
    const { status, body } = await call("POST", "/dev/sign-in", { json: { userId: "a" }, headers });
    assert.deepEqual([status, body.code, body.reason], [403, "FORBIDDEN", undefined]);
    assert.match(body.detail, detail);
    assert.match(body.detail, /http:\/\/localhost/);
  }
});
