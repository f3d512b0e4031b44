import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import type { FanId, RoomId } from "../../../src/domain/ids.ts";
import type { QueueToken } from "../../../src/domain/queue.ts";
import { createQueueTokens, QUEUE_TOKEN_TYPE } from "../../../src/http/auth/queue_tokens.ts";

const SECRET = "a-secret-of-at-least-32-bytes-for-tests";
const OLD_SECRET = "an-older-secret-of-at-least-32-bytes-too";
const TOKEN: QueueToken = {
  room: "main" as RoomId,
  fan: "엘리스 \u{1f3b8}" as FanId,
  order: -7,
  epoch: "8a0b5f0e",
  madeAtMs: 1_796_119_200_000.5,
  isNear: false,
  pseudonym: "0123456789abcdef",
  isDrawn: false,
};
const tokens = createQueueTokens([SECRET]);

function signed(
  { secret = SECRET, alg = "HS256", typ = QUEUE_TOKEN_TYPE, payload = {} }: {
    secret?: string;
    alg?: string;
    typ?: string;
    payload?: Record<string, unknown>;
  },
): Promise<string> {
  const { fan, room, epoch, order, madeAtMs, pseudonym } = TOKEN;
  const claims = { sub: fan, room, epoch, ord: order, at: madeAtMs, name: pseudonym };
  return new SignJWT({ ...claims, ...payload })
    .setProtectedHeader({ alg, typ })
    .sign(new TextEncoder().encode(secret));
}

Deno.test("`verify()` reads what `sign()` wrote", () => {
  for (const isNear of [false, true]) {
    for (const pseudonym of [null, "0123456789abcdef"]) {
      const token = { ...TOKEN, isNear, pseudonym };
      assert.deepEqual(tokens.verify(tokens.sign(token)), token);
    }
  }
});

Deno.test("a queue token is a JWT that a JWT library verifies, and the reverse", async () => {
  const { payload, protectedHeader } = await jwtVerify(
    tokens.sign(TOKEN),
    new TextEncoder().encode(SECRET),
    { algorithms: ["HS256"], typ: QUEUE_TOKEN_TYPE },
  );
  assert.equal(protectedHeader.typ, QUEUE_TOKEN_TYPE);
  assert.deepEqual(payload, {
    sub: TOKEN.fan,
    room: "main",
    epoch: "8a0b5f0e",
    ord: -7,
    at: TOKEN.madeAtMs,
    name: TOKEN.pseudonym,
  });
  assert.deepEqual(tokens.verify(await signed({})), TOKEN);
});

Deno.test("the first secret signs, and every secret verifies", () => {
  const rotated = createQueueTokens([SECRET, OLD_SECRET]);
  const old = createQueueTokens([OLD_SECRET]);
  assert.deepEqual(rotated.verify(old.sign(TOKEN)), TOKEN);
  assert.deepEqual(tokens.verify(rotated.sign(TOKEN)), TOKEN);
  assert.equal(old.verify(rotated.sign(TOKEN)), null);
});

Deno.test("`verify()` refuses another secret, algorithm or type", async () => {
  assert.equal(tokens.verify(await signed({ secret: OLD_SECRET })), null);
  assert.equal(tokens.verify(await signed({ alg: "HS384" })), null);
  assert.equal(tokens.verify(await signed({ typ: "JWT" })), null);
});

Deno.test("`verify()` refuses every token that differs in one character", () => {
  const token = tokens.sign(TOKEN);
  for (let index = 0; index < token.length; index++) {
    const other = token[index] === "A" ? "B" : "A";
    const changed = token.slice(0, index) + other + token.slice(index + 1);
    assert.equal(tokens.verify(changed), null, `character ${index}`);
  }
});

Deno.test("`verify()` refuses texts that are no token of three parts", () => {
  const token = tokens.sign(TOKEN);
  const [header, payload, signature] = token.split(".");
  const texts = [
    "",
    ".",
    "..",
    header!,
    `${header}.${payload}`,
    `${header}.${payload}.`,
    `${token}.`,
    `${token}.${signature}`,
    `${token}=`,
    ` ${token}`,
    "é".repeat(10),
    "a".repeat(5_000),
  ];
  for (const text of texts) assert.equal(tokens.verify(text), null, JSON.stringify(text));
});

Deno.test("`verify()` refuses a signed payload that names no place", async () => {
  const faults = [
    { ord: "7" },
    { ord: 1.5 },
    { room: 1 },
    { epoch: null },
    { sub: "" },
    { at: null },
    { at: "now" },
    { name: 7 },
  ];
  for (const payload of faults) {
    assert.equal(tokens.verify(await signed({ payload })), null, JSON.stringify(payload));
  }
});

Deno.test("`verify()` refuses a signed payload that is no JSON object", () => {
  const [header] = tokens.sign(TOKEN).split(".");
  const base64url = (text: string) => Buffer.from(text, "latin1").toString("base64url");
  for (const payload of [...["null", "{x", "\xff\xfe", "[]", "7"].map(base64url), "!!!", "%"]) {
    const input = `${header}.${payload}`;
    const signature = createHmac("sha256", SECRET).update(input).digest("base64url");
    assert.equal(tokens.verify(`${input}.${signature}`), null, payload);
  }
});

Deno.test("`verify()` refuses a signed token of more than 4,096 characters", () => {
  const long = tokens.sign({ ...TOKEN, epoch: "e".repeat(5_000) });
  assert.equal(tokens.verify(long), null);
});
