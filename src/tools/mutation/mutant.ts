/** The function by which a mutated module asks whether a mutant is switched on. */
export const SWITCH = "__isMutant";

/** One change of the source by one operator. */
export interface Mutant {
  /** The number by which a process of tests switches it on: from 1, in the order of the source. */
  readonly id: number;
  /** The path below `src`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The text of the line on which the changed text begins, without blanks at its ends. */
  readonly text: string;
  /** What becomes what, such as `a < b → a <= b`. */
  readonly mutation: string;
  /** Whether it is part of no function: it is computed when the module is loaded. */
  readonly isConstant: boolean;
}

/** The text that takes the place of a part of the source. */
export interface Patch {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What an operator makes of a piece of source text. */
export interface Change {
  readonly to: string;
  /** The operator's words where the texts would be long. */
  readonly mutation?: string;
}
