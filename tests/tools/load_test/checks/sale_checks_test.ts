import assert from "node:assert/strict";
import type { SaleRecord } from "../../../../src/tools/load_test/api/answers.ts";
import { checkSaleRecords } from "../../../../src/tools/load_test/checks/sale_checks.ts";
import type { SaleRecords } from "../../../../src/tools/load_test/operator/sale_records.ts";
import { createGoodSale, type GoodSale } from "../fixtures.ts";

/** Plants a fault. Returns changed records; changes the logs in place. */
type Plant = (sale: GoodSale) => Partial<SaleRecords> | void;

/** The rules that are broken after the fault, each once, and the details. */
function findBroken(plant: Plant): { rules: string[]; text: string } {
  const sale = createGoodSale();
  const records = { ...sale.records, ...plant(sale) };
  const violations = checkSaleRecords(records, sale);
  return {
    rules: [...new Set(violations.map(({ rule }) => rule))],
    text: violations.map(({ detail }) => detail).join("\n"),
  };
}

Deno.test("checkSaleRecords() finds nothing in a sale without a violation", () => {
  const sale = createGoodSale();
  assert.deepEqual(checkSaleRecords(sale.records, sale), []);
});

const planted: [string, string, RegExp, Plant][] = [
  ["a seat sold twice", "B1", /seat 11 was sold 2 times/, ({ records, logs }) => {
    const again: SaleRecord = {
      ...records.sales[0]!,
      userId: "bob",
      paymentId: "pay_3",
      reservationId: "r",
    };
    const { userId: _, status: __, ...purchase } = again;
    logs[1]!.purchases.push(purchase);
    return { sales: [...records.sales, again] };
  }],
  [
    "a seat of which two payments were acknowledged",
    "B1",
    /2 payments of seat 11 were acknowledged/,
    ({ records: { sales }, logs }) => {
      const { userId: _, status: __, ...purchase } = sales[0]!;
      logs[1]!.purchases.push({ ...purchase, paymentId: "pay_3" });
    },
  ],
  [
    "a payment that was acknowledged and is lost",
    "records",
    /pay_2 of bob was acknowledged and is not/,
    ({ records }) => ({ sales: records.sales.slice(0, 1) }),
  ],
  [
    "a payment that was not acknowledged",
    "B4",
    /pay_2 of bob is recorded and was not acknowledged/,
    ({ logs }) => void logs[1]!.purchases.pop(),
  ],
  [
    "a reservation paid twice",
    "B4",
    /reservation rsv_1 was paid 2 times/,
    ({ records }) => ({
      sales: [...records.sales, { ...records.sales[0]!, paymentId: "pay_9", seatId: 99 }],
    }),
  ],
  [
    "a wrong balance",
    "B3",
    /bob has a balance of 101, and charged 600 minus paid 500 is 100/,
    ({ records: { fans } }) => ({ fans: [fans[0]!, { ...fans[1]!, balance: 101 }] }),
  ],
  [
    "a balance below zero",
    "B3",
    /the balance of bob is below zero/,
    ({ records: { fans }, logs }) => {
      logs[1]!.charged = 400;
      return { fans: [fans[0]!, { ...fans[1]!, balance: -100 }] };
    },
  ],
  [
    "a schedule that is sold out too soon",
    "B5",
    /schedule 2 is SOLD_OUT with 1 seats left/,
    ({ records: { concert } }) => ({
      concert: {
        ...concert,
        schedules: [concert.schedules[0]!, { ...concert.schedules[1]!, status: "SOLD_OUT" }],
      },
    }),
  ],
  [
    "a schedule that is not sold out though its last seat is sold",
    "B5",
    /schedule 1 is ON_SALE with 0 seats left/,
    ({ records: { concert } }) => ({
      concert: {
        ...concert,
        schedules: [{ ...concert.schedules[0]!, status: "ON_SALE" }, concert.schedules[1]!],
      },
    }),
  ],
  [
    "a wrong count of seats left",
    "B5",
    /schedule 2 has seatsLeft 2, and 1 of 2 are unsold/,
    ({ records: { concert } }) => ({
      concert: {
        ...concert,
        schedules: [concert.schedules[0]!, { ...concert.schedules[1]!, seatsLeft: 2 }],
      },
    }),
  ],
  [
    "a concert that is sold out too soon",
    "B5",
    /the concert is SOLD_OUT with 1 seats left/,
    ({ records: { concert } }) => ({ concert: { ...concert, status: "SOLD_OUT" } }),
  ],
];

for (const [name, rule, message, plant] of planted) {
  Deno.test(`checkSaleRecords() finds ${name}`, () => {
    const { rules, text } = findBroken(plant);
    assert.ok(rules.includes(rule), rules.join());
    assert.match(text, message);
  });
}

/** The operator gives bob the money back; his seat is free, or blocked. */
const refunded: Plant = ({ records: { sales, fans, concert } }) => ({
  sales: [sales[0]!, { ...sales[1]!, status: "REFUNDED" }],
  fans: [fans[0]!, { ...fans[1]!, balance: fans[1]!.balance + sales[1]!.amount }],
  concert: {
    ...concert,
    schedules: [concert.schedules[0]!, { ...concert.schedules[1]!, seatsLeft: 2 }],
  },
});

Deno.test("checkSaleRecords() counts a refund by the operator", () => {
  assert.deepEqual(findBroken(refunded).rules, []);
  const blocked = findBroken((sale) => ({ ...refunded(sale), concert: sale.records.concert }));
  assert.deepEqual(blocked.rules, [], "the seat may be blocked");
  const unpaid = findBroken((sale) => ({ ...refunded(sale), fans: sale.records.fans }));
  assert.deepEqual(unpaid.rules, ["B3"]);
});

Deno.test("checkSaleRecords() finds a fan above the limit", () => {
  const sale = createGoodSale();
  const violations = checkSaleRecords(sale.records, { ...sale, seatLimit: 0 });
  assert.ok(
    violations.some(({ rule, detail }) =>
      rule === "B7" && detail.startsWith("alice in schedule 1 ")
    ),
  );
});

Deno.test("checkSaleRecords() allows an act without an answer, done or not", () => {
  const { rules } = findBroken(({ records: { fans }, logs }) => {
    const log = logs[1]!;
    log.uncertainReservations = new Set([log.purchases.pop()!.reservationId]);
    log.paid = 0;
    log.uncertainCharge = 50;
    return { fans: [fans[0]!, { ...fans[1]!, balance: 150 }] };
  });
  assert.deepEqual(rules, []);
});
