import type { LedgerEntry, Page, PageRequest, Payment, Reservation } from "../domain/booking.ts";
import type { FanId } from "../domain/ids.ts";
import type { Ticket } from "../domain/ticket.ts";

/** The records that support looks up. Each method is one statement. */
export interface SupportRecords {
  /** A fan's balance, live and latest ended holds, latest payments and their tickets. */
  ofFan(fan: FanId): Promise<FanRecords>;
  /** All entries of a fan's ledger, newest first. */
  ledgerOf(fan: FanId, page: PageRequest): Promise<Page<LedgerEntry>>;
}

/** The most payments and ended holds in the records of a fan. */
export const MAX_PAYMENTS_OF_FAN = 100;
export const MAX_ENDED_HOLDS_OF_FAN = 20;

export interface FanRecords {
  readonly balance: number;
  readonly holds: readonly Reservation[];
  /** Newest first, at most `MAX_PAYMENTS_OF_FAN`. */
  readonly payments: readonly Payment[];
  /** Holds that lapsed or were cancelled, newest first, at most `MAX_ENDED_HOLDS_OF_FAN`. */
  readonly endedHolds: readonly Reservation[];
  /** Of the same payments, in their order. */
  readonly tickets: readonly Ticket[];
}
