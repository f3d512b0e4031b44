import type { Clock } from "../../ports/clock.ts";

/** So many failures in a row open the breaker. */
const FAILURES_TO_OPEN = 5;
/** How long an open breaker refuses before it lets one call through to try. */
const OPEN_MS = 1_000;

/** The store failed again and again a moment ago: this call was not sent. */
export class CircuitOpenError extends Error {
  override readonly name = "BreakerOpenError";
}

export interface CircuitBreakerOptions {
  readonly clock: Clock;
  /** Whether a failure is an answer all the same: it tells of a store that is there. */
  readonly isAnswer: (error: unknown) => boolean;
}

/**
 * Spares a store that does not answer, and those who would wait for it. It keeps numbers only:
 * nothing that one request waits for belongs to another.
 */
export function createCircuitBreaker({ clock, isAnswer }: CircuitBreakerOptions) {
  let failures = 0;
  let opensAgainAtMs = 0;

  return async <Value>(act: () => Promise<Value>): Promise<Value> => {
    if (failures >= FAILURES_TO_OPEN) {
      if (clock() < opensAgainAtMs) throw new CircuitOpenError("the breaker is open");
      opensAgainAtMs = clock() + OPEN_MS;
    }
    try {
      const value = await act();
      failures = 0;
      return value;
    } catch (error) {
      if (isAnswer(error)) failures = 0;
      else if (++failures >= FAILURES_TO_OPEN) opensAgainAtMs = clock() + OPEN_MS;
      throw error;
    }
  };
}
