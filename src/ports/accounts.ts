import type { FanId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { IdempotencyFailure, IdempotentRequest, RecordedAnswer } from "./idempotency.ts";

/** Balances with a ledger of every charge and payment. Each method is one statement. */
export interface Accounts {
  /** 0 for an unknown fan. */
  balance(fan: FanId): Promise<number>;
  charge(
    charge: { readonly fan: FanId; readonly amount: number; readonly currency: string },
    once: IdempotentRequest,
  ): Promise<Result<RecordedAnswer<null>, IdempotencyFailure>>;
}
