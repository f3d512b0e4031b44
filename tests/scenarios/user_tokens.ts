import assert from "node:assert/strict";
import { SignJWT } from "jose";
import type { ApiBox } from "../support/api_box.ts";
import { OPERATOR_TOKEN } from "../support/api_box.ts";
import type { Scenario } from "./scenario.ts";

const key = (secret: string) => new TextEncoder().encode(secret);

function keyOf({ config: { users } }: ApiBox): Uint8Array<ArrayBuffer> {
  if (users.kind !== "SECRET") throw new Error("this box has no secret");
  return key(users.secrets[0]!);
}

interface Made {
  readonly claims?: Record<string, unknown>;
  readonly header?: Record<string, string>;
  readonly secret?: Uint8Array;
}

/** A user token, valid unless something is put in its place; a claim of undefined is left out. */
function userToken(box: ApiBox, { claims = {}, header = {}, secret = keyOf(box) }: Made = {}) {
  const valid = { sub: "a", exp: Math.floor(box.clock() / 1000) + 60 };
  return new SignJWT(JSON.parse(JSON.stringify({ ...valid, ...claims })))
    .setProtectedHeader({ alg: "HS256", ...header })
    .sign(secret);
}

/** Its `exp` is a number of JSON beyond those of JavaScript. */
async function endlessToken(box: ApiBox): Promise<string> {
  const base64 = (bytes: Uint8Array) =>
    bytes.toBase64({ alphabet: "base64url", omitPadding: true });
  const part = (text: string) => base64(new TextEncoder().encode(text));
  const signed = `${part('{"alg":"HS256"}')}.${part('{"sub":"a","exp":1e400}')}`;
  const hmac = await crypto.subtle.importKey(
    "raw",
    keyOf(box),
    { name: "HMAC", hash: "SHA-256" },
    false,
    ["sign"],
  );
  const signature = await crypto.subtle.sign("HMAC", hmac, new TextEncoder().encode(signed));
  return `${signed}.${base64(new Uint8Array(signature))}`;
}

async function codeFor(box: ApiBox, authorization: string | null): Promise<string | number> {
  const headers = authorization === null ? {} : { Authorization: authorization };
  const { status, body, headers: answered } = await box.call("GET", "/v1/balance", { headers });
  if (status === 401) assert.equal(answered.get("WWW-Authenticate"), "Bearer");
  assert.match(answered.get("Server-Timing")!, status === 401 ? /postgres;desc="0"/ : /desc="1"/);
  return status === 200 ? 200 : body.code;
}

export function userTokenScenarios(test: Scenario): void {
  test("a valid user token is accepted, in any case of the scheme", async (open) => {
    const box = await open();
    const token = await userToken(box);
    for (const scheme of ["Bearer", "bearer", "BEARER"]) {
      assert.equal(await codeFor(box, `${scheme} ${token}`), 200);
    }
  });

  test("user tokens that are missing, forged, late, early or nameless are UNAUTHENTICATED", async (open) => {
    const box = await open();
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
      await userToken(box, { claims: { exp: nowS - 30 } }),
      await userToken(box, { claims: { exp: String(nowS + 60) } }),
      await userToken(box, { claims: { nbf: nowS + 31 } }),
      await userToken(box, { claims: { sub: undefined } }),
      await userToken(box, { claims: { sub: "" } }),
      await userToken(box, { claims: { sub: 7 } }),
      await userToken(box, { claims: { sub: "a " } }),
      await userToken(box, { claims: { sub: "\u00a0a" } }),
      await userToken(box, { claims: { sub: "a\0b" } }),
      await userToken(box, { claims: { sub: "\ud800" } }),
      await userToken(box, { claims: { sub: "x".repeat(129) } }),
      await userToken(box, { header: { typ: "stanchion-queue+jwt" } }),
      await userToken(box, { header: { typ: "application/Stanchion-Queue+JWT" } }),
      await endlessToken(box),
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

  test("the clocks of the identity provider and of this service may be half a minute apart", async (open) => {
    const box = await open();
    const nowS = Math.floor(box.clock() / 1000);
    for (const claims of [{ exp: nowS - 29 }, { nbf: nowS + 30 }, { iat: nowS + 30 }]) {
      const token = await userToken(box, { claims });
      assert.equal(await codeFor(box, `Bearer ${token}`), 200, JSON.stringify(claims));
    }
  });

  test("USER_JWT_SECRET accepts tokens of each of its secrets", async (open) => {
    const [fresh, old, other] = ["n", "o", "x"].map((letter) => letter.repeat(32));
    const box = await open({ USER_JWT_SECRET: `${fresh}, ${old}` });
    for (const secret of [fresh!, old!]) {
      const token = await userToken(box, { secret: key(secret) });
      assert.equal(await codeFor(box, `Bearer ${token}`), 200);
    }
    for (const secret of [other!, `${fresh}, ${old}`]) {
      const token = await userToken(box, { secret: key(secret) });
      assert.equal(await codeFor(box, `Bearer ${token}`), "UNAUTHENTICATED");
    }
  });

  test("iss and aud are checked where they are set", async (open) => {
    const box = await open({ USER_JWT_ISSUER: "https://id.test", USER_JWT_AUDIENCE: "tickets" });
    const right = { iss: "https://id.test", aud: "tickets" };
    const codeOf = async (claims: Record<string, unknown>) =>
      await codeFor(box, `Bearer ${await userToken(box, { claims })}`);
    assert.equal(await codeOf(right), 200);
    assert.equal(await codeOf({ ...right, iss: "https://evil.test" }), "UNAUTHENTICATED");
    assert.equal(await codeOf({ ...right, aud: "other" }), "UNAUTHENTICATED");
    assert.equal(await codeOf({}), "UNAUTHENTICATED");
  });

  test("a queue token is no user token, nor the reverse, even under one secret", async (open) => {
    const secret = "b".repeat(32);
    const box = await open({ USER_JWT_SECRET: secret, QUEUE_TOKEN_SECRET: secret });
    const place = await box.join("a");
    assert.equal(await codeFor(box, `Bearer ${place}`), "UNAUTHENTICATED");
    const user = await box.userToken("a");
    const { body } = await box.call("GET", "/v1/queue/tokens/me", { place: user });
    assert.equal(body.code, "QUEUE_TOKEN_INVALID");
  });
}
