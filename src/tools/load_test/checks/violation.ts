/** A violation of the contract. */
export interface Violation {
  /** A rule of the contract's section 4, such as B1, or a word for a rule of another section. */
  readonly rule: string;
  readonly detail: string;
}

export function violationsOf(rule: string, details: readonly string[]): Violation[] {
  return details.map((detail) => ({ rule, detail }));
}

/** Milliseconds since the start of the rush, in seconds. */
export function formatTime(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
