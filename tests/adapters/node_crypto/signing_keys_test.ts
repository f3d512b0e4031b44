import { deepEqual, equal, throws } from "node:assert/strict";
import { calculateJwkThumbprint } from "jose";
import { createSigningKeys } from "../../../src/adapters/node_crypto/signing_keys.ts";

/** RFC 8032, 7.1, test 3: seed, public key, message, signature. */
const VECTOR = {
  seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
  publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
  message: Uint8Array.fromHex("af82"),
};
const [ONE, TWO] = ["1".repeat(64), "2".repeat(64)] as const;
const base64url = { alphabet: "base64url", omitPadding: true } as const;

Deno.test("a seed makes the public key of RFC 8032", () => {
  const [key] = createSigningKeys([VECTOR.seed]).publicKeys;
  equal(key!.x, Uint8Array.fromHex(VECTOR.publicKey).toBase64(base64url));
});

Deno.test("`sign()` makes the same signature each time, which WebCrypto verifies by the public key", async () => {
  const keys = createSigningKeys([VECTOR.seed.toUpperCase()]);
  const signature = keys.sign("text");
  equal(keys.sign("text"), signature);
  const [jwk] = keys.publicKeys;
  const key = await crypto.subtle.importKey("jwk", { ...jwk }, "Ed25519", false, ["verify"]);
  const bytes = Uint8Array.fromBase64(signature, { alphabet: "base64url" });
  const text = new TextEncoder().encode("text");
  equal(await crypto.subtle.verify("Ed25519", key, bytes, text), true);
});

Deno.test("a key id begins the thumbprint of its key (RFC 7638), and all keys are published", async () => {
  const { publicKeys, keyId } = createSigningKeys([ONE, TWO]);
  equal(publicKeys.length, 2);
  equal(publicKeys[0]!.kid, keyId);
  for (const { kid, ...jwk } of publicKeys) {
    equal(kid, (await calculateJwkThumbprint(jwk)).slice(0, 11));
    deepEqual(Object.keys(jwk).sort(), ["alg", "crv", "kty", "use", "x"], "nothing is private");
  }
});

Deno.test("the first key signs, and all keys verify what is theirs", () => {
  const [one, both] = [createSigningKeys([ONE]), createSigningKeys([TWO, ONE])];
  const signature = one.sign("text");
  equal(both.verify(one.keyId, "text", signature), true);
  equal(both.verify(both.keyId, "text", signature), false, "of another key");
  equal(one.verify(both.keyId, "text", both.sign("text")), false, "of an unknown key");
  equal(one.verify(one.keyId, "texts", signature), false, "of another text");
});

Deno.test("`verify()` takes one spelling of a signature, and no broken one", () => {
  const keys = createSigningKeys([ONE]);
  const signature = keys.sign("text");
  // The last character has four bits that are no part of the 64 bytes.
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const next = digits[digits.indexOf(signature.at(-1)!) + 1]!;
  const others = [
    signature.slice(0, -1) + next,
    signature.slice(0, -2),
    `${signature}AA`,
    `${signature}==`,
    signature.replace(/.$/, "*"),
    ` ${signature.slice(1)}`,
    "",
  ];
  for (const other of others) equal(keys.verify(keys.keyId, "text", other), false, other);
  equal(keys.verify(keys.keyId, "text", signature), true);
});

Deno.test("there is no signing without a key", () => {
  throws(() => createSigningKeys([]), /no key/);
});
