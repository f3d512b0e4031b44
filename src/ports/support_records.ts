import type { LedgerEntry, Page, PageRequest, Payment, Reservation } from "../domain/booking.ts";
import type { FanId } from "../domain/ids.ts";

/** The records that support looks up. Each method is one statement. */
export interface SupportRecords {
  /** A fan's balance, live holds and latest payments. An unknown fan has none. */
  ofFan(fan: FanId): Promise<FanRecords>;
  /** All entries of a fan's ledger, newest first. */
  ledgerOf(fan: FanId, page: PageRequest): Promise<Page<LedgerEntry>>;
}

/** The most payments in the records of a fan. */
export const MAX_PAYMENTS_OF_FAN = 100;

export interface FanRecords {
  readonly balance: number;
  readonly holds: readonly Reservation[];
  /** Newest first, at most `MAX_PAYMENTS_OF_FAN`. */
  readonly payments: readonly Payment[];
}
