import type { RoomId } from "./ids.ts";

/** Who acts, and why. */
export interface OperatorAct {
  readonly operator: string;
  readonly reason: string | null;
}

export const AUDIT_ACTIONS = [
  "ROOM_CREATED",
  "ROOM_CHANGED",
  "ROOM_OPENED",
  "ROOM_DELETED",
  "PROMOTED",
  "PLACE_ENDED",
  "CACHES_EVICTED",
  "CONCERT_CREATED",
  "CONCERT_CHANGED",
  "TICKET_CHECKED_IN",
  "SCHEDULE_ADDED",
  "SEATS_ADDED",
  "SEAT_CHANGED",
  "CONCERT_REFUNDED",
  "PAYMENT_REFUNDED",
  "BALANCE_CHARGED",
  "BALANCE_CORRECTED",
  "FAN_ERASED",
  "WEBHOOK_CREATED",
  "WEBHOOK_DELETED",
  "EVENTS_REPLAYED",
] as const;
export type AuditAction = typeof AUDIT_ACTIONS[number];

/** The operator named in the entry of an opening that the set time brought about. */
export const CLOCK_OPERATOR = "the clock";

export interface NewAuditEntry extends OperatorAct {
  readonly action: AuditAction;
  readonly room: RoomId | null;
  /**
   * The id of the concert, the payment, the user or the ticket that the act changed. Of an erased
   * user the pseudonym.
   */
  readonly subject: string | null;
  readonly old: unknown;
  readonly new: unknown;
}

export interface AuditEntry extends NewAuditEntry {
  readonly entryId: number;
  /** RFC 3339. */
  readonly at: string;
}
