import { z } from "@hono/zod-openapi";
import type { ReservationService } from "../../application/reservation_service.ts";
import { answer, endpoint, recordedAnswer } from "../pipeline/endpoint.ts";
import {
  cancelledReservationExample,
  cancelledReservationSchema,
  holdBody,
  reservationExample,
  reservationSchema,
} from "../schemas/booking.ts";
import {
  moneySchema,
  reservationIdSchema,
  reservationStatusSchema,
  scheduleIdInQuery,
  timeSchema,
} from "../schemas/common.ts";
import { ownList } from "./own_list.ts";

const TAG = "Reservations";

export function reservationRoutes(
  { reservations }: { reservations: ReservationService },
) {
  return [
    endpoint({
      name: "holdSeats",
      method: "post",
      path: "/v1/reservations",
      tag: TAG,
      summary: "Hold seats",
      description:
        "Holds all of the seats or none: those of `seatIds`, or the best available. An unpaid hold " +
        "lapses by itself. If the answer was lost, the same request with the same key gets it " +
        "again, also when the admission has ended. Other fans see the change within a second. Show your own at once: lay it over " +
        "statuses whose `takenAt` is before that of this answer.",
      needs: "admitted",
      idempotent: "optional",
      body: holdBody,
      bodyExample: { concertId: 1, scheduleId: 1, seatIds: [17, 18] },
      asksStores: true,
      answers: {
        201: {
          description: "The seats are held",
          location: () => "/v1/reservations",
          schema: z.object({
            reservations: z.array(reservationSchema),
            totalPrice: moneySchema.openapi({ description: "The sum of the prices." }),
            takenAt: timeSchema.openapi({ description: "When the seats were taken." }),
          }).openapi("HeldSeats"),
          example: {
            reservations: [reservationExample],
            totalPrice: 110_000,
            takenAt: reservationExample.createdAt,
          },
        },
      },
      failures: [
        "CONCERT_NOT_FOUND",
        "SCHEDULE_NOT_FOUND",
        "SEAT_NOT_FOUND",
        "SALE_NOT_OPEN",
        "SALE_CLOSED",
        "WRONG_ROOM",
        "SEAT_UNAVAILABLE",
        "SEAT_LIMIT_EXCEEDED",
      ],
      act: async ({ caller, body, idempotent }) => {
        const held = await reservations.hold(caller.token, body, idempotent);
        return held.ok ? recordedAnswer(201, held.value) : held;
      },
    }),
    ownList({
      name: "listReservations",
      path: "/v1/reservations",
      tag: TAG,
      summary: "Own reservations, newest first",
      schemaName: "Reservations",
      description: "Both filters may be given. A hold that has lapsed is EXPIRED.",
      item: reservationSchema,
      example: reservationExample,
      filters: {
        status: reservationStatusSchema.optional(),
        scheduleId: scheduleIdInQuery.optional(),
      },
      list: (fan, page, { status = null, scheduleId = null }) =>
        reservations.list(fan, page, { status, scheduleId }),
    }),
    endpoint({
      name: "cancelReservation",
      method: "delete",
      path: "/v1/reservations/{reservationId}",
      tag: TAG,
      summary: "Cancel an unpaid reservation",
      description:
        "The seat is free at once; other fans see that within a second. Show it at once: lay it over " +
        "statuses whose `takenAt` is before that of this answer. A repeated request gets the same " +
        "answer.",
      needs: "user",
      params: z.object({ reservationId: idInPath }),
      asksStores: true,
      answers: {
        200: {
          description: "Cancelled",
          schema: cancelledReservationSchema,
          example: cancelledReservationExample,
        },
      },
      failures: ["RESERVATION_NOT_FOUND", "RESERVATION_NOT_CANCELLABLE"],
      act: async ({ caller, params }) => {
        const cancelled = await reservations.cancel(caller.fan, params.reservationId);
        return cancelled.ok ? answer(200, cancelled.value) : cancelled;
      },
    }),
  ];
}

const idInPath = reservationIdSchema.openapi({ param: { name: "reservationId", in: "path" } });
