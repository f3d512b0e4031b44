import type { RoomId } from "./ids.ts";

/** What an admission tells another server. Times are seconds since 1970. */
export interface AdmissionClaims {
  readonly issuer: string;
  readonly audience: string;
  readonly subject: string;
  readonly room: RoomId;
  readonly issuedAtSeconds: number;
  readonly expiresAtSeconds: number;
  readonly id: string;
}

/** The `typ` of the token's header. Neither a user token nor a queue token ever has it. */
export const ADMISSION_TYPE = "admission+jwt";

/** The maximum length of the name of another server, as `aud`. */
export const MAX_AUDIENCE_LENGTH = 255;

/**
 * The place may end while an admission of it is valid: by a payment, by leaving, by an operator.
 * So long the admission may outlive it.
 */
export const ADMISSION_MAX_SECONDS = 300;

/** The end of an admission that is made now for a place that is admitted until `endsAtMs`. */
export function admissionEndSeconds(nowMs: number, endsAtMs: number): number {
  const nowSeconds = Math.floor(nowMs / 1000);
  return Math.min(nowSeconds + ADMISSION_MAX_SECONDS, Math.floor(endsAtMs / 1000));
}
