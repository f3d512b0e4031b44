import { z } from "@hono/zod-openapi";
import type { SupportService } from "../../application/support_service.ts";
import { refused } from "../../domain/result.ts";
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
  concertIdInPath,
  fanIdInPath,
  moneySchema,
  paymentIdSchema,
  reservationIdSchema,
  scheduleIdSchema,
  seatIdSchema,
  timeSchema,
} from "../schemas/common.ts";
import { pageBody, pageQuery, pageRequest, pageSchema } from "../schemas/page.ts";
import {
  lastPlaceBody,
  lastPlaceSchema,
  placeBody,
  placeExample,
  placeSchema,
} from "../schemas/place.ts";
import { roomQuery } from "../schemas/room.ts";

const TAG = "Operator";

const fanSchema = z.object({
  userId: z.string(),
  place: placeSchema.nullable().openapi("FanPlace"),
  lastPlace: lastPlaceSchema.nullable().openapi("FanLastPlace"),
  balance: moneySchema,
  currency: z.string(),
  holds: z.array(reservationSchema),
  payments: z.array(paymentSchema).openapi({ description: "The latest 100, newest first." }),
}).openapi("Fan");

const saleSchema = z.object({
  paymentId: paymentIdSchema,
  reservationId: reservationIdSchema,
  userId: z.string(),
  scheduleId: scheduleIdSchema,
  seatId: seatIdSchema,
  seatNumber: z.int(),
  amount: moneySchema,
  paidAt: timeSchema,
}).openapi("Sale");

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
          },
        },
      },
      failures: [],
      act: async ({ params: { userId }, query: { room } }) => {
        const { place, lastPlace, ...records } = await support.fan(room, userId);
        return answer(200, {
          userId,
          place: place && placeBody(place),
          lastPlace: lastPlace && lastPlaceBody(lastPlace),
          currency,
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
    endpoint({
      name: "listSales",
      method: "get",
      path: "/v1/admin/concerts/{concertId}/sales",
      tag: TAG,
      summary: "Payments of a concert, newest first",
      needs: "operator",
      params: z.object({ concertId: concertIdInPath }),
      query: pageQuery,
      asksStores: true,
      answers: {
        200: {
          description: "A page",
          schema: pageSchema(saleSchema).openapi("Sales"),
          example: {
            items: [{
              paymentId: paymentExample.paymentId,
              reservationId: paymentExample.reservationId,
              userId: "alice",
              scheduleId: 1,
              seatId: 17,
              seatNumber: 17,
              amount: 110_000,
              paidAt: paymentExample.paidAt,
            }],
            nextCursor: null,
          },
        },
      },
      failures: ["CONCERT_NOT_FOUND"],
      act: async ({ params, query }) => {
        const page = await support.sales(params.concertId, pageRequest(query));
        return page ? answer(200, pageBody(page)) : refused({ kind: "CONCERT_NOT_FOUND" });
      },
    }),
  ];
}
