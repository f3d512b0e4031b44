import { SignJWT } from "jose";
import type { UserCredentials } from "../config_users.ts";
import type { FanId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";

/** Signs a user token for any fan id. */
export type SignIn = (fan: FanId) => Promise<string>;

const LOCAL_SESSION_SECONDS = 24 * 3600;

/**
 * The identity provider of the local run. It signs user tokens with the secret that verifies them.
 * Throws if the credentials have no secret.
 */
export function createSignIn(credentials: UserCredentials, clock: Clock): SignIn {
  if (credentials.kind !== "SECRET") {
    throw new Error("user tokens can be signed only with USER_JWT_SECRET");
  }
  const key = new TextEncoder().encode(credentials.secrets[0]);
  return (fan) => {
    const issuedAt = Math.floor(clock() / 1000);
    return new SignJWT({})
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setSubject(fan)
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LOCAL_SESSION_SECONDS)
      .sign(key);
  };
}
