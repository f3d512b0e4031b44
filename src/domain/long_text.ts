/**
 * A text that is too long to be held once for each reader. All readers share what it is made of, and
 * make their parts one after the other as they are sent.
 */
export interface LongText {
  /** Anew for each reader. */
  parts(): Iterable<string>;
}
