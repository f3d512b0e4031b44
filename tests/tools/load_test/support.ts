import { newLedger } from "../../../src/tools/load_test/ledger.ts";
import type { Records } from "../../../src/tools/load_test/records.ts";
import type { Sighting } from "../../../src/tools/load_test/seen.ts";

/** A place's answer at a second, asked for 10 ms before. */
export function sighting(
  fan: number,
  ticket: number | null,
  atSecond: number,
  state: Sighting["state"],
  position: number | null = null,
): Sighting {
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

/** Two fans and two dates: alice has bought the one seat of the first, bob one of two. */
export function goodSale() {
  const alice = newLedger("alice");
  const bob = newLedger("bob");
  const sold = (userId: string, number: number, scheduleId: number, amount: number) => ({
    paymentId: `pay_${number}`,
    reservationId: `rsv_${number}`,
    userId,
    scheduleId,
    seatId: 10 + number,
    amount,
  });
  const sales = [sold("alice", 1, 1, 300), sold("bob", 2, 2, 500)];
  for (const [ledger, sale] of [[alice, sales[0]!], [bob, sales[1]!]] as const) {
    const { userId: _, ...ticket } = sale;
    ledger.tickets.push(ticket);
    ledger.charged = 600;
    ledger.paid = sale.amount;
  }
  const records: Records = {
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
    notes: [],
  };
  return { records, ledgers: [alice, bob], seatLimit: 4 };
}
