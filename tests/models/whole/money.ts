import type { Sql } from "../../../src/adapters/postgres/sql.ts";
import type { Laws } from "../line/laws.ts";
import type { Owners } from "./owners.ts";

/** What fans were told of their money. A restored database has forgotten what came after. */
export interface Money {
  /** Each charge of a history has an amount of its own. */
  newAmount(): number;
  charged(fan: string, amount: number): void;
  paid(paymentId: string): void;
  forget(): void;
  /** What was told is there, once. */
  check(sql: Sql, laws: Laws, owners: Pick<Owners, "namesOf">): Promise<void>;
}

const AMOUNTS = "select fan_id, amount::integer as amount, count(*)::integer as times " +
  "from ledger_entries where kind = 'CHARGE' and amount between 100000 and 200000 group by 1, 2";

export function createMoney(): Money {
  let amounts = 100_000;
  let charges = new Set<string>();
  let payments = new Set<string>();
  return {
    newAmount: () => ++amounts,
    charged: (fan, amount) => void charges.add(`${fan} ${amount}`),
    paid: (paymentId) => void payments.add(paymentId),
    forget() {
      charges = new Set();
      payments = new Set();
    },
    async check(sql, laws, owners) {
      const entries = await sql(AMOUNTS, []);
      laws.check(
        "B3: a charge is done once, however often it was sent",
        entries.every(({ times }) => times === 1),
        () => JSON.stringify(entries.filter(({ times }) => times !== 1)),
      );
      const found = new Set(entries.map(({ fan_id, amount }) => `${fan_id} ${amount}`));
      const lost = [...charges].filter((charge) => {
        const [fan, amount] = charge.split(" ");
        return !owners.namesOf(fan!, -Infinity).some((name) => found.has(`${name} ${amount}`));
      });
      laws.check("B3: a charge that was answered is there", lost.length === 0, () => lost.join());
      const rows = await sql("select payment_id from payments", []);
      const there = new Set(rows.map(({ payment_id }) => payment_id));
      const gone = [...payments].filter((paymentId) => !there.has(paymentId));
      laws.check("B4: a payment that was answered is there", gone.length === 0, () => gone.join());
    },
  };
}
