import type { Clock } from "../../ports/clock.ts";

/** The number of consecutive failures that opens the breaker. */
const FAILURES_TO_OPEN = 5;
/** The time for which an open breaker refuses all calls. Then it lets one call through as a probe. */
const OPEN_MS = 1_000;

/** The call was not sent, because the store has just failed several times in a row. */
export class CircuitOpenError extends Error {
  override readonly name = "CircuitOpenError";
}

export interface CircuitBreakerOptions {
  readonly clock: Clock;
  /** Whether the error is an answer of the store, which proves that the store is available. */
  readonly isAnswer: (error: unknown) => boolean;
}

/** Runs an act. Throws `CircuitOpenError` without running it while the breaker is open. */
export type CircuitBreaker = <Value>(act: () => Promise<Value>) => Promise<Value>;

/**
 * Protects a store that does not answer, and the callers that would wait for it. The breaker keeps
 * numbers only: a request never waits for a promise of another request.
 */
export function createCircuitBreaker({ clock, isAnswer }: CircuitBreakerOptions): CircuitBreaker {
  let failures = 0;
  let opensAgainAtMs = 0;

  return async <Value>(act: () => Promise<Value>): Promise<Value> => {
    if (failures >= FAILURES_TO_OPEN) {
      if (clock() < opensAgainAtMs) throw new CircuitOpenError("the circuit breaker is open");
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
