import type { SaleRecord } from "../api/answers.ts";
import type { PurchaseLog } from "../crowd/purchase_log.ts";
import type { FanRecord, SaleRecords } from "../operator/sale_records.ts";
import { type Violation, violationsOf } from "./violation.ts";

/** The answers that the fans got. */
export interface SaleEvidence {
  readonly logs: readonly PurchaseLog[];
  readonly seatLimit: number;
}

function countBy<Item>(items: readonly Item[], keyOf: (item: Item) => string) {
  return new Map([...Map.groupBy(items, keyOf)].map(([key, group]) => [key, group.length]));
}

/** A refunded seat is free, and its price is on the balance again. */
const isKept = ({ status }: SaleRecord) => status === "COMPLETED";

/** Every seat and every reservation is sold once, and no fan has more seats than the limit. */
function checkSales(sales: readonly SaleRecord[], seatLimit: number): Violation[] {
  const kept = sales.filter(isKept);
  const above = (
    max: number,
    keyOf: (sale: SaleRecord) => string,
    among: readonly SaleRecord[] = kept,
  ) => [...countBy(among, keyOf)].filter(([, count]) => count > max);
  return [
    ...above(1, ({ seatId }) => `seat ${seatId}`)
      .map(([seat, count]): Violation => ({
        rule: "B1",
        detail: `${seat} was sold ${count} times`,
      })),
    ...above(1, ({ reservationId }) => `reservation ${reservationId}`, sales)
      .map(([one, count]): Violation => ({
        rule: "B4",
        detail: `${one} was paid ${count} times`,
      })),
    ...above(seatLimit, ({ userId, scheduleId }) => `${userId} in schedule ${scheduleId}`)
      .map(([fan, count]): Violation => ({
        rule: "B7",
        detail: `${fan} has ${count} seats, and the limit is ${seatLimit}`,
      })),
  ];
}

/** The same by the fans' answers, in case the records lost one. */
function checkDoubleSales(sales: readonly SaleRecord[], logs: readonly PurchaseLog[]): Violation[] {
  const refunded = new Set(sales.filter((sale) => !isKept(sale)).map(({ paymentId }) => paymentId));
  const kept = logs.flatMap(({ purchases }) => purchases)
    .filter(({ paymentId }) => !refunded.has(paymentId));
  return [...countBy(kept, ({ seatId }) => String(seatId))]
    .filter(([, count]) => count > 1)
    .map(([seatId, count]): Violation => ({
      rule: "B1",
      detail: `${count} payments of seat ${seatId} were acknowledged`,
    }));
}

/** The payments in the fans' answers and in the records are the same. */
function checkPurchases(sales: readonly SaleRecord[], logs: readonly PurchaseLog[]): Violation[] {
  const violations: Violation[] = [];
  const unmatched = new Map(sales.map((sale) => [sale.paymentId, sale]));
  for (const { userId, purchases } of logs) {
    for (const purchase of purchases) {
      const sale = unmatched.get(purchase.paymentId);
      unmatched.delete(purchase.paymentId);
      const payment = `payment ${purchase.paymentId} of ${userId}`;
      if (!sale) {
        const detail = `${payment} was acknowledged and is not recorded`;
        violations.push({ rule: "records", detail });
      } else if (
        sale.userId !== userId || sale.seatId !== purchase.seatId ||
        sale.amount !== purchase.amount || sale.reservationId !== purchase.reservationId
      ) {
        violations.push({ rule: "B4", detail: `${payment} is recorded with other values` });
      }
    }
  }
  const uncertain = new Set(logs.flatMap((log) => [...log.uncertainReservations]));
  for (const { paymentId, userId, reservationId } of unmatched.values()) {
    if (uncertain.has(reservationId)) continue;
    const detail = `payment ${paymentId} of ${userId} is recorded and was not acknowledged`;
    violations.push({ rule: "B4", detail });
  }
  return violations;
}

/** Every balance is charges minus kept payments. An act without an answer may be done or not. */
function checkMoney({ fans, sales }: SaleRecords, logs: readonly PurchaseLog[]): Violation[] {
  const fanRecords = new Map(fans.map((fan) => [fan.userId, fan]));
  const salesByFan = Map.groupBy(sales, ({ userId }) => userId);
  return logs.flatMap(({ userId, charged, uncertainCharge }): Violation[] => {
    const fan = fanRecords.get(userId);
    if (!fan) return [{ rule: "B3", detail: `${userId} has no record` }];
    const { balance } = fan;
    const ownSales = salesByFan.get(userId) ?? [];
    const paid = ownSales.filter(isKept).reduce((sum, { amount }) => sum + amount, 0);
    const expected = charged - paid;
    const isExpected = balance === expected || balance === expected + uncertainCharge;
    return [
      ...violationsOf("B3", [
        ...isExpected ? [] : [
          `${userId} has a balance of ${balance}, and charged ${charged} minus ` +
          `paid ${paid} is ${expected}`,
        ],
        ...balance < 0 ? [`the balance of ${userId} is below zero`] : [],
      ]),
      ...checkOwnPayments(fan, ownSales),
    ];
  });
}

function checkOwnPayments(
  { userId, paymentIds }: FanRecord,
  sales: readonly SaleRecord[],
): Violation[] {
  const own = new Set(paymentIds);
  const missing = sales.filter(({ paymentId }) => !own.has(paymentId));
  return violationsOf(
    "B4",
    missing.map(({ paymentId }) =>
      `payment ${paymentId} is among the sales, and not in the records of ${userId}`
    ),
  );
}

/**
 * `seatsLeft` counts the unsold seats, and the status is SOLD_OUT exactly when there are none. A
 * refund may have blocked its seat, which then is not left.
 */
function checkSellOut({ concert, sales }: SaleRecords): Violation[] {
  const details: string[] = [];
  const kept = countBy(sales.filter(isKept), ({ scheduleId }) => String(scheduleId));
  const all = countBy(sales, ({ scheduleId }) => String(scheduleId));
  for (const { scheduleId, status, seatCount, seatsLeft } of concert.schedules) {
    const sold = kept.get(String(scheduleId)) ?? 0;
    const unsold = seatCount - sold;
    const refunded = (all.get(String(scheduleId)) ?? 0) - sold;
    const schedule = `schedule ${scheduleId}`;
    if (seatsLeft > unsold || seatsLeft < unsold - refunded) {
      details.push(
        `${schedule} has seatsLeft ${seatsLeft}, and ${unsold} of ${seatCount} are unsold`,
      );
    }
    if ((status === "SOLD_OUT") !== (seatsLeft === 0)) {
      details.push(`${schedule} is ${status} with ${seatsLeft} seats left`);
    }
  }
  const left = concert.schedules.reduce((sum, { seatsLeft }) => sum + seatsLeft, 0);
  if ((concert.status === "SOLD_OUT") !== (left === 0)) {
    details.push(`the concert is ${concert.status} with ${left} seats left`);
  }
  return violationsOf("B5", details);
}

/** Compares the server's records with the fans' answers and with the rules of the box office. */
export function checkSaleRecords(
  records: SaleRecords,
  { logs, seatLimit }: SaleEvidence,
): Violation[] {
  return [
    ...checkSales(records.sales, seatLimit),
    ...checkDoubleSales(records.sales, logs),
    ...checkPurchases(records.sales, logs),
    ...checkMoney(records, logs),
    ...checkSellOut(records),
  ];
}
