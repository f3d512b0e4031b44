import type { AdmissionClaims } from "../domain/admission.ts";
import type { FanId } from "../domain/ids.ts";

/** Signs an admission for another server: a JWT that the public keys of this service verify. */
export type SignAdmission = (claims: AdmissionClaims) => Promise<string>;

/** The name of a fan for one audience. */
export type SubjectOf = (fan: FanId, audience: string) => string;
