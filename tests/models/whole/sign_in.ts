import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { BEGINS_MS } from "./database.ts";

export const KEY_SET_URL = "https://identity.test/keys.json";
export const ISSUER = { USER_JWT_ISSUER: "https://identity.test", USER_JWT_AUDIENCE: "tickets" };
/** Longer than any history. */
const SESSION_SECONDS = 60 * 86_400;

export interface Signed {
  readonly usesKeySet: boolean;
  /** Whether somebody else signs it. */
  readonly isForged: boolean;
}

/** Signs user tokens, each fan's once. */
export interface IdentityProvider {
  /** The answer of `KEY_SET_URL`. */
  readonly keySet: string;
  tokenOf(fan: string, signed: Signed): Promise<string>;
}

export async function createIdentityProvider(secret: string): Promise<IdentityProvider> {
  const { privateKey, publicKey } = await generateKeyPair("EdDSA", { extractable: true });
  const forger = await generateKeyPair("EdDSA");
  const key = { ...await exportJWK(publicKey), alg: "EdDSA", kid: "one", use: "sig" };
  const tokens = new Map<string, Promise<string>>();

  function sign(fan: string, { usesKeySet, isForged }: Signed): Promise<string> {
    const issuedAt = BEGINS_MS / 1000 - 60;
    const token = new SignJWT({}).setSubject(fan).setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + SESSION_SECONDS);
    if (!usesKeySet) {
      const signedWith = new TextEncoder().encode(isForged ? `forged ${secret}` : secret);
      return token.setProtectedHeader({ alg: "HS256" }).sign(signedWith);
    }
    return token.setIssuer(ISSUER.USER_JWT_ISSUER).setAudience(ISSUER.USER_JWT_AUDIENCE)
      .setProtectedHeader({ alg: "EdDSA", kid: "one" })
      .sign(isForged ? forger.privateKey : privateKey);
  }
  return {
    keySet: JSON.stringify({ keys: [key] }),
    async tokenOf(fan, signed) {
      const name = JSON.stringify([fan, signed]);
      if (!tokens.has(name)) tokens.set(name, sign(fan, signed));
      return await tokens.get(name)!;
    },
  };
}
