import { z } from "@hono/zod-openapi";
import { TICKET_STATUSES } from "../../domain/ticket.ts";
import { reservationExample } from "./booking.ts";
import { seatNumberSchema } from "./seat.ts";
import {
  concertIdSchema,
  reservationIdSchema,
  scheduleIdSchema,
  text,
  ticketIdSchema,
  timeSchema,
} from "./common.ts";

const MAX_DOOR_LENGTH = 64;

export const codeExample = "ticket-v1.tkt_9d1f6a52-3b0e-4f55-8f0a-2c6e54c1a7d3.1.kPrK_qmxVWa." +
  "l0WrmBvX3zY3vD0mZr4ytOq4E9GBRgYMkM6CwLAfF7A2bVKDbioTr8VAvAjLfFTXZFMRY1HwAiW73saPsnxZAQ";

export const ticketExample = {
  ticketId: "tkt_9d1f6a52-3b0e-4f55-8f0a-2c6e54c1a7d3",
  reservationId: reservationExample.reservationId,
  concertId: 1,
  concertTitle: reservationExample.concertTitle,
  venue: reservationExample.venue,
  timeZone: reservationExample.timeZone,
  scheduleId: 1,
  concertAt: reservationExample.concertAt,
  seatNumber: 17,
  seatLabel: "17",
  section: "Stalls",
  row: "B",
  status: "VALID" as const,
  checkedInAt: null,
  door: null,
  code: codeExample,
};

export const ticketSchema = z.object({
  ticketId: ticketIdSchema,
  reservationId: reservationIdSchema,
  concertId: concertIdSchema,
  concertTitle: z.string(),
  venue: z.string().nullable(),
  timeZone: z.string(),
  scheduleId: scheduleIdSchema,
  concertAt: timeSchema,
  seatNumber: seatNumberSchema,
  seatLabel: z.string(),
  section: z.string().nullable(),
  row: z.string().nullable(),
  status: z.enum(TICKET_STATUSES).openapi("TicketStatus", {
    description:
      "VOID while the reservation is refunded, or the concert or the schedule is withdrawn.",
  }),
  checkedInAt: timeSchema.nullable().openapi({
    description: "When the ticket was let in; null before.",
  }),
  door: z.string().nullable().openapi({
    description: "Where the ticket was let in; null before, and where an operator did not say it.",
  }),
  code: z.string().openapi({
    description: "What the fan shows at the door. `GET /.well-known/jwks.json` has the key that " +
      "verifies it. It stays readable when the ticket is VOID.",
    example: codeExample,
  }),
}).openapi("Ticket", { example: ticketExample });

/** Without what lets its bearer in. */
export const ticketRecordSchema = ticketSchema.omit({ code: true }).openapi("TicketRecord");

const { code: _, ...recordExample } = ticketExample;
export const ticketRecordExample = recordExample;

export const checkInBody = z.strictObject({
  code: z.string("must be text").openapi({
    description: "The text of the QR code.",
    example: codeExample,
  }),
  scheduleId: scheduleIdSchema.optional().openapi({
    description: "The schedule that is let in here. Without it, tickets of any schedule are.",
  }),
  door: text(1, MAX_DOOR_LENGTH).optional().openapi({
    description: "Where the ticket is let in. By default the name of the door's token.",
    example: "Gate 3",
  }),
}).openapi("NewCheckIn");

export const publicKeysSchema = z.object({
  keys: z.array(
    z.object({
      kty: z.literal("OKP"),
      crv: z.literal("Ed25519"),
      x: z.string().openapi({ description: "The public key: 32 bytes in base64url." }),
      kid: z.string().openapi({ description: "The key id that a ticket's code names." }),
      alg: z.literal("EdDSA"),
      use: z.literal("sig"),
    }).openapi("PublicKey"),
  ),
}).openapi("PublicKeys");

export const publicKeysExample = {
  keys: [{
    kty: "OKP" as const,
    crv: "Ed25519" as const,
    x: "6kpsY-KcUgq-9VB7Ey7F-ZVHdq6-vnuSQh7qaRRG0iw",
    kid: "kPrK_qmxVWa",
    alg: "EdDSA" as const,
    use: "sig" as const,
  }],
};
