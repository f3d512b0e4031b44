import { SignJWT } from "jose";
import type { UserCredentials } from "../config.ts";
import type { FanId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";

const LOCAL_SESSION_SECONDS = 24 * 3600;

/** Signs user tokens with the secret that verifies them: the identity provider of the local run. */
export function createSignIn(
  credentials: UserCredentials,
  clock: Clock,
): (fan: FanId) => Promise<string> {
  if (credentials.kind !== "SECRET") {
    throw new Error("only a run with its own secret can sign in a fan");
  }
  const key = new TextEncoder().encode(credentials.secret);
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
