import { SignJWT } from "jose";
import { ADMISSION_TYPE } from "../../domain/admission.ts";
import type { SignAdmission } from "../../ports/admissions.ts";
import type { PublicKey } from "../../ports/signing_keys.ts";

/** Signs with the private key of `publicKey`, whose seed is in hex. */
export function createAdmissionSigner(seed: string, publicKey: PublicKey): SignAdmission {
  const { kty, crv, x, alg, kid } = publicKey;
  const d = Uint8Array.fromHex(seed).toBase64({ alphabet: "base64url", omitPadding: true });
  const privateKey = { kty, crv, x, d, alg }; // the library imports one object once
  const header = { alg, typ: ADMISSION_TYPE, kid };

  return ({ issuer, audience, subject, room, issuedAtSeconds, expiresAtSeconds, id }) =>
    new SignJWT({ room })
      .setProtectedHeader(header)
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(subject)
      .setIssuedAt(issuedAtSeconds)
      .setExpirationTime(expiresAtSeconds)
      .setJti(id)
      .sign(privateKey);
}
