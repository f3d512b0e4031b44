import { listOf } from "./config_values.ts";

export type UserCredentials =
  | {
    readonly kind: "SECRET";
    /** The first secret signs in a local run. All secrets verify. */
    readonly secrets: readonly string[];
    readonly issuer?: string;
    readonly audience?: string;
  }
  | {
    readonly kind: "JWKS";
    readonly url: string;
    readonly issuer: string;
    readonly audience: string;
  };

interface UserSettings {
  readonly USER_JWKS_URL?: string | undefined;
  readonly USER_JWT_ISSUER?: string | undefined;
  readonly USER_JWT_AUDIENCE?: string | undefined;
}

/** `secrets` is asked where no key set is named. The settings have passed their checks. */
export function userCredentials(
  { USER_JWKS_URL: url, USER_JWT_ISSUER: issuer, USER_JWT_AUDIENCE: audience }: UserSettings,
  secrets: () => string,
): UserCredentials {
  if (url) return { kind: "JWKS", url, issuer: issuer!, audience: audience! };
  return {
    kind: "SECRET",
    secrets: listOf(secrets()),
    ...(issuer ? { issuer } : {}),
    ...(audience ? { audience } : {}),
  };
}
