import { createAdmissionSigner } from "../adapters/jose/admission_signer.ts";
import { jwksKeySetSource } from "../adapters/jwks/key_set_source.ts";
import { createPseudonyms } from "../adapters/node_crypto/pseudonyms.ts";
import { turnstileChallenge } from "../adapters/turnstile/challenge.ts";
import type { RequireAdmission } from "../application/admission.ts";
import { type AdmissionService, createAdmissionService } from "../application/admission_service.ts";
import { createKeySet, type KeySet } from "../application/key_set.ts";
import { createSharedKeySet } from "../application/shared_key_set.ts";
import type { Config } from "../config.ts";
import type { Cache } from "../ports/cache.ts";
import type { Challenge } from "../ports/challenge.ts";
import type { Clock, NewId } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Report } from "../ports/report.ts";
import type { SigningKeys } from "../ports/signing_keys.ts";
import type { Trace } from "../ports/trace.ts";

// The services that work with keys: those of admissions, of user tokens, and of the challenge.

interface AdmissionParts {
  readonly clock: Clock;
  readonly newId: NewId;
  readonly queue: QueueStore;
  readonly requireAdmission: RequireAdmission;
  readonly signingKeys: SigningKeys;
}

/** The first signing key signs, and is the secret of pseudonyms. */
export function admissionsOf(
  { admissions, signingKeys: [seed] }: Config,
  { signingKeys: { publicKeys: [publicKey] }, ...parts }: AdmissionParts,
): AdmissionService {
  const { issuer = "", audiences = [], subject = "pseudonym" } = admissions ?? {};
  return createAdmissionService({
    ...parts,
    issuer,
    audiences,
    subjectOf: subject === "user" ? (fan) => fan : createPseudonyms(seed!),
    sign: createAdmissionSigner(seed!, publicKey!),
  });
}

interface KeySetParts {
  readonly cache: Cache;
  readonly clock: Clock;
  readonly report: Report;
  readonly trace: Pick<Trace, "headers">;
}

/** The keys of user tokens; null if a secret verifies them. */
export function keySetOf(
  { users, queueTokenSecrets }: Config,
  { cache, clock, report, trace }: KeySetParts,
): KeySet | null {
  if (users.kind !== "JWKS") return null;
  const { url } = users;
  return createKeySet({
    source: jwksKeySetSource({ url, trace }),
    shared: createSharedKeySet({ cache, url, secrets: queueTokenSecrets, report }),
    clock,
    report,
  });
}

/** The challenge in front of lines; null if none is set up. */
export function challengeOf(
  { turnstile }: Config,
  { trace }: Pick<KeySetParts, "trace">,
): Challenge | null {
  return turnstile && turnstileChallenge({ ...turnstile, trace });
}
