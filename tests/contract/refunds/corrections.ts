import { deepEqual, equal } from "node:assert/strict";
import { assertLaws, unchanged } from "../box_office/laws.ts";
import {
  ALEX,
  type BoxOffice,
  type ContractTest,
  must,
  newFan,
  newOnce,
  refusalOf,
} from "../box_office/office.ts";

export function correctionsContract(test: ContractTest): void {
  const correct = (
    { accounts }: BoxOffice,
    fan: ReturnType<typeof newFan>,
    amount: number,
    once = newOnce("correct"),
  ) => accounts.correct({ fan: fan.fan, amount, currency: "KRW", act: ALEX }, once);

  test("`correct()` adds and takes, once for a key, and never below zero (B3)", async (office) => {
    const { accounts, auditLog } = office;
    const fan = newFan(office);
    const refusal = await unchanged(office.sql, () => correct(office, fan, -1));
    deepEqual(refusalOf(refusal), { kind: "INSUFFICIENT_BALANCE", balance: 0, required: 1 });
    must(await correct(office, fan, 500));
    const once = newOnce("correct");
    const first = must(await correct(office, fan, -200, once));
    deepEqual(JSON.parse(first.json), { balance: 300, currency: "KRW" });
    equal(must(await correct(office, fan, -200, once)).json, first.json);
    const beyond = await unchanged(office.sql, () => correct(office, fan, -301));
    deepEqual(refusalOf(beyond), { kind: "INSUFFICIENT_BALANCE", balance: 300, required: 301 });
    must(await correct(office, fan, -300));
    equal(await accounts.balance(fan.fan), 0);
    const { items } = await auditLog.list(null, { limit: 3, after: null });
    deepEqual(
      items.map((entry) => [entry.action, entry.subject, entry.reason, entry.old, entry.new]),
      [[300, -300], [500, -200], [0, 500]].map(([before, amount]) => [
        "BALANCE_CORRECTED",
        fan.fan,
        ALEX.reason,
        { balance: before },
        { balance: before! + amount!, amount },
      ]),
    );
    await assertLaws(office.sql);
  });

  test("`charge()` by an operator has the operator's key, an audit entry and a reason", async (office) => {
    const { accounts, auditLog } = office;
    const [one, two] = [newFan(office), newFan(office)];
    const once = newOnce("charge");
    const charge = (fan: typeof one, act = ALEX) =>
      accounts.charge({ fan: fan.fan, amount: 7, currency: "KRW", act }, once);
    must(await charge(one));
    must(await charge(one));
    must(await charge(two, { operator: "kim", reason: null }));
    must(await one.charge(7, once));
    deepEqual([await accounts.balance(one.fan), await accounts.balance(two.fan)], [14, 7]);
    const { items } = await auditLog.list(null, { limit: 2, after: null });
    deepEqual(items.map(({ action, operator, subject }) => [action, operator, subject]), [
      ["BALANCE_CHARGED", "kim", two.fan],
      ["BALANCE_CHARGED", "alex", one.fan],
    ]);
    const [entry] = await office.sql(
      "select operator, reason from ledger_entries where fan_id = $1 order by entry_id limit 1",
      [one.fan],
    );
    deepEqual(entry, ALEX);
  });
}
