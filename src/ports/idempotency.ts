import type { NewAuditEntry } from "../domain/audit.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { Result } from "../domain/result.ts";

/** An idempotency key of one caller on one route, with the hash of the request to compare. */
export interface IdempotentRequest {
  /** `fan:` and the id of the fan, or `operator:` or `door:` and the name of its token. */
  readonly caller: string;
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
  /** Whether an earlier request with the same key did the act. */
  readonly replayed: boolean;
}

export type IdempotencyFailure = FailureOf<"IDEMPOTENCY_KEY_REUSED" | "IDEMPOTENCY_IN_PROGRESS">;

/**
 * The answers of acts whose effect is not in PostgreSQL. Such an act looks for its answer first. Its
 * effect must not happen twice when the act is done again before its answer is recorded.
 */
export interface RecordedAnswers {
  /** The answer of an earlier request; null while the key is free. */
  find<Effects = null>(
    once: IdempotentRequest,
  ): Promise<Result<RecordedAnswer<Effects> | null, IdempotencyFailure>>;
  /**
   * Records the answer and the entry of the audit log in one statement. If the key has an answer
   * already, it records nothing and gives that answer. Without a key it writes the entry alone.
   */
  record<Effects = null>(
    done: OutsideAct<Effects>,
  ): Promise<Result<RecordedAnswer<Effects>, IdempotencyFailure>>;
}

/** An act that was done outside of PostgreSQL. */
export interface OutsideAct<Effects> {
  readonly once: IdempotentRequest | null;
  readonly answer: unknown;
  readonly effects: Effects;
  readonly entry: NewAuditEntry | null;
}
