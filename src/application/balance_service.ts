import type { OperatorAct } from "../domain/audit.ts";
import type { FanId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Accounts } from "../ports/accounts.ts";
import type {
  IdempotencyFailure,
  IdempotentRequest,
  RecordedAnswer,
} from "../ports/idempotency.ts";

/** Reads and tops up balances. Amounts are in the smallest unit of the currency. */
export interface BalanceService {
  balance(fan: FanId): Promise<{ readonly balance: number; readonly currency: string }>;
  /** `act` is null where the fan acts. */
  charge(
    fan: FanId,
    amount: number,
    act: OperatorAct | null,
    request: IdempotentRequest,
  ): Promise<Result<RecordedAnswer<null>, IdempotencyFailure>>;
}

export function createBalanceService(
  { accounts, currency }: { readonly accounts: Accounts; readonly currency: string },
): BalanceService {
  return {
    async balance(fan) {
      return { balance: await accounts.balance(fan), currency };
    },
    charge: (fan, amount, act, request) => accounts.charge({ fan, amount, currency, act }, request),
  };
}
