import type { OperatorAct } from "../domain/audit.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { FanId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { IdempotencyFailure, IdempotentRequest, RecordedAnswer } from "./idempotency.ts";

/** Balances with a ledger of all that changed them. Each method is one statement. */
export interface Accounts {
  /** 0 for an unknown fan. */
  balance(fan: FanId): Promise<number>;
  /** With an `act` of an operator the key is the operator's, and there is an audit entry. */
  charge(
    charge: BalanceChange & { readonly act: OperatorAct | null },
    once: IdempotentRequest,
  ): Promise<Result<RecordedAnswer<null>, IdempotencyFailure>>;
  /** Changes a balance up or down, but never below zero. */
  correct(
    correction: BalanceChange & { readonly act: OperatorAct },
    once: IdempotentRequest,
  ): Promise<Result<RecordedAnswer<null>, CorrectionFailure>>;
}

export interface BalanceChange {
  readonly fan: FanId;
  readonly amount: number;
  /** Fails with `OtherCurrencyError` if the amounts of the database are in another currency. */
  readonly currency: string;
}

export type CorrectionFailure = IdempotencyFailure | FailureOf<"INSUFFICIENT_BALANCE">;
