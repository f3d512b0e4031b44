import type { Paid, Reservation } from "./answers.ts";

/** A seat that the fan was told is paid. */
export interface Ticket {
  readonly paymentId: string;
  readonly reservationId: string;
  readonly scheduleId: number;
  readonly seatId: number;
  readonly amount: number;
}

/** What one fan was told about money and seats; the audit holds the server to it. */
export interface Ledger {
  readonly userId: string;
  charged: number;
  paid: number;
  readonly tickets: Ticket[];
  /** Charges and payments sent whose answers never came: they may or may not have been done. */
  unsureCharge: number;
  unsurePayment: ReadonlySet<string>;
}

export function newLedger(userId: string): Ledger {
  return {
    userId,
    charged: 0,
    paid: 0,
    tickets: [],
    unsureCharge: 0,
    unsurePayment: new Set(),
  };
}

export function recordPayment(
  ledger: Ledger,
  { payments, totalAmount }: Paid,
  holds: readonly Reservation[],
): void {
  const held = new Map(holds.map((hold) => [hold.reservationId, hold]));
  for (const { paymentId, reservationId, amount } of payments) {
    const { scheduleId = 0, seatId = 0 } = held.get(reservationId) ?? {};
    ledger.tickets.push({ paymentId, reservationId, scheduleId, seatId, amount });
  }
  ledger.paid += totalAmount;
}
