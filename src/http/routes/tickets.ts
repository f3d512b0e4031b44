import { z } from "@hono/zod-openapi";
import type { TicketService } from "../../application/ticket_service.ts";
import { refused } from "../../domain/result.ts";
import { answer, endpoint, textAnswer } from "../pipeline/endpoint.ts";
import { qrSvg } from "../qr_code.ts";
import { ticketIdSchema } from "../schemas/common.ts";
import { ticketExample, ticketSchema } from "../schemas/ticket.ts";
import { ownList } from "./own_list.ts";

const TAG = "Tickets";

export function ticketRoutes({ tickets }: { tickets: TicketService }) {
  return [
    ownList({
      name: "listTickets",
      path: "/v1/tickets",
      tag: TAG,
      summary: "Own tickets, newest first",
      schemaName: "Tickets",
      item: ticketSchema,
      example: ticketExample,
      list: tickets.list,
    }),
    endpoint({
      name: "getTicket",
      method: "get",
      path: "/v1/tickets/{ticketId}",
      tag: TAG,
      summary: "One ticket",
      needs: "user",
      params: z.object({ ticketId: idInPath }),
      asksStores: true,
      answers: { 200: { description: "The ticket", schema: ticketSchema, example: ticketExample } },
      failures: ["TICKET_NOT_FOUND"],
      act: async ({ caller, params }) => {
        const ticket = await tickets.get(caller.fan, params.ticketId);
        return ticket ? answer(200, ticket) : refused({ kind: "TICKET_NOT_FOUND" });
      },
    }),
    endpoint({
      name: "getTicketQrCode",
      method: "get",
      path: "/v1/tickets/{ticketId}/qr.svg",
      tag: TAG,
      summary: "The code of a ticket as a QR code",
      needs: "user",
      params: z.object({ ticketId: idInPath }),
      asksStores: true,
      answers: {
        200: {
          description: "An image of any size, black on white",
          mediaType: "image/svg+xml",
          schema: z.string(),
          example: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 61 61">…</svg>',
        },
      },
      failures: ["TICKET_NOT_FOUND"],
      act: async ({ caller, params }) => {
        const ticket = await tickets.get(caller.fan, params.ticketId);
        return ticket ? textAnswer(200, qrSvg(ticket.code)) : refused({ kind: "TICKET_NOT_FOUND" });
      },
    }),
  ];
}

const idInPath = ticketIdSchema.openapi({ param: { name: "ticketId", in: "path" } });
