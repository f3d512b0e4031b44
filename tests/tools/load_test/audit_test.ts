import assert from "node:assert/strict";
import type { Sale } from "../../../src/tools/load_test/answers.ts";
import { audit } from "../../../src/tools/load_test/audit.ts";
import type { Records } from "../../../src/tools/load_test/records.ts";
import { goodSale } from "./support.ts";

type Plant = (sale: ReturnType<typeof goodSale>) => Partial<Records> | void;

/** The laws that the audit finds broken once a fault is planted, each once. */
function lawsBroken(plant: Plant): { laws: string[]; text: string } {
  const sale = goodSale();
  const records = { ...sale.records, ...plant(sale) };
  const breaches = audit(records, sale);
  return {
    laws: [...new Set(breaches.map(({ law }) => law))],
    text: breaches.map(({ what }) => what).join("\n"),
  };
}

Deno.test("the audit finds nothing in a sale that went well", () => {
  const sale = goodSale();
  assert.deepEqual(audit(sale.records, sale), []);
});

const planted: [string, string, RegExp, Plant][] = [
  ["a seat sold twice", "B1", /seat 11 was sold 2 times/, ({ records, ledgers }) => {
    const again: Sale = {
      ...records.sales[0]!,
      userId: "bob",
      paymentId: "pay_3",
      reservationId: "r",
    };
    const { userId: _, ...ticket } = again;
    ledgers[1]!.tickets.push(ticket);
    return { sales: [...records.sales, again] };
  }],
  [
    "a payment that was acknowledged and is lost",
    "records",
    /pay_2 of bob was acknowledged and is not/,
    ({ records }) => ({ sales: records.sales.slice(0, 1) }),
  ],
  [
    "a payment that nobody was told of",
    "B4",
    /pay_2 of bob is recorded and nobody/,
    ({ ledgers }) => void ledgers[1]!.tickets.pop(),
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
    /bob has a balance of 101, and charged 600 less paid 500 is 100/,
    ({ records: { fans } }) => ({ fans: [fans[0]!, { ...fans[1]!, balance: 101 }] }),
  ],
  ["a balance below zero", "B3", /bob is below zero/, ({ records: { fans }, ledgers }) => {
    ledgers[1]!.charged = 400;
    return { fans: [fans[0]!, { ...fans[1]!, balance: -100 }] };
  }],
  [
    "a date that is sold out too soon",
    "B5",
    /date 2 is SOLD_OUT with 1 seats unsold/,
    ({ records: { concert } }) => ({
      concert: {
        ...concert,
        schedules: [concert.schedules[0]!, { ...concert.schedules[1]!, status: "SOLD_OUT" }],
      },
    }),
  ],
  [
    "a date that is not sold out though its last seat is sold",
    "B5",
    /date 1 is ON_SALE with 0 seats unsold/,
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
    /date 2 says 2 seats left, and 1 of 2 are unsold/,
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
    /the concert is SOLD_OUT with 1 seats unsold/,
    ({ records: { concert } }) => ({ concert: { ...concert, status: "SOLD_OUT" } }),
  ],
];

for (const [name, law, message, plant] of planted) {
  Deno.test(`the audit finds ${name}`, () => {
    const { laws, text } = lawsBroken(plant);
    assert.ok(laws.includes(law), laws.join());
    assert.match(text, message);
  });
}

Deno.test("the audit finds a fan above the limit", () => {
  const sale = goodSale();
  const breaches = audit(sale.records, { ...sale, seatLimit: 0 });
  assert.ok(breaches.some(({ law, what }) => law === "B7" && what.startsWith("alice on date 1")));
});

Deno.test("the audit allows an act whose answer never came, done or not", () => {
  const { laws } = lawsBroken(({ records: { fans }, ledgers }) => {
    const ledger = ledgers[1]!;
    ledger.unsurePayment = new Set([ledger.tickets.pop()!.reservationId]);
    ledger.paid = 0;
    ledger.unsureCharge = 50;
    return { fans: [fans[0]!, { ...fans[1]!, balance: 150 }] };
  });
  assert.deepEqual(laws, []);
});
