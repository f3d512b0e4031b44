import type { FailureOf } from "../domain/failures.ts";

/** An idempotency key of one fan on one route, with what tells whether two sends are the same. */
export interface Once {
  readonly route: string;
  readonly key: string;
  /** SHA-256 of the parsed body, hex. */
  readonly bodyHash: string;
}

/**
 * The recorded answer of an act that happens once: its JSON text, given byte for byte to every
 * repeated send, and the effects that may have to follow it again.
 */
export interface Recorded<Effects> {
  readonly json: string;
  readonly effects: Effects;
}

export type IdempotencyFailure = FailureOf<"IDEMPOTENCY_KEY_REUSED" | "IDEMPOTENCY_IN_PROGRESS">;
