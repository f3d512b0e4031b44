import { errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from "jose";
import type { KeySet } from "../../application/key_set.ts";
import type { RequestContext } from "../../application/request_context.ts";
import type { UserCredentials } from "../../config_users.ts";
import { DependencyError } from "../../domain/failures.ts";
import { type FanId, isFanId, isPseudonym } from "../../domain/ids.ts";
import { ok, refused, type Result } from "../../domain/result.ts";
import type { Clock } from "../../ports/clock.ts";
import { createKeySetKeys, type KeyOfToken } from "./key_set_keys.ts";
import { ADMISSION_TYPE } from "../../domain/admission.ts";
import { QUEUE_TOKEN_TYPE } from "./queue_tokens.ts";

const MAX_TOKEN_LENGTH = 8192;
const KEY_SET_ALGORITHMS = ["RS256", "ES256", "EdDSA"];
/** How far the clocks of the identity provider and of this service may be apart. */
const LEEWAY_SECONDS = 30;

/** Why a user token signs in nobody. One that has expired was good, so nobody guessed it. */
export type UserTokenFault = "EXPIRED" | "INVALID";

/** The fan whom a user token names, if it is valid here and now. */
export type VerifyUser = (
  token: string,
  context: RequestContext,
) => Promise<Result<FanId, UserTokenFault>>;

export interface UserVerifierDependencies {
  /** The keys where `USER_JWKS_URL` is set, else null. */
  readonly keySet: KeySet | null;
  readonly clock: Clock;
}

/**
 * Checks user tokens: signature by a pinned algorithm, `sub`, `exp`, `nbf`, and, where set, `iss`
 * and `aud`. Throws `DependencyError` when there are no keys.
 */
export function createUserVerifier(
  credentials: UserCredentials,
  { keySet, clock }: UserVerifierDependencies,
): VerifyUser {
  const { issuer, audience } = credentials;
  const options = {
    algorithms: credentials.kind === "SECRET" ? ["HS256"] : KEY_SET_ALGORITHMS,
    requiredClaims: ["sub", "exp"],
    clockTolerance: LEEWAY_SECONDS,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
  const keys = keysOf(credentials, keySet);

  return async (token, context) => {
    if (token.length > MAX_TOKEN_LENGTH) return refused("INVALID");
    const present = { ...options, currentDate: new Date(clock()) };
    let fault: UserTokenFault = "INVALID";
    for (const key of keys) {
      const claims = await claimsOf(token, key, context, present);
      if (claims.ok) return isSignedIn(claims.value) ? ok(claims.value.sub) : refused("INVALID");
      if (claims.failure === "EXPIRED") fault = "EXPIRED";
    }
    return refused(fault);
  };
}

/** The records of an erased fan are nobody's. */
function isSignedIn(claims: JWTPayload): claims is JWTPayload & { readonly sub: FanId } {
  return isFanId(claims.sub) && !isPseudonym(claims.sub) && Number.isFinite(claims.exp);
}

/** The claims of a token that this key signed. */
async function claimsOf(
  token: string,
  key: KeyOfToken,
  context: RequestContext,
  options: JWTVerifyOptions,
): Promise<Result<JWTPayload, UserTokenFault>> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, key(context), options);
    return isOwnType(protectedHeader.typ) ? refused("INVALID") : ok(payload);
  } catch (error) {
    if (error instanceof DependencyError) throw error;
    // The signature is checked first.
    return refused(error instanceof errors.JWTExpired ? "EXPIRED" : "INVALID");
  }
}

/** The types of tokens that this service issues itself. They sign in nobody. */
const OWN_TYPES: readonly unknown[] = [QUEUE_TOKEN_TYPE, ADMISSION_TYPE];

/** Types compare without regard to case, and may leave out `application/` (RFC 7515, 4.1.9). */
function isOwnType(type: string | undefined): boolean {
  return OWN_TYPES.includes(type?.toLowerCase().replace(/^application\//, ""));
}

/** Where the key of a token may come from. */
function keysOf(credentials: UserCredentials, keySet: KeySet | null): KeyOfToken[] {
  if (credentials.kind === "SECRET") {
    return credentials.secrets.map((text) => {
      const secret = new TextEncoder().encode(text);
      return () => () => secret;
    });
  }
  if (!keySet) throw new Error("USER_JWKS_URL is set, and there is no key set");
  return [createKeySetKeys(keySet)];
}
