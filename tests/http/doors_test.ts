import assert from "node:assert/strict";
import { SignJWT } from "jose";
import { openEmbeddedDatabase } from "../../src/adapters/postgres/pglite.ts";
import { type Box, openBox, OPERATOR_TOKEN } from "../support/box.ts";

const database = await openEmbeddedDatabase();
Deno.test.afterAll(() => database.close());
const openTestBox = (settings: Record<string, string> = {}) => openBox(database.sql, { settings });

const key = (secret: string) => new TextEncoder().encode(secret);
const USER_KEY = key("u".repeat(32));
const QUEUE_KEY = key("q".repeat(32));

interface Made {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, string>;
  readonly secret?: Uint8Array;
}

/** A user token, valid unless something is put in its place; a claim of undefined is left out. */
function userToken(box: Box, { claims = {}, header = {}, secret = USER_KEY }: Made = {}) {
  const valid = { sub: "a", exp: Math.floor(box.clock() / 1000) + 60 };
  return new SignJWT(JSON.parse(JSON.stringify({ ...valid, ...claims })))
    .setProtectedHeader({ alg: "HS256", ...header })
    .sign(secret);
}

/** Its `exp` is a number of JSON beyond those of JavaScript. */
async function endlessToken(): Promise<string> {
  const base64 = (bytes: Uint8Array) =>
    bytes.toBase64({ alphabet: "base64url", omitPadding: true });
  const part = (text: string) => base64(new TextEncoder().encode(text));
  const signed = `${part('{"alg":"HS256"}')}.${part('{"sub":"a","exp":1e400}')}`;
  const hmac = await crypto.subtle.importKey(
    "raw",
    USER_KEY,
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const signature = await crypto.subtle.sign("HMAC", hmac, new TextEncoder().encode(signed));
  return `${signed}.${base64(new Uint8Array(signature))}`;
}

async function codeFor(box: Box, authorization: string | null): Promise<string | number> {
  const headers = authorization === null ? {} : { Authorization: authorization };
  const { status, body, headers: answered } = await box.call("GET", "/v1/balance", { headers });
  if (status === 401) assert.equal(answered.get("WWW-Authenticate"), "Bearer");
  assert.match(answered.get("Server-Timing")!, status === 401 ? /postgres;desc="0"/ : /desc="1"/);
  return status === 200 ? 200 : body.code;
}

Deno.test("a valid user token opens the door, in any case of the scheme", async () => {
  const box = openTestBox();
  const token = await userToken(box);
  for (const scheme of ["Bearer", "bearer", "BEARER"]) {
    assert.equal(await codeFor(box, `${scheme} ${token}`), 200);
  }
});

Deno.test("user tokens that are missing, forged, late, early or nameless are UNAUTHENTICATED", async () => {
  const box = openTestBox();
  const nowS = Math.floor(box.clock() / 1000);
  const [head, payload] = (await userToken(box)).split(".");
  const tokens = [
    "not a token",
    "",
    `${btoa('{"alg":"none"}').replaceAll("=", "")}.${payload}.`,
    `${head}.${payload}.`,
    await userToken(box, { secret: key("x".repeat(32)) }),
    await userToken(box, { header: { alg: "HS512" } }),
    await userToken(box, { claims: { exp: undefined } }),
    await userToken(box, { claims: { exp: nowS } }),
    await userToken(box, { claims: { exp: String(nowS + 60) } }),
    await userToken(box, { claims: { nbf: nowS + 1 } }),
    await userToken(box, { claims: { sub: undefined } }),
    await userToken(box, { claims: { sub: "" } }),
    await userToken(box, { claims: { sub: 7 } }),
    await userToken(box, { claims: { sub: "a\0b" } }),
    await userToken(box, { claims: { sub: "\ud800" } }),
    await userToken(box, { claims: { sub: "x".repeat(129) } }),
    await userToken(box, { header: { typ: "stanchion-queue+jwt" } }),
    await userToken(box, { header: { typ: "application/Stanchion-Queue+JWT" } }),
    await endlessToken(),
    "x".repeat(10_000),
    OPERATOR_TOKEN,
  ];
  for (const token of tokens) {
    assert.equal(await codeFor(box, `Bearer ${token}`), "UNAUTHENTICATED", token.slice(0, 200));
  }
  for (const header of [null, "Basic YTpi", await userToken(box)]) {
    assert.equal(await codeFor(box, header), "UNAUTHENTICATED");
  }
  const longest = await userToken(box, { claims: { sub: "🎫".repeat(128) } });
  assert.equal(await codeFor(box, `Bearer ${longest}`), 200);
});

Deno.test("iss and aud are checked where they are set", async () => {
  const box = openTestBox({ USER_JWT_ISSUER: "https://id.test", USER_JWT_AUDIENCE: "tickets" });
  const right = { iss: "https://id.test", aud: "tickets" };
  const codeOf = async (claims: Record<string, unknown>) =>
    await codeFor(box, `Bearer ${await userToken(box, { claims })}`);
  assert.equal(await codeOf(right), 200);
  assert.equal(await codeOf({ ...right, iss: "https://evil.test" }), "UNAUTHENTICATED");
  assert.equal(await codeOf({ ...right, aud: "other" }), "UNAUTHENTICATED");
  assert.equal(await codeOf({}), "UNAUTHENTICATED");
});

Deno.test("a queue token is no user token, nor the reverse, even under one secret", async () => {
  const secret = "b".repeat(32);
  const box = openTestBox({ USER_JWT_SECRET: secret, QUEUE_TOKEN_SECRET: secret });
  const place = await box.join("a");
  assert.equal(await codeFor(box, `Bearer ${place}`), "UNAUTHENTICATED");
  const user = await box.userToken("a");
  const { body } = await box.call("GET", "/v1/queue/tokens/me", { place: user });
  assert.equal(body.code, "QUEUE_TOKEN_INVALID");
});

Deno.test("queue tokens are required, verified before any store is asked, and bound to the fan", async () => {
  const box = openTestBox();
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
    .setProtectedHeader({ alg: "HS256" }).setSubject("a").sign(QUEUE_KEY);
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

Deno.test("QUEUE_TOKEN_SECRET signs with the first and accepts the others", async () => {
  const old = "o".repeat(32);
  const token = await openTestBox({ QUEUE_TOKEN_SECRET: old }).join("a");
  const rotated = openTestBox({ QUEUE_TOKEN_SECRET: `${"n".repeat(32)},${old}` });
  const accepted = await rotated.call("GET", "/v1/queue/tokens/me", { place: token });
  assert.deepEqual([accepted.status, accepted.body.reason], [200, "LINE_RESET"]);
  const fresh = await rotated.join("a");
  const refused = await openTestBox({ QUEUE_TOKEN_SECRET: old })
    .call("GET", "/v1/queue/tokens/me", { place: fresh });
  assert.equal(refused.body.code, "QUEUE_TOKEN_INVALID");
});

Deno.test("operator routes take operator tokens alone", async () => {
  const box = openTestBox({ ADMIN_TOKEN: `ann:${"1".repeat(32)},bob:${"2".repeat(32)}` });
  const see = async (token: string) =>
    (await box.call("GET", "/v1/admin/queue", { headers: { Authorization: `Bearer ${token}` } }))
      .status;
  assert.equal(await see("1".repeat(32)), 200);
  assert.equal(await see("2".repeat(32)), 200);
  assert.equal(await see(`ann:${"1".repeat(32)}`), 401);
  assert.equal(await see("1".repeat(31)), 401);
  assert.equal(await see(await box.userToken("a")), 401);
});

Deno.test("POST /dev/sign-in exists in a run that has no USER_JWT_* and no remote store, alone", async () => {
  const withSecret = await openTestBox().call("POST", "/dev/sign-in", { json: { userId: "a" } });
  assert.equal(withSecret.body.code, "NOT_FOUND");
  const local = openTestBox({ USER_JWT_SECRET: "" });
  const { body } = await local.call("POST", "/dev/sign-in", { json: { userId: "a" } });
  assert.equal(await codeFor(local, `Bearer ${body.accessToken}`), 200);
});
