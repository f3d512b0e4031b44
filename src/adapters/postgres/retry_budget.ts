/** So much of a retry is earned by each call: in an outage at most 1.1 calls go out per call in. */
const EARNED_BY_A_CALL = 0.1;
/** A quiet time saves up for so many retries, no more. */
const MAX_SAVED = 10;

/**
 * Retries are paid for by calls, so that an outage is not made worse by them (Google SRE book,
 * "Handling Overload", per-client retry budget). A new one has nothing saved.
 */
export function retryBudget() {
  let saved = 0;
  return {
    countCall(): void {
      saved = Math.min(MAX_SAVED, saved + EARNED_BY_A_CALL);
    },
    takeRetry(): boolean {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
