import { z } from "@hono/zod-openapi";
import type { CatalogueService } from "../../application/catalogue_service.ts";
import { answer, endpoint, versionedAnswer } from "../pipeline/endpoint.ts";
import {
  concertIdInPath,
  concertIdSchema,
  nextCursorSchema,
  scheduleIdInPath,
  scheduleIdSchema,
  timeSchema,
} from "../schemas/common.ts";
import {
  concertExample,
  concertsBody,
  concertSchema,
  concertsQuery,
  scheduleExample,
  scheduleSchema,
} from "../schemas/concert.ts";
import { seatExample, seatSchema } from "../schemas/seat.ts";

const TAG = "Concerts";

export function concertRoutes(
  { catalogue }: { catalogue: CatalogueService },
) {
  return [
    endpoint({
      name: "listConcerts",
      method: "get",
      path: "/v1/concerts",
      tag: TAG,
      summary: "Concerts on sale",
      description:
        "Concerts with a schedule whose sale is open and with a seat that is not sold. A page may " +
        "have fewer concerts than `limit`: the list ends where `nextCursor` is null.",
      needs: "admitted",
      query: concertsQuery,
      asksStores: true,
      answers: {
        200: {
          description: "A page",
          schema: z.object({ nextCursor: nextCursorSchema, concerts: z.array(concertSchema) })
            .openapi("Concerts"),
          example: { nextCursor: null, concerts: [concertExample] },
        },
      },
      failures: [],
      act: async ({ caller, query: { limit, cursor = null }, context }) => {
        const page = await catalogue.concerts(context, caller.token, { limit, after: cursor });
        return page.ok ? answer(200, concertsBody(page.value)) : page;
      },
    }),
    endpoint({
      name: "listSchedules",
      method: "get",
      path: "/v1/concerts/{concertId}/schedules",
      tag: TAG,
      summary: "Schedules of a concert",
      description: "Schedules whose sale has opened.",
      needs: "admitted",
      params: z.object({ concertId: concertIdInPath }),
      asksStores: true,
      answers: {
        200: {
          description: "The schedules",
          schema: z.object({ concertId: concertIdSchema, schedules: z.array(scheduleSchema) })
            .openapi("Schedules"),
          example: { concertId: 1, schedules: [scheduleExample] },
        },
      },
      failures: ["CONCERT_NOT_FOUND", "WRONG_ROOM"],
      act: async ({ caller, params: { concertId }, context }) => {
        const schedules = await catalogue.schedules(context, caller.token, concertId);
        if (!schedules.ok) return schedules;
        return answer(200, { concertId, schedules: schedules.value });
      },
    }),
    endpoint({
      name: "listSeats",
      method: "get",
      path: "/v1/concerts/{concertId}/schedules/{scheduleId}/seats",
      tag: TAG,
      summary: "Seats of a schedule",
      description:
        "To follow changes, send the `ETag` of the last answer as `If-None-Match`. A 304 is at " +
        "most one second older than the latest change.",
      versioned: true,
      needs: "admitted",
      params: z.object({ concertId: concertIdInPath, scheduleId: scheduleIdInPath }),
      asksStores: true,
      answers: {
        200: {
          description: "The present seats",
          schema: z.object({
            concertId: concertIdSchema,
            scheduleId: scheduleIdSchema,
            concertAt: timeSchema,
            seats: z.array(seatSchema),
          }).openapi("SeatMap"),
          example: {
            concertId: 1,
            scheduleId: 1,
            concertAt: scheduleExample.concertAt,
            seats: [seatExample],
          },
        },
      },
      failures: [
        "CONCERT_NOT_FOUND",
        "SCHEDULE_NOT_FOUND",
        "SALE_NOT_OPEN",
        "SALE_CLOSED",
        "WRONG_ROOM",
      ],
      act: async ({ caller, params, context, isKnown }) => {
        const seats = await catalogue.seats(context, caller.token, params, isKnown);
        return seats.ok ? versionedAnswer(seats.value) : seats;
      },
    }),
  ];
}
