/** So many calls earn a retry: in an outage at most 1.1 calls go out per call in. */
const CALLS_A_RETRY = 10;
/** A quiet time saves up for so many retries, no more: an outage may follow it. */
const MAX_SAVED = 1;

/**
 * Retries are paid for by calls, so that an outage is not made worse by them (Google SRE book,
 * "Handling Overload", per-client retry budget). A new one has nothing saved.
 */
export function retryBudget() {
  let savedCalls = 0;
  return {
    countCall(): void {
      savedCalls = Math.min(MAX_SAVED * CALLS_A_RETRY, savedCalls + 1);
    },
    takeRetry(): boolean {
      if (savedCalls < CALLS_A_RETRY) return false;
      savedCalls -= CALLS_A_RETRY;
      return true;
    },
  };
}
