import { z } from "@hono/zod-openapi";
import type { SupportService } from "../../application/support_service.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import {
  paymentExample,
  paymentSchema,
  reservationExample,
  reservationSchema,
} from "../schemas/booking.ts";
import { fanIdInPath, moneySchema } from "../schemas/common.ts";
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
  ];
}
