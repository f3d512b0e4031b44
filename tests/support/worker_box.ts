/** The header that says for which box a request is, percent-encoded JSON. */
export const BOX_HEADER = "x-test-box";

/** A box as its test sees it at the moment of a request. */
export interface BoxState {
  readonly id: string;
  /** What differs from the Worker's own settings. */
  readonly settings: Readonly<Record<string, string>>;
  readonly nowMs: number;
}
