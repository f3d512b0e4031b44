import type { FanId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { IdempotencyFailure, Once, Recorded } from "./idempotency.ts";

/** Balances, kept with a ledger of every charge and payment. Each method is one statement. */
export interface Accounts {
  /** 0 for a fan never seen. */
  balance(fan: FanId): Promise<number>;
  charge(
    charge: { readonly fan: FanId; readonly amount: number; readonly currency: string },
    once: Once,
  ): Promise<Result<Recorded<null>, IdempotencyFailure>>;
}
