import { SignJWT } from "jose";
import { characterOf, type CrowdSettings, diceOf } from "./character.ts";
import type { Fan } from "./fan.ts";
import { newLedger } from "./ledger.ts";
import type { Wire } from "./wire.ts";

/** Gives the bearer token of a user. */
export type SignIn = (userId: string) => Promise<string>;

/** Tokens outlive every rush. */
const TOKEN_LIFE = "2h";

export function signWith(secret: string): SignIn {
  const key = new TextEncoder().encode(secret);
  return (userId) =>
    new SignJWT().setProtectedHeader({ alg: "HS256" }).setSubject(userId).setIssuedAt()
      .setExpirationTime(TOKEN_LIFE).sign(key);
}

export function signInAt(wire: Wire): SignIn {
  return async (userId) => {
    const answer = await wire.ask<{ accessToken: string }>({
      name: "sign in",
      method: "POST",
      path: "/dev/sign-in",
      json: { userId },
    });
    if (answer?.ok) return answer.body.accessToken;
    throw new Error(
      answer?.status === 404
        ? "the server has no /dev/sign-in: set USER_JWT_SECRET to the server's own"
        : `signing in was refused: ${answer?.problem.code ?? "no answer"}`,
    );
  };
}

/** `run` keeps the users of one rush from those of another on the same server. */
export function gather(settings: CrowdSettings, run: string, signIn: SignIn): Promise<Fan[]> {
  const numbers = Array.from({ length: settings.fans }, (_, index) => index);
  return Promise.all(numbers.map(async (number) => {
    const userId = `rush-${run}-${number}`;
    return {
      number,
      userId,
      who: characterOf(number, settings),
      dice: diceOf(number, settings.seed),
      ledger: newLedger(userId),
      bearer: await signIn(userId),
      keys: 0,
      token: null,
      places: 0,
    };
  }));
}
