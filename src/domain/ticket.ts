import type { ConcertId, ReservationId, ScheduleId, TicketId } from "./ids.ts";

/** VOID while the reservation is refunded, or the concert or the schedule is withdrawn. */
export const TICKET_STATUSES = ["VALID", "CHECKED_IN", "VOID"] as const;
export type TicketStatus = typeof TICKET_STATUSES[number];

/** What a paid reservation gives. */
export interface Ticket {
  readonly ticketId: TicketId;
  readonly reservationId: ReservationId;
  readonly concertId: ConcertId;
  readonly concertTitle: string;
  readonly venue: string | null;
  readonly timeZone: string;
  readonly scheduleId: ScheduleId;
  readonly concertAt: string;
  readonly seatNumber: number;
  readonly seatLabel: string;
  readonly section: string | null;
  readonly row: string | null;
  readonly status: TicketStatus;
  /** When the ticket was let in; null before. */
  readonly checkedInAt: string | null;
  /** Where it was let in, as the door named itself; null before, and where nobody said it. */
  readonly door: string | null;
}

export interface TicketWithCode extends Ticket {
  /** What the fan shows at the door. */
  readonly code: string;
}

/** What a code says. */
export type TicketRef = Pick<Ticket, "ticketId" | "scheduleId">;

/** The parts of a code. The signature is that of `signed`, by the key of `keyId`. */
export interface TicketCode extends TicketRef {
  readonly keyId: string;
  readonly signed: string;
  /** Base64url. */
  readonly signature: string;
}

/** No other text that a key signs begins so. */
const VERSION = "ticket-v1";
const CODE = /^(ticket-v1\.([^.\s]{1,255})\.([1-9]\d{0,15})\.([\w-]{1,43}))\.([\w-]{86})$/;

/** The part of a ticket's code that the key with this id signs. */
export function signedPart({ ticketId, scheduleId }: TicketRef, keyId: string): string {
  return [VERSION, ticketId, scheduleId, keyId].join(".");
}

export function ticketCode(signed: string, signature: string): string {
  return `${signed}.${signature}`;
}

/** The parts of a code whose signature is still to be checked; null if it has another form. */
export function parseTicketCode(code: string): TicketCode | null {
  const [, signed, ticketId, scheduleId, keyId, signature] = CODE.exec(code) ?? [];
  if (signature === undefined) return null;
  return {
    signed: signed!,
    ticketId: ticketId as TicketId,
    scheduleId: Number(scheduleId) as ScheduleId,
    keyId: keyId!,
    signature,
  };
}
