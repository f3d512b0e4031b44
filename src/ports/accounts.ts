import type { OperatorAct } from "../domain/audit.ts";
import type { FanId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { IdempotencyFailure, IdempotentRequest, RecordedAnswer } from "./idempotency.ts";

/** Balances with a ledger of every charge and payment. Each method is one statement. */
export interface Accounts {
  /** 0 for an unknown fan. */
  balance(fan: FanId): Promise<number>;
  charge(
    charge: NewCharge,
    once: IdempotentRequest,
  ): Promise<Result<RecordedAnswer<null>, IdempotencyFailure>>;
}

export interface NewCharge {
  readonly fan: FanId;
  readonly amount: number;
  /** Fails with `OtherCurrencyError` if the amounts of the database are in another currency. */
  readonly currency: string;
  /** Null if the fan acts: then there is no entry in the audit log. */
  readonly act: OperatorAct | null;
}
