import type { Failure } from "../../domain/failures.ts";
import type { SignQueueToken } from "../auth/queue_tokens.ts";
import { type LineAnswer, lineAnswer } from "../line_answer.ts";

/** Why a deployment does not allow an act. Each one has its own words. */
export type ForbiddenReason =
  /** `ALLOW_SELF_CHARGE` is off. */
  | "SELF_CHARGE_OFF"
  /** The local run was called by a name that is not one of loopback. */
  | "NOT_LOOPBACK"
  /** A page of another site sent the form of the line. */
  | "FOREIGN_FORM";

/** The refusals of HTTP and of the credentials. The other refusals come from the domain. */
export type HttpFailure =
  /** `missing`: what the path names; absent: the path itself is unknown. */
  | { kind: "NOT_FOUND"; missing?: "refund" | "webhook" }
  | { kind: "METHOD_NOT_ALLOWED"; allow: readonly string[] }
  | { kind: "PAYLOAD_TOO_LARGE"; limitBytes: number }
  /** `encoded`: the body has a content coding. */
  | { kind: "UNSUPPORTED_MEDIA_TYPE"; encoded?: true }
  /** `doubledKey`: a key that one object has twice. `late`: the body did not come in time. */
  | { kind: "MALFORMED_JSON"; doubledKey?: string; late?: true }
  | { kind: "UNAUTHENTICATED" }
  | { kind: "QUEUE_TOKEN_REQUIRED" }
  | { kind: "QUEUE_TOKEN_INVALID" }
  | { kind: "QUEUE_TOKEN_MISMATCH" }
  | { kind: "FORBIDDEN"; reason: ForbiddenReason }
  | { kind: "IDEMPOTENCY_KEY_REQUIRED" }
  | {
    kind: "DEPENDENCY_UNAVAILABLE";
    retryAfterSeconds: number;
    /** The state of each dependency, in the answer of `/readyz`. */
    dependencies?: {
      readonly redis: "up" | "down";
      readonly postgres: "up" | "down";
      readonly jwks?: "up" | "down";
    };
  }
  | { kind: "INTERNAL" };

/** Every refusal of the API. `kind` is the stable `code` of its problem document. */
export type ApiFailure = Failure | HttpFailure;
export type ApiFailureKind = ApiFailure["kind"];
export type ApiFailureOf<Kind extends ApiFailureKind> = Extract<ApiFailure, { kind: Kind }>;

/** A failure as its problem document has it: with the line answer in place of the line status. */
export type Problem =
  | Exclude<ApiFailure, { kind: "NOT_ADMITTED" }>
  | { kind: "NOT_ADMITTED"; line: LineAnswer };
export type ProblemOf<Kind extends ApiFailureKind> = Extract<Problem, { kind: Kind }>;

export function problemOf(failure: ApiFailure, sign: SignQueueToken): Problem {
  if (failure.kind !== "NOT_ADMITTED") return failure;
  return { kind: failure.kind, line: lineAnswer(failure.line, sign) };
}
