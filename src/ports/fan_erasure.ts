import type { OperatorAct } from "../domain/audit.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { FanId, Pseudonym } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";

export interface Erasure {
  readonly fan: FanId;
  readonly pseudonym: Pseudonym;
  readonly act: OperatorAct;
}

export interface FanErasure {
  /**
   * Puts the pseudonym in the place of the fan's name in all records, in one statement; no sum
   * changes. It may be repeated: then there is nothing to change. An act of the fan that comes later
   * is one of a new person.
   */
  erase(erasure: Erasure): Promise<Result<null, FailureOf<"ERASURE_NOT_POSSIBLE">>>;
}
