import type { Page, PageRequest } from "../domain/booking.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { FanId, ScheduleId, TicketId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Ticket, TicketRef } from "../domain/ticket.ts";
import type { IdempotencyFailure, IdempotentRequest, RecordedAnswer } from "./idempotency.ts";
import type { EventEffects } from "./outbox.ts";

/** Tickets of paid reservations. Each method is one statement. */
export interface Tickets {
  /** Also those that are void, newest first. */
  list(fan: FanId, page: PageRequest): Promise<Page<Ticket>>;
  get(fan: FanId, ticketId: TicketId): Promise<Ticket | null>;
  /**
   * Lets a ticket in, once. The answer is the ticket. It takes its locks in the order of the other
   * acts: idempotency key, reservation, ticket.
   */
  checkIn(
    act: CheckIn,
    once: IdempotentRequest | null,
  ): Promise<Result<RecordedAnswer<EventEffects>, CheckInFailure>>;
}

export interface CheckIn {
  /** What the code of the ticket says. */
  readonly ticket: TicketRef;
  /** The schedule that is let in here; null for any. */
  readonly forSchedule: ScheduleId | null;
  readonly by: CheckInCaller;
  /** Where the ticket is let in. */
  readonly door: string | null;
}

/** Who sends a check-in. That of an operator is in the audit log, too. */
export interface CheckInCaller {
  readonly role: "DOOR" | "OPERATOR";
  readonly name: string;
}

export type CheckInFailure =
  | IdempotencyFailure
  | FailureOf<
    "TICKET_NOT_FOUND" | "TICKET_OTHER_SCHEDULE" | "TICKET_VOID" | "ALREADY_CHECKED_IN"
  >;
