import { z } from "@hono/zod-openapi";
import type { SupportService } from "../../application/support_service.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import {
  ledgerEntryExample,
  ledgerEntrySchema,
  paymentExample,
  paymentSchema,
  reservationExample,
  reservationSchema,
} from "../schemas/booking.ts";
import {
  currencySchema,
  fanIdInPath,
  fanIdSchema,
  moneySchema,
  orNull,
} from "../schemas/common.ts";
import { pageBody, pageQuery, pageRequest, pageSchema } from "../schemas/page.ts";
import {
  lastPlaceBody,
  lastPlaceSchema,
  placeBody,
  placeExample,
  placeSchema,
  shownPlaceBody,
  shownPlaceExample,
  shownPlaceSchema,
} from "../schemas/place.ts";
import { roomQuery } from "../schemas/room.ts";
import { ticketRecordExample, ticketRecordSchema } from "../schemas/ticket.ts";

const TAG = "Operator";

const fanSchema = z.object({
  userId: fanIdSchema,
  place: orNull(placeSchema),
  lastPlace: orNull(lastPlaceSchema),
  balance: moneySchema,
  currency: currencySchema,
  holds: z.array(reservationSchema),
  payments: z.array(paymentSchema).openapi({ description: "The latest 100, newest first." }),
  endedHolds: z.array(reservationSchema).openapi({
    description: "The latest 20 that lapsed or were cancelled, newest first.",
  }),
  tickets: z.array(ticketRecordSchema).openapi({
    description: "Those of `payments`, in their order, void ones too.",
  }),
  shown: z.array(shownPlaceSchema).openapi({
    description:
      "What the answers to the fan in line said, by the samples of the room's last hour, oldest " +
      "first. It is that of `place` or `lastPlace`.",
  }),
}).openapi("Fan");

export function supportRoutes(
  { support, currency }: {
    support: SupportService;
    currency: string;
  },
) {
  return [
    endpoint({
      name: "getFan",
      method: "get",
      path: "/v1/admin/fans/{userId}",
      tag: TAG,
      summary: "One fan: place, holds, payments, balance",
      description: "This does not count as a call of the fan, so it keeps no place alive.",
      needs: "operator",
      params: z.object({ userId: fanIdInPath }),
      query: roomQuery,
      asksStores: true,
      answers: {
        200: {
          description: "The fan. An unknown fan has a balance of 0 and empty lists.",
          schema: fanSchema,
          example: {
            userId: "alice",
            place: placeExample,
            lastPlace: null,
            balance: 390_000,
            currency: "KRW",
            holds: [reservationExample],
            payments: [paymentExample],
            endedHolds: [],
            tickets: [ticketRecordExample],
            shown: [shownPlaceExample],
          },
        },
      },
      failures: [],
      act: async ({ params: { userId }, query: { room } }) => {
        const { place, lastPlace, shown, ...records } = await support.fan(room, userId);
        return answer(200, {
          userId,
          place: place && placeBody(place),
          lastPlace: lastPlace && lastPlaceBody(lastPlace),
          currency,
          shown: shown.map(shownPlaceBody),
          ...records,
        });
      },
    }),
    endpoint({
      name: "listLedger",
      method: "get",
      path: "/v1/admin/fans/{userId}/ledger",
      tag: TAG,
      summary: "All that changed a fan's balance, newest first",
      description: "The balance is the sum of the amounts.",
      needs: "operator",
      params: z.object({ userId: fanIdInPath }),
      query: pageQuery,
      asksStores: true,
      answers: {
        200: {
          description: "A page; of an unknown fan an empty one",
          schema: pageSchema(ledgerEntrySchema).openapi("Ledger"),
          example: { items: [ledgerEntryExample], nextCursor: null },
        },
      },
      failures: [],
      act: async ({ params: { userId }, query }) =>
        answer(200, pageBody(await support.ledger(userId, pageRequest(query)))),
    }),
  ];
}
