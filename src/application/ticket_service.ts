import type { Page, PageRequest } from "../domain/booking.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { FanId, ScheduleId, TicketId } from "../domain/ids.ts";
import { ok, refused, type Result } from "../domain/result.ts";
import type { Ticket, TicketWithCode } from "../domain/ticket.ts";
import type { IdempotentRequest, RecordedAnswer } from "../ports/idempotency.ts";
import type { EventEffects } from "../ports/outbox.ts";
import type { CheckInCaller, CheckInFailure, Tickets } from "../ports/tickets.ts";
import type { RequestContext } from "./request_context.ts";
import type { TicketCodes } from "./ticket_codes.ts";
import type { WebhookDelivery } from "./webhook_delivery.ts";

/** Shows tickets to their fans, and lets them in. */
export interface TicketService {
  list(fan: FanId, page: PageRequest): Promise<Page<TicketWithCode>>;
  get(fan: FanId, ticketId: TicketId): Promise<TicketWithCode | null>;
  /** Checks the code without a store. The answer is the ticket, with the code that was shown. */
  checkIn(
    context: RequestContext,
    shown: ShownCode,
    request: IdempotentRequest | null,
  ): Promise<
    Result<RecordedAnswer<EventEffects>, CheckInFailure | FailureOf<"TICKET_CODE_INVALID">>
  >;
}

export interface ShownCode {
  readonly code: string;
  /** The schedule that is let in here; null for any. */
  readonly forSchedule: ScheduleId | null;
  readonly by: CheckInCaller;
  readonly door: string | null;
}

export interface TicketServiceDependencies {
  readonly tickets: Tickets;
  readonly codes: TicketCodes;
  readonly webhookDelivery: Pick<WebhookDelivery, "deliverSoon">;
}

export function createTicketService(
  { tickets, codes, webhookDelivery }: TicketServiceDependencies,
): TicketService {
  return {
    async list(fan, page) {
      const { items, next } = await tickets.list(fan, page);
      return { items: items.map(codes.withCode), next };
    },
    async get(fan, ticketId) {
      const ticket = await tickets.get(fan, ticketId);
      return ticket && codes.withCode(ticket);
    },
    async checkIn(context, { code, ...act }, request) {
      const ticket = codes.read(code);
      if (!ticket) return refused({ kind: "TICKET_CODE_INVALID" });
      const checkedIn = await tickets.checkIn({ ticket, ...act }, request);
      if (!checkedIn.ok) return checkedIn;
      if (checkedIn.value.effects.events) context.afterAnswer(webhookDelivery.deliverSoon);
      // Who repeats a request repeats the code, so a replay has the same bytes.
      const letIn: TicketWithCode = { ...JSON.parse(checkedIn.value.json) as Ticket, code };
      return ok({ ...checkedIn.value, json: JSON.stringify(letIn) });
    },
  };
}
