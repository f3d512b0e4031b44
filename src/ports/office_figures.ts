import type { RoomId } from "../domain/ids.ts";

/** What the box office has to show an operator who watches a sale. */
export interface OfficeFigures {
  /**
   * The acts of the last `windowMs`, and what is unfinished. One statement, over rows of this time.
   */
  read(options: { readonly windowMs: number; readonly maxRooms: number }): Promise<Figures>;
}

export interface Figures {
  /** The rooms with the most holds and sales. */
  readonly rooms: readonly RoomFigures[];
  /** Entries of the ledger by kind; a kind without one is absent. */
  readonly ledger: readonly LedgerFigures[];
  /** Deliveries that are not made, counted up to `MAX_COUNTED_DELIVERIES`. */
  readonly deliveries: number;
  /** Of these, those that were tried more than once. */
  readonly retriedDeliveries: number;
  /** How long the oldest of them has been tried; null without one. */
  readonly oldestDeliveryMs: number | null;
  /** Webhooks that get nothing until a replay. */
  readonly disabledWebhooks: number;
  readonly unfinishedRefunds: number;
  readonly oldestRefundMs: number | null;
}

export interface RoomFigures {
  readonly room: RoomId;
  /** Seats that were held, whatever became of them. */
  readonly holds: number;
  /** Holds that ended unpaid. */
  readonly lapses: number;
  /** Seats that were paid, refunded ones too, and the sum of these payments. */
  readonly sales: number;
  readonly amount: number;
}

export interface LedgerFigures {
  readonly kind: "CHARGE" | "PAYMENT" | "REFUND" | "CORRECTION";
  readonly entries: number;
  /** The sum without its sign; of corrections with it. */
  readonly amount: number;
}

/** The count of deliveries ends here, so that a dead receiver does not make it long. */
export const MAX_COUNTED_DELIVERIES = 10_000;
