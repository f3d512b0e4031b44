import {
  createPurchaseLog,
  type PurchaseLog,
} from "../../../src/tools/load_test/crowd/purchase_log.ts";
import type { Evidence } from "../../../src/tools/load_test/checks/evidence.ts";
import {
  createObservations,
  type PlaceObservation,
  type Sample,
} from "../../../src/tools/load_test/observations.ts";
import type { SaleRecords } from "../../../src/tools/load_test/operator/sale_records.ts";

/** The answer about the first place of a fan at a second. Its request was sent 10 ms before. */
export function observationOf(
  fan: number,
  ticket: number | null,
  atSecond: number,
  state: PlaceObservation["state"],
  position: number | null = null,
): PlaceObservation {
  return {
    place: `${fan}/1`,
    fan,
    state,
    ticket,
    position,
    estimatedWaitSeconds: state === "WAITING" ? 5 : null,
    pollAfterSeconds: state === "WAITING" ? 2 : null,
    reason: null,
    seatsMayReturn: null,
    pseudonym: null,
    sentAtMs: atSecond * 1000 - 10,
    receivedAtMs: atSecond * 1000,
  };
}

export const SAMPLE: Sample = {
  atMs: 1,
  waiting: 0,
  admitted: 3,
  parked: 0,
  capacity: 3,
  admittedLastMinute: 2,
  sold: 0,
};

export interface GoodSale {
  readonly records: SaleRecords;
  /** Of alice and bob. */
  readonly logs: readonly [PurchaseLog, PurchaseLog];
  readonly seatLimit: number;
}

/** Two schedules: alice has the only seat of the first, and bob one of two seats of the second. */
export function createGoodSale(): GoodSale {
  const logs = [createPurchaseLog("alice"), createPurchaseLog("bob")] as const;
  const saleOf = (userId: string, number: number, scheduleId: number, amount: number) => ({
    paymentId: `pay_${number}`,
    reservationId: `rsv_${number}`,
    userId,
    scheduleId,
    seatId: 10 + number,
    amount,
    status: "COMPLETED" as const,
  });
  const sales = [saleOf("alice", 1, 1, 300), saleOf("bob", 2, 2, 500)];
  for (const [index, { userId: _, status: __, ...purchase }] of sales.entries()) {
    const log = logs[index]!;
    log.purchases.push(purchase);
    log.charged = 600;
    log.paid = purchase.amount;
  }
  const records: SaleRecords = {
    concert: {
      status: "ON_SALE",
      schedules: [
        { scheduleId: 1, status: "SOLD_OUT", seatCount: 1, seatsLeft: 0 },
        { scheduleId: 2, status: "ON_SALE", seatCount: 2, seatsLeft: 1 },
      ],
    },
    sales,
    fans: [
      { userId: "alice", balance: 300, paymentIds: ["pay_1"] },
      { userId: "bob", balance: 100, paymentIds: ["pay_2"] },
    ],
  };
  return { records, logs, seatLimit: 4 };
}

/** The evidence of the good sale, with an empty set of observations. */
export function createEvidence() {
  return {
    ...createGoodSale(),
    observations: createObservations(),
    endings: ["bought", "bought"],
    room: { seats: 3, perMinute: 2, draw: null, wasChanged: false },
    showUpMs: 2_000,
    seconds: 5,
  } satisfies Evidence;
}
