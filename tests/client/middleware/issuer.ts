import { exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from "jose";
import { createAdmissionSigner } from "../../../src/adapters/jose/admission_signer.ts";
import { createSigningKeys } from "../../../src/adapters/node_crypto/signing_keys.ts";
import { createTicketCodes } from "../../../src/application/ticket_codes.ts";
import type { AdmissionRefusal } from "../../../src/client/middleware/admission.ts";
import { ADMISSION_MAX_SECONDS, type AdmissionClaims } from "../../../src/domain/admission.ts";
import type { FanId, RoomId, ScheduleId } from "../../../src/domain/ids.ts";
import { createQueueTokens } from "../../../src/http/auth/queue_tokens.ts";
import { createSignIn } from "../../../src/local/sign_in.ts";

export const ISSUER = "https://tickets.example.com";
export const AUDIENCE = "https://shop.example.com";
export const ROOM = "night-train";
export const NOW_MS = Date.parse("2026-12-01T10:00:00.000Z");
export const [ONE, TWO, THREE] = ["1", "2", "3"].map((digit) => digit.repeat(64)) as [
  string,
  string,
  string,
];
const SECRET = "s".repeat(32);

/** The public keys that a service with these seeds serves. */
export function jwksOf(...seeds: string[]) {
  return { keys: createSigningKeys(seeds).publicKeys };
}

let ids = 0;

/** Texts of one service at one time. */
export interface AdmissionIssuer {
  /** An admission as the service issues it, but for some claims. */
  issue(claims?: Partial<AdmissionClaims>, seed?: string): Promise<string>;
  /** What is no admission for this server: a name, the text, and why it is refused. */
  forgeries(): Promise<Refused[]>;
  /** What only the service itself could sign, and never does. */
  oddities(): Promise<Refused[]>;
}

export type Refused = [name: string, text: string, refusal: AdmissionRefusal];

const base64url = { alphabet: "base64url", omitPadding: true } as const;
const encode = (value: unknown) =>
  new TextEncoder().encode(JSON.stringify(value)).toBase64(base64url);

export function admissionIssuer(nowMs: number): AdmissionIssuer {
  const nowS = Math.floor(nowMs / 1000);
  function issue(claims: Partial<AdmissionClaims> = {}, seed = ONE): Promise<string> {
    const [publicKey] = createSigningKeys([seed]).publicKeys;
    return createAdmissionSigner(seed, publicKey!)({
      issuer: ISSUER,
      audience: AUDIENCE,
      subject: "a-pseudonym",
      room: ROOM as RoomId,
      issuedAtSeconds: nowS,
      expiresAtSeconds: nowS + ADMISSION_MAX_SECONDS,
      id: `adm-${++ids}`,
      ...claims,
    });
  }

  const valid = {
    room: ROOM,
    iss: ISSUER,
    aud: AUDIENCE,
    sub: "a-pseudonym",
    iat: nowS,
    exp: nowS + ADMISSION_MAX_SECONDS,
    jti: "forged",
  };
  const kid = createSigningKeys([ONE]).keyId;
  const header = { alg: "EdDSA", typ: "admission+jwt", kid };

  /** Signed by the real key, whatever it says. A claim of undefined is left out. */
  async function signed(claims: Record<string, unknown>, changed: Record<string, unknown> = {}) {
    const { x } = jwksOf(ONE).keys[0]!;
    const d = Uint8Array.fromHex(ONE).toBase64(base64url);
    const key = await importJWK({ kty: "OKP", crv: "Ed25519", x, d }, "EdDSA");
    return await new SignJWT(JSON.parse(JSON.stringify({ ...valid, ...claims })))
      .setProtectedHeader(JSON.parse(JSON.stringify({ ...header, ...changed }))).sign(key);
  }

  async function forgeries(): Promise<Refused[]> {
    const real = await issue();
    const [head, payload, signature] = real.split(".") as [string, string, string];
    const stranger = await generateKeyPair("EdDSA", { extractable: true });
    const rsa = await generateKeyPair("RS256");
    const [jwk] = jwksOf(ONE).keys;
    const pem = await exportSPKI(await importJWK(jwk!, "EdDSA") as CryptoKey);
    const hmac = (secret: string | Uint8Array<ArrayBuffer>) =>
      new SignJWT(valid).setProtectedHeader({ ...header, alg: "HS256" })
        .sign(typeof secret === "string" ? new TextEncoder().encode(secret) : secret);
    const x = Uint8Array.fromBase64(jwk!.x, base64url);
    const codes = createTicketCodes(createSigningKeys([ONE]));
    const queueToken = createQueueTokens([SECRET]).sign({
      room: ROOM as RoomId,
      fan: "a" as FanId,
      order: 1,
      epoch: "e",
      madeAtMs: nowMs,
      isNear: true,
      pseudonym: null,
      isDrawn: false,
    });
    const user = await createSignIn({ kind: "SECRET", secrets: [SECRET] }, () => nowMs)(
      "a" as FanId,
    );
    const none = `${encode({ ...header, alg: "none" })}.${payload}.`;
    return [
      ["nothing", "", "MISSING"],
      ["no JWT", "x", "INVALID"],
      ["another signature", `${head}.${payload}.${"A".repeat(86)}`, "INVALID"],
      ["no signature", `${head}.${payload}.`, "INVALID"],
      ["other claims", `${head}.${encode({ ...valid, sub: "other" })}.${signature}`, "INVALID"],
      [
        "the key of somebody",
        await new SignJWT(valid).setProtectedHeader(header)
          .sign(stranger.privateKey),
        "INVALID",
      ],
      [
        "the key of somebody, in the header",
        await new SignJWT(valid).setProtectedHeader({
          alg: "EdDSA",
          typ: header.typ,
          jwk: await exportJWK(stranger.publicKey),
        }).sign(stranger.privateKey),
        "INVALID",
      ],
      ["an unknown key", await issue({}, THREE), "INVALID"],
      ["a time that is over", await issue({ expiresAtSeconds: nowS - 10 }), "EXPIRED"],
      ["another room", await issue({ room: "main" as RoomId }), "OTHER_ROOM"],
      ["another audience", await issue({ audience: "https://other.example.com" }), "INVALID"],
      ["another issuer", await issue({ issuer: "https://evil.example.com" }), "INVALID"],
      ...[[], {}, [kid], 7, 1.5, true, null].map((kid): Refused => [
        `the key id ${JSON.stringify(kid)}`,
        `${encode({ ...header, kid })}.${payload}.${signature}`,
        "INVALID",
      ]),
      ["a header that is no object", `${encode("kid")}.${payload}.${signature}`, "INVALID"],
      ["a fourth part", `${real}.x`, "INVALID"],
      ["no algorithm", none, "INVALID"],
      ["HS256 with the public key", await hmac(x), "INVALID"],
      ["HS256 with the public key as JSON", await hmac(JSON.stringify(jwk)), "INVALID"],
      ["HS256 with the public key as PEM", await hmac(pem), "INVALID"],
      [
        "RS256",
        await new SignJWT(valid).setProtectedHeader({ ...header, alg: "RS256" })
          .sign(rsa.privateKey),
        "INVALID",
      ],
      ["the type JWT", await signed({}, { typ: "JWT" }), "INVALID"],
      ["no type", await signed({}, { typ: undefined }), "INVALID"],
      ["no end", await signed({ exp: undefined }), "INVALID"],
      ["an end that is a text", await signed({ exp: "soon" }), "INVALID"],
      ["no room", await signed({ room: undefined }), "INVALID"],
      ["a list of rooms", await signed({ room: [ROOM] }), "OTHER_ROOM"],
      ["no id", await signed({ jti: undefined }), "INVALID"],
      ["no subject", await signed({ sub: undefined }), "INVALID"],
      [
        "a ticket code",
        codes.codeOf({ ticketId: "tkt_1", scheduleId: 1 as ScheduleId }),
        "INVALID",
      ],
      ["a queue token", queueToken, "INVALID"],
      ["a user token", user, "INVALID"],
    ];
  }

  async function oddities(): Promise<Refused[]> {
    return [
      ["too long a text", await signed({ filler: "x".repeat(4096) }), "INVALID"],
      ["an id that is a number", await signed({ jti: 7 }), "INVALID"],
      ["a subject that is a number", await signed({ sub: 7 }), "INVALID"],
    ];
  }

  return { issue, forgeries, oddities };
}

export const { issue, forgeries, oddities } = admissionIssuer(NOW_MS);
