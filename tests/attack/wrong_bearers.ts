import { OPERATOR_TOKEN } from "../support/api_box.ts";
import { DOOR_TOKEN } from "../requests/world.ts";
import type { Bearer } from "./needs.ts";
import { claimsOf, ed25519Signed, hmacSigned, unsigned, withClaims, withHeader } from "./tokens.ts";

export const ISSUER = "https://id.test";
export const AUDIENCE = "tickets";

/** What an attacker may have, and what only the test has. */
export interface Material {
  readonly nowMs: number;
  readonly fan: string;
  /** A good user token of the fan. */
  readonly userToken: string;
  readonly queueToken: string;
  /** An admission of the fan for another server, which SIGNING_KEY signed. */
  readonly admission: string;
  readonly ticketCode: string;
  readonly signingKey: string;
  /** Signs with the key of user tokens. */
  sign(
    claims: Readonly<Record<string, unknown>>,
    header?: Readonly<Record<string, unknown>>,
  ): string;
  /** Further tokens that only this kind of keys makes possible. */
  readonly others: Readonly<Record<string, string>>;
}

/** An `Authorization` header, and the schemes for which it is good. */
export interface BearerAttack {
  readonly name: string;
  readonly value: string | null;
  readonly goodFor: readonly Bearer[];
}

function userTokens(material: Material): Record<string, string> {
  const { nowMs, fan, userToken, sign } = material;
  const now = Math.floor(nowMs / 1000);
  const good = { sub: fan, iat: now, exp: now + 600, iss: ISSUER, aud: AUDIENCE };
  const { exp: _, ...withoutEnd } = good;
  const { sub: __, ...withoutFan } = good;
  return {
    "expired": sign({ ...good, exp: now - 31 }),
    "not yet valid": sign({ ...good, nbf: now + 31 }),
    "without an end": sign(withoutEnd),
    "with an end that is no number": sign({ ...good, exp: "never" }),
    "without a fan": sign(withoutFan),
    "of an empty fan": sign({ ...good, sub: "" }),
    "of a fan with a blank at the end": sign({ ...good, sub: `${fan} ` }),
    "of a fan of 129 characters": sign({ ...good, sub: "x".repeat(129) }),
    "of a fan that is a list": sign({ ...good, sub: [fan] }),
    "of another audience": sign({ ...good, aud: "another" }),
    "without an audience": sign({ ...good, aud: undefined }),
    "of another issuer": sign({ ...good, iss: "https://evil.test" }),
    "of our own types": sign(good, { typ: "stanchion-queue+jwt" }),
    "of the type of admissions": sign(good, { typ: "application/Admission+JWT" }),
    "with a critical header": sign(good, { crit: ["x"], x: 1 }),
    "not encoded": sign(good, { b64: false, crit: ["b64"] }),
    "of the algorithm none": unsigned({ header: { alg: "none", typ: "JWT" }, claims: good }),
    "of the algorithm nOnE": unsigned({ header: { alg: "nOnE" }, claims: good }),
    "of none with the good signature": withHeader(userToken, { alg: "none" }),
    "with other claims": withClaims(userToken, { sub: "somebody" }),
    "signed with another secret": hmacSigned(
      { header: { alg: "HS256" }, claims: good },
      "x".repeat(32),
    ),
    "signed with an empty secret": hmacSigned({ header: { alg: "HS256" }, claims: good }, ""),
    "signed with SIGNING_KEY": ed25519Signed(
      { header: { alg: "EdDSA", typ: "JWT" }, claims: good },
      material.signingKey,
    ),
    "truncated by a character": userToken.slice(0, -1),
    "truncated to its claims": userToken.split(".").slice(0, 2).join("."),
    "without its signature": `${userToken.split(".").slice(0, 2).join(".")}.`,
    "with a fourth part": `${userToken}.${userToken.split(".")[2]}`,
    "huge": sign({ ...good, more: "x".repeat(9000) }),
    "huge and no token": "x".repeat(60_000),
    ...material.others,
  };
}

/** Every wrong `Authorization` header, those that are good elsewhere with them. */
export function bearerAttacks(material: Material): BearerAttack[] {
  const { userToken, queueToken, admission, ticketCode } = material;
  const attack = (name: string, value: string | null, ...goodFor: Bearer[]) => ({
    name,
    value,
    goodFor,
  });
  const wrong = (name: string, token: string) => attack(name, `Bearer ${token}`);
  return [
    attack("none", null),
    attack("an empty one", ""),
    attack("no token", "Bearer"),
    attack("another scheme", `Basic ${btoa(`${material.fan}:x`)}`),
    attack("no scheme", userToken),
    attack("doubled", `Bearer ${userToken}, Bearer ${userToken}`),
    attack("doubled, with an operator's", `Bearer ${userToken}, Bearer ${OPERATOR_TOKEN}`),
    attack("two tokens", `Bearer ${userToken} ${OPERATOR_TOKEN}`),
    attack("a fan's", `Bearer ${userToken}`, "userToken"),
    attack("a fan's, in small letters", `bearer  ${userToken} `, "userToken"),
    attack("an operator's", `Bearer ${OPERATOR_TOKEN}`, "operatorToken"),
    attack("a door's", `Bearer ${DOOR_TOKEN}`, "doorToken"),
    ...Object.entries(userTokens(material)).map(([name, token]) =>
      wrong(`a user token ${name}`, token)
    ),
    wrong("a queue token", queueToken),
    wrong("an admission", admission),
    wrong("a ticket's code", ticketCode),
    wrong("an operator's, truncated", OPERATOR_TOKEN.slice(0, -1)),
    wrong("an operator's, and more", `${OPERATOR_TOKEN}x`),
    wrong("an operator's, in capitals", OPERATOR_TOKEN.toUpperCase()),
    wrong("an operator's name and token", `operator:${OPERATOR_TOKEN}`),
    wrong("a door's name and token", `gate:${DOOR_TOKEN}`),
  ];
}

/** Every wrong `Queue-Token` header of this fan, but for those that are another one's. */
export function wrongQueueTokens(material: Material, queueSecret: string): Record<string, string> {
  const { queueToken, userToken, admission, ticketCode } = material;
  const claims = claimsOf(queueToken);
  const header = { alg: "HS256", typ: "stanchion-queue+jwt" };
  return {
    "no token": "x",
    "of three parts": "x.y.z",
    "a user token": userToken,
    "an admission": admission,
    "a ticket's code": ticketCode,
    "an operator's token": OPERATOR_TOKEN,
    "doubled": `${queueToken}, ${queueToken}`,
    "with a scheme": `Bearer ${queueToken}`,
    "truncated by a character": queueToken.slice(0, -1),
    "without its signature": queueToken.split(".").slice(0, 2).join("."),
    "with a fourth part": `${queueToken}.x`,
    "of an earlier ticket": withClaims(queueToken, { ord: 0 }),
    "of another room, unsigned": withClaims(queueToken, { room: "other" }),
    "of the algorithm none": unsigned({ header: { ...header, alg: "none" }, claims }),
    "of HS512": hmacSigned({ header: { ...header, alg: "HS512" }, claims }, queueSecret, "sha512"),
    "of another type": hmacSigned({ header: { ...header, typ: "JWT" }, claims }, queueSecret),
    "with its header in another order": hmacSigned(
      { header: { typ: header.typ, alg: header.alg }, claims },
      queueSecret,
    ),
    "signed with another secret": hmacSigned({ header, claims }, "x".repeat(32)),
    "signed with the secret of user tokens": hmacSigned({ header, claims }, "u".repeat(32)),
    "signed with SIGNING_KEY": ed25519Signed({ header, claims }, material.signingKey),
    "of no fan": hmacSigned({ header, claims: { ...claims, sub: "" } }, queueSecret),
    "huge": hmacSigned({ header, claims: { ...claims, more: "x".repeat(5000) } }, queueSecret),
  };
}
