import { admissionEndSeconds } from "../domain/admission.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { QueueToken } from "../domain/queue.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { SignAdmission, SubjectOf } from "../ports/admissions.ts";
import type { Clock, NewId } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { NotAdmitted, RequireAdmission } from "./admission.ts";

export interface AdmissionServiceDependencies {
  readonly queue: Pick<QueueStore, "status">;
  readonly requireAdmission: RequireAdmission;
  /** `iss` of every admission, and what `aud` may be. Without an audience none are issued. */
  readonly issuer: string;
  readonly audiences: readonly string[];
  readonly subjectOf: SubjectOf;
  readonly sign: SignAdmission;
  readonly clock: Clock;
  readonly newId: NewId;
}

export interface IssuedAdmission {
  readonly admission: string;
  /** RFC 3339. */
  readonly expiresAt: string;
}

/** Proves an admission to servers that do not ask the queue. */
export interface AdmissionService {
  /** `audience` is absent for the first one. An admission outlives its place by minutes at most. */
  issue(
    token: QueueToken,
    audience: string | undefined,
  ): Promise<Result<IssuedAdmission, NotAdmitted | FailureOf<"VALIDATION_FAILED">>>;
}

export function createAdmissionService(
  dependencies: AdmissionServiceDependencies,
): AdmissionService {
  const { queue, requireAdmission, issuer, audiences } = dependencies;
  const { subjectOf, sign, clock, newId } = dependencies;

  return {
    async issue(token, given) {
      const audience = given ?? audiences[0];
      if (audience === undefined || !audiences.includes(audience)) {
        const message = audiences.length === 0
          ? "has no possible value here: this deployment issues no admissions"
          : `must be one of ${audiences.join(", ")}`;
        return refused({ kind: "VALIDATION_FAILED", errors: [{ path: "audience", message }] });
      }
      const admitted = requireAdmission(token, await queue.status(token));
      if (!admitted.ok) return admitted;
      const nowMs = clock();
      const expiresAtSeconds = admissionEndSeconds(nowMs, admitted.value.expiresAtMs);
      const admission = await sign({
        issuer,
        audience,
        subject: subjectOf(token.fan, audience),
        room: token.room,
        issuedAtSeconds: Math.floor(nowMs / 1000),
        expiresAtSeconds,
        id: newId(),
      });
      return ok({ admission, expiresAt: new Date(expiresAtSeconds * 1000).toISOString() });
    },
  };
}
