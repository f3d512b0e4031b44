import { SignJWT } from "jose";
import { describeAnswer } from "../api/call.ts";
import type { HttpClient } from "../api/http_client.ts";

/** Returns the bearer token of a user. */
export type SignIn = (userId: string) => Promise<string>;

/** Longer than any rush. */
const TOKEN_LIFETIME = "2h";

/** Signs tokens with the secret of the server. */
export function createTokenSigner(secret: string): SignIn {
  const key = new TextEncoder().encode(secret);
  return (userId) =>
    new SignJWT().setProtectedHeader({ alg: "HS256" }).setSubject(userId).setIssuedAt()
      .setExpirationTime(TOKEN_LIFETIME).sign(key);
}

/** Uses POST /dev/sign-in, which only a local run has. */
export function createLocalSignIn(client: HttpClient): SignIn {
  return async (userId) => {
    const answer = await client.send<{ accessToken: string }>({
      name: "sign in",
      method: "POST",
      path: "/dev/sign-in",
      json: { userId },
    });
    if (answer.ok) return answer.body.accessToken;
    throw new Error(
      answer.status === 404
        ? "the server has no /dev/sign-in: set USER_JWT_SECRET to the secret of the server"
        : `the sign-in was answered with ${describeAnswer(answer)}`,
    );
  };
}

/** Throws when the server does not accept the token of a fan. */
export async function checkSignIn(client: HttpClient, bearer: string): Promise<void> {
  const path = "/v1/balance";
  const answer = await client.send({ name: "sign in", method: "GET", path, bearer });
  if (answer.ok) return;
  throw new Error(
    answer.status === 401
      ? "the server does not accept tokens signed with USER_JWT_SECRET"
      : `GET ${path} was answered with ${describeAnswer(answer)}`,
  );
}
