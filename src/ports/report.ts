import type { DependencyError } from "../domain/failures.ts";

/** Reports a fault to the operator. Fans do not see it. */
export type Report = (event: ReportedEvent) => void;

/** What a line about a fault begins with. */
export const FAULTS = [
  "dependency_failed",
  "challenge_failed",
  "cache_failed",
  "after_answer_failed",
  "maintenance_failed",
  "repair_failed",
  "refunds_failed",
  "deliveries_failed",
  "delivery_given_up",
  "rules_unchecked",
  "rate_limit_failed",
  "observer_failed",
  "crowd_failed",
  "internal_error",
] as const;

export interface ReportedEvent {
  readonly what: (typeof FAULTS)[number];
  readonly error: unknown;
  readonly requestId?: string;
  /** The span of the request in its trace (W3C Trace Context). */
  readonly traceparent?: string;
}

/**
 * Why a request is answered DEPENDENCY_UNAVAILABLE. A challenge without a verdict is no fault of a
 * store, and is mended elsewhere.
 */
export function faultOf({ dependency }: DependencyError): ReportedEvent["what"] {
  return dependency === "turnstile" ? "challenge_failed" : "dependency_failed";
}
