import type { PayAnswer, Reservation } from "../api/answers.ts";

/** A paid seat, as the payment's answer stated it. */
export interface Purchase {
  readonly paymentId: string;
  readonly reservationId: string;
  readonly scheduleId: number;
  readonly seatId: number;
  readonly amount: number;
}

/** The answers that one fan got about money and seats. The checks compare the server's records. */
export interface PurchaseLog {
  readonly userId: string;
  charged: number;
  paid: number;
  readonly purchases: Purchase[];
  /** Sent without an answer so far: the server may have acted or not. */
  uncertainCharge: number;
  uncertainReservations: ReadonlySet<string>;
}

export function createPurchaseLog(userId: string): PurchaseLog {
  return {
    userId,
    charged: 0,
    paid: 0,
    purchases: [],
    uncertainCharge: 0,
    uncertainReservations: new Set(),
  };
}

export function recordPayment(
  log: PurchaseLog,
  { payments, totalAmount }: PayAnswer,
  holds: readonly Reservation[],
): void {
  const held = new Map(holds.map((hold) => [hold.reservationId, hold]));
  for (const { paymentId, reservationId, amount } of payments) {
    const { scheduleId = 0, seatId = 0 } = held.get(reservationId) ?? {};
    log.purchases.push({ paymentId, reservationId, scheduleId, seatId, amount });
  }
  log.paid += totalAmount;
}
