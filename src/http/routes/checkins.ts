import type { TicketService } from "../../application/ticket_service.ts";
import { endpoint, recordedAnswer } from "../pipeline/endpoint.ts";
import { checkInBody, codeExample, ticketExample, ticketSchema } from "../schemas/ticket.ts";

/** What a door does with a ticket. */
export function checkInRoutes({ tickets }: { tickets: Pick<TicketService, "checkIn"> }) {
  return [
    endpoint({
      name: "checkIn",
      method: "post",
      path: "/v1/admin/checkins",
      tag: "Tickets",
      summary: "Let a ticket in, once",
      description: "For operators, and for doors: a door's token opens this route alone. With an " +
        "`Idempotency-Key` a repeated request gets the first answer; without one it gets " +
        "ALREADY_CHECKED_IN.",
      needs: "door",
      idempotent: "optional",
      body: checkInBody,
      bodyExample: { code: codeExample, scheduleId: 1, door: "Gate 3" },
      asksStores: true,
      answers: {
        201: {
          description: "Let in",
          location: ({ ticketId }) => `/v1/tickets/${ticketId}`,
          schema: ticketSchema,
          example: {
            ...ticketExample,
            status: "CHECKED_IN",
            checkedInAt: "2026-12-24T09:31:07.000Z",
            door: "Gate 3",
          },
        },
      },
      failures: [
        "TICKET_CODE_INVALID",
        "TICKET_NOT_FOUND",
        "TICKET_OTHER_SCHEDULE",
        "TICKET_VOID",
        "ALREADY_CHECKED_IN",
      ],
      act: async ({ caller, body, idempotent, context }) => {
        const checkedIn = await tickets.checkIn(context, {
          code: body.code,
          forSchedule: body.scheduleId ?? null,
          by: caller,
          door: body.door ?? (caller.role === "DOOR" ? caller.name : null),
        }, idempotent);
        return checkedIn.ok ? recordedAnswer(201, checkedIn.value) : checkedIn;
      },
    }),
  ];
}
