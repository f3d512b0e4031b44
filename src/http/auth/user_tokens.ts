import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from "jose";
import type { UserCredentials } from "../../config.ts";
import { DependencyError } from "../../domain/failures.ts";
import { type FanId, isFanId } from "../../domain/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import { QUEUE_TOKEN_TYPE } from "./queue_tokens.ts";

const MAX_TOKEN_LENGTH = 8192;
const JWKS_ALGORITHMS = ["RS256", "ES256", "EdDSA"];
const JWKS_TIMEOUT_MS = 3_000;

/** The fan whom a user token names; null if it is not valid here and now. */
export type VerifyUser = (token: string) => Promise<FanId | null>;

/**
 * Checks user tokens: signature by a pinned algorithm, `sub`, `exp`, `nbf`, and, where set, `iss`
 * and `aud`. Throws `DependencyError` when the keys cannot be fetched.
 */
export function createUserVerifier(credentials: UserCredentials, clock: Clock): VerifyUser {
  const { issuer, audience } = credentials;
  const options = {
    algorithms: credentials.kind === "SECRET" ? ["HS256"] : JWKS_ALGORITHMS,
    requiredClaims: ["sub", "exp"],
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
  const key = keyOf(credentials);

  return async (token) => {
    if (token.length > MAX_TOKEN_LENGTH) return null;
    try {
      const { payload, protectedHeader } = await jwtVerify(token, key, {
        ...options,
        currentDate: new Date(clock()),
      });
      const { sub, exp } = payload;
      const valid = isFanId(sub) && Number.isFinite(exp) && !isQueueType(protectedHeader.typ);
      return valid ? sub : null;
    } catch (error) {
      if (error instanceof DependencyError) throw error;
      return null;
    }
  };
}

/** Types compare without regard to case, and may leave out `application/` (RFC 7515, 4.1.9). */
function isQueueType(type: string | undefined): boolean {
  return type?.toLowerCase().replace(/^application\//, "") === QUEUE_TOKEN_TYPE;
}

function keyOf(credentials: UserCredentials): JWTVerifyGetKey {
  if (credentials.kind === "SECRET") {
    const secret = new TextEncoder().encode(credentials.secret);
    return () => secret;
  }
  const keys = createRemoteJWKSet(new URL(credentials.url), { timeoutDuration: JWKS_TIMEOUT_MS });
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      // A key that the set does not have is the token's fault; anything else is the set's.
      const ofTheToken = error instanceof errors.JWKSNoMatchingKey ||
        error instanceof errors.JWKSMultipleMatchingKeys ||
        error instanceof errors.JOSENotSupported;
      if (ofTheToken) throw error;
      throw new DependencyError("jwks", error);
    }
  };
}
