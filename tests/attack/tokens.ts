import { Buffer } from "node:buffer";
import { createHmac, createPrivateKey, sign as signBytes } from "node:crypto";

/** Texts that look like JWTs (RFC 7515), made without a library, which would refuse to. */
export interface Forged {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

const base64url = (value: string | Uint8Array) => Buffer.from(value).toString("base64url");

function inputOf({ header, claims }: Forged): string {
  return `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(claims))}`;
}

export function unsigned(forged: Forged): string {
  return `${inputOf(forged)}.`;
}

/** `hash` is that of the HMAC, whatever the header says. */
export function hmacSigned(forged: Forged, secret: string | Uint8Array, hash = "sha256"): string {
  const input = inputOf(forged);
  return `${input}.${createHmac(hash, secret).update(input).digest("base64url")}`;
}

/** By an Ed25519 key whose seed is in hex. */
export function ed25519Signed(forged: Forged, seed: string): string {
  const key = createPrivateKey({
    key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), fromHex(seed)]),
    format: "der",
    type: "pkcs8",
  });
  const input = inputOf(forged);
  return `${input}.${base64url(signBytes(null, Buffer.from(input), key))}`;
}

const fromHex = (hex: string) => Buffer.from(hex, "hex");

/** The claims of a token, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split(".")[1]!, "base64url").toString());
}

/** The same signature over other claims. */
export function withClaims(token: string, changes: Readonly<Record<string, unknown>>): string {
  const [header, , signature] = token.split(".");
  return [header, base64url(JSON.stringify({ ...claimsOf(token), ...changes })), signature].join(
    ".",
  );
}

export function withHeader(token: string, changes: Readonly<Record<string, unknown>>): string {
  const [header, claims, signature] = token.split(".");
  const present = JSON.parse(Buffer.from(header!, "base64url").toString());
  return [base64url(JSON.stringify({ ...present, ...changes })), claims, signature].join(".");
}
