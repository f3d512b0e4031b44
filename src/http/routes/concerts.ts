import { z } from "@hono/zod-openapi";
import type { CatalogueService, SeatsRequest } from "../../application/catalogue_service.ts";
import type { ScheduleRef } from "../../ports/catalogue.ts";
import { answer, endpoint, versionedAnswer } from "../pipeline/endpoint.ts";
import {
  concertIdInPath,
  concertIdSchema,
  nextCursorSchema,
  scheduleIdInPath,
  scheduleIdSchema,
  sectionSchema,
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
import {
  seatExample,
  seatMapExample,
  seatMapSchema,
  seatSchema,
  seatStatusesExample,
  seatStatusesSchema,
} from "../schemas/seat.ts";

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
      ...ofSeats("seats"),
      name: "listSeats",
      summary: "Seats of a schedule",
      description:
        "The map and the statuses in one. To follow changes, read the statuses alone: they are a " +
        "hundredth of its size. The statuses are at most one second old.",
      answers: {
        200: {
          description: "The seats",
          schema: z.object({
            concertId: concertIdSchema,
            scheduleId: scheduleIdSchema,
            concertAt: timeSchema,
            seats: z.array(seatSchema),
          }).openapi("Seats"),
          example: {
            concertId: 1,
            scheduleId: 1,
            concertAt: scheduleExample.concertAt,
            seats: [seatExample],
          },
        },
      },
      act: async ({ caller, params, query, context, isKnown }) => {
        const seats = await catalogue.seats(context, caller.token, seatsRequest(params, query));
        return seats.ok ? versionedAnswer(seats.value, isKnown) : seats;
      },
    }),
    endpoint({
      ...ofSeats("seat-map"),
      name: "getSeatMap",
      summary: "What only operators change about the seats",
      description: "Read it once, and again when an answer has another `mapVersion`.",
      answers: { 200: { description: "The map", schema: seatMapSchema, example: seatMapExample } },
      act: async ({ caller, params, query, context, isKnown }) => {
        const map = await catalogue.seatMap(context, caller.token, seatsRequest(params, query));
        return map.ok ? versionedAnswer(map.value, isKnown) : map;
      },
    }),
    endpoint({
      ...ofSeats("seat-statuses"),
      name: "getSeatStatuses",
      summary: "Statuses of the seats of a schedule",
      description:
        "They are at most one second old. Of your own acts you know more: lay each over statuses " +
        "whose `takenAt` is before that of the act. While a slow act is at work, `takenAt` is up to " +
        "10 seconds old, and it can go back between two answers.",
      answers: {
        200: {
          description: "The statuses",
          schema: seatStatusesSchema,
          example: seatStatusesExample,
        },
      },
      act: async ({ caller, params, query, context, isKnown }) => {
        const statuses = await catalogue.seatStatuses(
          context,
          caller.token,
          seatsRequest(params, query),
        );
        return statuses.ok ? versionedAnswer(statuses.value, isKnown) : statuses;
      },
    }),
  ];
}

/** What the calls about the seats of a schedule have in common. */
function ofSeats<const Name extends string>(name: Name) {
  return {
    method: "get",
    path: `/v1/concerts/{concertId}/schedules/{scheduleId}/${name}`,
    tag: TAG,
    versioned: true,
    needs: "admitted",
    params: z.object({ concertId: concertIdInPath, scheduleId: scheduleIdInPath }),
    query: z.object({
      section: sectionSchema.optional().openapi({
        description: "Only seats of this section; none where there is no such section.",
      }),
    }),
    asksStores: true,
    failures: [
      "CONCERT_NOT_FOUND",
      "SCHEDULE_NOT_FOUND",
      "SALE_NOT_OPEN",
      "SALE_CLOSED",
      "WRONG_ROOM",
    ],
  } as const;
}

function seatsRequest(
  schedule: ScheduleRef,
  { section }: { readonly section?: string | undefined },
): SeatsRequest {
  return { ...schedule, section: section ?? null };
}
