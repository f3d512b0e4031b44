/** A retry is earned by so many calls: an outage adds at most a tenth to the calls. */
const CALLS_PER_RETRY = 10;
/** The most retries that are saved, because an outage may follow a long quiet time. */
const MAX_SAVED = 1;

/**
 * Limits retries to a share of the calls, so that they do not make an outage worse (Google SRE
 * book, "Handling Overload", per-client retry budget). A new budget has no retry saved.
 */
export function retryBudget() {
  let savedCalls = 0;
  return {
    countCall(): void {
      savedCalls = Math.min(MAX_SAVED * CALLS_PER_RETRY, savedCalls + 1);
    },
    takeRetry(): boolean {
      if (savedCalls < CALLS_PER_RETRY) return false;
      savedCalls -= CALLS_PER_RETRY;
      return true;
    },
  };
}
