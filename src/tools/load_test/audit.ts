import type { Sale } from "./answers.ts";
import type { Ledger } from "./ledger.ts";
import type { FanRecord, Records } from "./records.ts";

/** A law of the contract that was broken, and how: one of its section 4, or what it says elsewhere. */
export interface Breach {
  readonly law: string;
  readonly what: string;
}

export interface Told {
  readonly ledgers: readonly Ledger[];
  readonly seatLimit: number;
}

function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string) {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

/** Every seat and every reservation is in the sales once, and no fan has more than the limit. */
function checkSales(sales: readonly Sale[], seatLimit: number): Breach[] {
  const over = (counts: Map<string, number>, most: number) =>
    [...counts].filter(([, count]) => count > most);
  return [
    ...over(countBy(sales, (sale) => `seat ${sale.seatId}`), 1)
      .map(([seat, count]) => ({ law: "B1", what: `${seat} was sold ${count} times` })),
    ...over(countBy(sales, (sale) => sale.reservationId), 1)
      .map(([id, count]) => ({ law: "B4", what: `reservation ${id} was paid ${count} times` })),
    ...over(countBy(sales, (sale) => `${sale.userId} on date ${sale.scheduleId}`), seatLimit)
      .map(([who, count]) => ({
        law: "B7",
        what: `${who} has ${count} seats, and the limit is ${seatLimit}`,
      })),
  ];
}

/** What was told and what is recorded are the same payments. */
function checkTickets(sales: readonly Sale[], { ledgers }: Told): Breach[] {
  const breaches: Breach[] = [];
  const unseen = new Map(sales.map((sale) => [sale.paymentId, sale]));
  for (const { userId, tickets } of ledgers) {
    for (const ticket of tickets) {
      const sale = unseen.get(ticket.paymentId);
      unseen.delete(ticket.paymentId);
      if (!sale) {
        breaches.push({
          law: "records",
          what: `payment ${ticket.paymentId} of ${userId} was acknowledged and is not recorded`,
        });
      } else if (
        sale.userId !== userId || sale.seatId !== ticket.seatId ||
        sale.amount !== ticket.amount || sale.reservationId !== ticket.reservationId
      ) {
        breaches.push({
          law: "B4",
          what: `payment ${ticket.paymentId} of ${userId} is recorded with other facts`,
        });
      }
    }
  }
  const unsure = new Set(ledgers.flatMap(({ unsurePayment }) => [...unsurePayment]));
  for (const { paymentId, userId, reservationId } of unseen.values()) {
    if (unsure.has(reservationId)) continue;
    breaches.push({
      law: "B4",
      what: `payment ${paymentId} of ${userId} is recorded and nobody was told of it`,
    });
  }
  return breaches;
}

/** Balance = charged - paid; an act whose answer never came may have been done or not. */
function checkMoney(records: Records, { ledgers }: Told): Breach[] {
  const fans = new Map(records.fans.map((fan) => [fan.userId, fan]));
  const bySale = Map.groupBy(records.sales, ({ userId }) => userId);
  return ledgers.flatMap((ledger) => {
    const fan = fans.get(ledger.userId);
    if (!fan) return [{ law: "B3", what: `${ledger.userId} has no record` }];
    const sales = bySale.get(ledger.userId) ?? [];
    const paid = sales.reduce((sum, { amount }) => sum + amount, 0);
    const expected = [ledger.charged - paid, ledger.charged + ledger.unsureCharge - paid];
    return [
      ...expected.includes(fan.balance) ? [] : [{
        law: "B3",
        what: `${ledger.userId} has a balance of ${fan.balance}, and charged ` +
          `${ledger.charged} less paid ${paid} is ${expected[0]}`,
      }],
      ...fan.balance < 0 ? [{ law: "B3", what: `${ledger.userId} is below zero` }] : [],
      ...checkOwnPayments(fan, sales),
    ];
  });
}

function checkOwnPayments({ userId, paymentIds }: FanRecord, sales: readonly Sale[]): Breach[] {
  const own = new Set(paymentIds);
  return sales.filter(({ paymentId }) => !own.has(paymentId)).map(({ paymentId }) => ({
    law: "B4",
    what: `payment ${paymentId} is among the sales, and not in the records of ${userId}`,
  }));
}

/** Seats left are those not sold, and SOLD_OUT is said exactly when there are none. */
function checkSellOut({ concert, sales }: Records): Breach[] {
  const breaches: Breach[] = [];
  const sold = countBy(sales, ({ scheduleId }) => String(scheduleId));
  for (const { scheduleId, status, seatCount, seatsLeft } of concert.schedules) {
    const left = seatCount - (sold.get(String(scheduleId)) ?? 0);
    const date = `date ${scheduleId}`;
    if (seatsLeft !== left) {
      const what = `${date} says ${seatsLeft} seats left, and ${left} of ${seatCount} are unsold`;
      breaches.push({ law: "B5", what });
    }
    if ((status === "SOLD_OUT") !== (left === 0)) {
      breaches.push({ law: "B5", what: `${date} is ${status} with ${left} seats unsold` });
    }
  }
  const left = concert.schedules.reduce((sum, { seatCount }) => sum + seatCount, 0) - sales.length;
  if ((concert.status === "SOLD_OUT") !== (left === 0)) {
    breaches.push({
      law: "B5",
      what: `the concert is ${concert.status} with ${left} seats unsold`,
    });
  }
  return breaches;
}

/** Holds the server's records to what the fans were told, and to the laws. */
export function audit(records: Records, told: Told): Breach[] {
  return [
    ...checkSales(records.sales, told.seatLimit),
    ...checkTickets(records.sales, told),
    ...checkMoney(records, told),
    ...checkSellOut(records),
  ];
}
