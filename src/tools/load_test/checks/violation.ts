/**
 * A rule of the contract that a crowd can see broken: one of its section 4, by its name there, or a
 * word for a rule of another section.
 */
export type Rule =
  | "L1"
  | "L2"
  | "L3"
  | "L4"
  | "L6"
  | "draw"
  | "sold out"
  | "B1"
  | "B3"
  | "B4"
  | "B5"
  | "B7"
  | "records"
  | "D3"
  | "contract"
  | "liveness";

/** A violation of the contract. */
export interface Violation {
  readonly rule: Rule;
  readonly detail: string;
}

export function violationsOf(rule: Rule, details: readonly string[]): Violation[] {
  return details.map((detail) => ({ rule, detail }));
}

/** Milliseconds since the start of the rush, in seconds. */
export function formatTime(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
