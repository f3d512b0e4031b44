import type { OperatorAct } from "../domain/audit.ts";
import type { FanId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Accounts, CorrectionFailure } from "../ports/accounts.ts";
import type {
  IdempotencyFailure,
  IdempotentRequest,
  RecordedAnswer,
} from "../ports/idempotency.ts";

/** Reads, tops up and corrects balances. Amounts are in the smallest unit of the currency. */
export interface BalanceService {
  balance(fan: FanId): Promise<{ readonly balance: number; readonly currency: string }>;
  /** `act` is null where the fan acts. */
  charge(
    fan: FanId,
    amount: number,
    act: OperatorAct | null,
    request: IdempotentRequest,
  ): Promise<Result<RecordedAnswer<null>, IdempotencyFailure>>;
  /** Adds a signed amount. The balance never falls below zero. */
  correct(
    fan: FanId,
    amount: number,
    act: OperatorAct,
    request: IdempotentRequest,
  ): Promise<Result<RecordedAnswer<null>, CorrectionFailure>>;
}

export function createBalanceService(
  { accounts, currency }: { readonly accounts: Accounts; readonly currency: string },
): BalanceService {
  return {
    async balance(fan) {
      return { balance: await accounts.balance(fan), currency };
    },
    charge: (fan, amount, act, request) => accounts.charge({ fan, amount, currency, act }, request),
    correct: (fan, amount, act, request) =>
      accounts.correct({ fan, amount, currency, act }, request),
  };
}
