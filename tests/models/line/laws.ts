import { AssertionError } from "node:assert/strict";

/** Checks laws, and counts the checks of each. */
export class Laws {
  readonly checks = new Map<string, number>();

  /** Fails by naming the law. `breach` says what was seen, with the times of the history. */
  check(law: string, holds: boolean, breach: () => string): void {
    this.checks.set(law, (this.checks.get(law) ?? 0) + 1);
    if (!holds) throw new AssertionError({ message: `${law}: ${breach()}` });
  }
}
