import { AssertionError } from "node:assert/strict";

/** Checks laws, and counts the checks of each. */
export class Laws {
  readonly #checks = new Map<string, number>();

  /** All checks so far, and those of each law by its name. */
  get total(): number {
    return [...this.#checks.values()].reduce((sum, checks) => sum + checks, 0);
  }

  get byName(): readonly (readonly [law: string, checks: number])[] {
    return [...this.#checks].sort(([one], [other]) => one < other ? -1 : 1);
  }

  /** Fails by naming the law. `breach` says what was seen, with the times of the history. */
  check(law: string, holds: boolean, breach: () => string): void {
    this.#checks.set(law, (this.#checks.get(law) ?? 0) + 1);
    if (!holds) throw new AssertionError({ message: `${law}: ${breach()}` });
  }
}
