import type { FanId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Accounts } from "../ports/accounts.ts";
import type { IdempotencyFailure, Once, Recorded } from "../ports/idempotency.ts";

/** Reading and topping up a fan's balance. */
export function accounts({ store, currency }: { store: Accounts; currency: string }) {
  return {
    async balance(fan: FanId): Promise<{ balance: number; currency: string }> {
      return { balance: await store.balance(fan), currency };
    },
    charge(
      fan: FanId,
      amount: number,
      once: Once,
    ): Promise<Result<Recorded<null>, IdempotencyFailure>> {
      return store.charge({ fan, amount, currency }, once);
    },
  };
}
