import type { FailureOf } from "../domain/failures.ts";

/** An idempotency key of one caller on one route, with the hash of the request to compare. */
export interface IdempotentRequest {
  readonly route: string;
  readonly key: string;
  /** SHA-256 of path, query and parsed body, hex. */
  readonly bodyHash: string;
}

/**
 * The recorded answer of an idempotent act: its JSON text, which every repeat gets byte for byte,
 * and its effects, which every repeat applies again.
 */
export interface RecordedAnswer<Effects> {
  readonly json: string;
  readonly effects: Effects;
}

export type IdempotencyFailure = FailureOf<"IDEMPOTENCY_KEY_REUSED" | "IDEMPOTENCY_IN_PROGRESS">;
