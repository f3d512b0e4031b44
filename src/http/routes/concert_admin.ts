import { z } from "@hono/zod-openapi";
import type { Tick } from "../../application/maintenance.ts";
import type { line } from "../../application/queue_service.ts";
import type { runSale } from "../../application/concert_admin.ts";
import { MAIN_ROOM } from "../../domain/ids.ts";
import { refused } from "../../domain/result.ts";
import { CONCERT_BODY_LIMIT_BYTES } from "../pipeline/body.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import { concertIdInPath, concertIdSchema, text, timeSchema } from "../schemas/common.ts";
import {
  concertChangesBody,
  concertExample,
  createdConcertSchema,
  newConcertBody,
  operatorConcertSchema,
  scheduleExample,
} from "../schemas/concert.ts";
import { roomQuery } from "../schemas/room.ts";

const TAG = "Operator";

const operatorExample = {
  ...concertExample,
  room: MAIN_ROOM,
  status: "ON_SALE",
  schedules: [{ ...scheduleExample, seatCount: 500, seatsLeft: 212 }],
};
const concertAnswer = {
  200: { description: "The concert", schema: operatorConcertSchema, example: operatorExample },
};

export function operatorRoutes(
  { runSale: sale, line: theLine, tick }: {
    runSale: ReturnType<typeof runSale>;
    line: ReturnType<typeof line>;
    tick: Tick;
  },
) {
  return [
    endpoint({
      name: "createConcert",
      method: "post",
      path: "/v1/admin/concerts",
      tag: TAG,
      summary: "Put a concert on offer",
      description: "Up to 100 dates and 100,000 seats.",
      needs: "operator",
      body: newConcertBody,
      bodyExample: {
        title: concertExample.title,
        description: concertExample.description,
        venue: concertExample.venue,
        timeZone: concertExample.timeZone,
        schedules: [{
          concertAt: "2026-12-24T19:00:00+09:00",
          reservationAvailableAt: "2026-12-01T19:00:00+09:00",
          seats: [{ seatNumber: 17, price: 110_000, section: "A", row: "2", x: 7, y: 2 }],
        }],
      },
      bodyLimitBytes: CONCERT_BODY_LIMIT_BYTES,
      asksStores: true,
      answers: {
        201: {
          description: "On offer",
          schema: createdConcertSchema,
          example: {
            ...concertExample,
            room: MAIN_ROOM,
            status: "ON_SALE",
            schedules: [{ ...scheduleExample, seats: [{ seatId: 17, seatNumber: 17 }] }],
          },
        },
      },
      failures: ["ROOM_NOT_FOUND"],
      act: async ({ caller: { operator }, body }) => {
        const created = await sale.create(body, { operator, reason: null });
        return created.ok ? answer(201, created.value) : created;
      },
    }),
    endpoint({
      name: "getConcert",
      method: "get",
      path: "/v1/admin/concerts/{concertId}",
      tag: TAG,
      summary: "A concert, with the seats left per date",
      needs: "operator",
      params: z.object({ concertId: concertIdInPath }),
      asksStores: true,
      answers: concertAnswer,
      failures: ["CONCERT_NOT_FOUND"],
      act: async ({ params }) => {
        const concert = await sale.get(params.concertId);
        if (!concert) return refused({ kind: "CONCERT_NOT_FOUND" });
        return answer(200, concert);
      },
    }),
    endpoint({
      name: "updateConcert",
      method: "patch",
      path: "/v1/admin/concerts/{concertId}",
      tag: TAG,
      summary: "Change or withdraw a concert",
      description: "What is absent stays as it is. A withdrawn concert is off sale for good; " +
        "its live holds stay payable.",
      needs: "operator",
      params: z.object({ concertId: concertIdInPath }),
      body: concertChangesBody,
      bodyExample: {
        title: "Night Train, extra night",
        schedules: [{ scheduleId: 1, reservationAvailableAt: "2026-12-02T19:00:00+09:00" }],
      },
      asksStores: true,
      answers: concertAnswer,
      failures: ["CONCERT_NOT_FOUND", "SCHEDULE_NOT_FOUND", "ROOM_NOT_FOUND"],
      act: async ({ caller: { operator }, params, body: { reason, ...changes } }) => {
        const updated = await sale.update(params.concertId, changes, { operator, reason });
        return updated.ok ? answer(200, updated.value) : updated;
      },
    }),
    endpoint({
      name: "getLine",
      method: "get",
      path: "/v1/admin/queue",
      tag: TAG,
      summary: "The line, in full",
      needs: "operator",
      query: roomQuery,
      asksStores: true,
      answers: {
        200: {
          description: "The line",
          schema: z.object({
            waiting: z.int(),
            admitted: z.int(),
            parked: z.int(),
            capacity: z.int(),
            admittedLastMinute: z.int(),
            lastTickAt: timeSchema.nullable(),
            epoch: z.string().nullable(),
          }).openapi("OperatorLine"),
          example: {
            waiting: 4211,
            admitted: 1000,
            parked: 12,
            capacity: 1000,
            admittedLastMinute: 204,
            lastTickAt: "2026-12-01T10:01:00.000Z",
            epoch: "8a0b5f0e-7f51-4d7e-a5d2-63c4b1f3a9d0",
          },
        },
      },
      failures: ["ROOM_NOT_FOUND"],
      act: async ({ query: { room } }) => {
        const counts = await theLine.counts(room);
        if (!counts) return refused({ kind: "ROOM_NOT_FOUND" });
        const { gathered, waiting, admitted, parked, admittedLastMinute, lastTickAtMs } = counts;
        return answer(200, {
          waiting: gathered + waiting,
          admitted,
          parked,
          capacity: counts.rules.capacity,
          admittedLastMinute,
          lastTickAt: lastTickAtMs === null ? null : new Date(lastTickAtMs).toISOString(),
          epoch: counts.epoch,
        });
      },
    }),
    endpoint({
      name: "moveLine",
      method: "post",
      path: "/v1/admin/queue/promotions",
      tag: TAG,
      summary: "Do now what the cron does",
      needs: "operator",
      body: z.strictObject({}).openapi("NewPromotion"),
      bodyExample: {},
      bodyIsOptional: true,
      asksStores: true,
      answers: {
        200: {
          description: "What was done",
          schema: z.object({ expired: z.int(), admitted: z.int() }).openapi("Upkeep"),
          example: { expired: 3, admitted: 3 },
        },
      },
      failures: [],
      act: async () => answer(200, await tick()),
    }),
    endpoint({
      name: "evictCaches",
      method: "post",
      path: "/v1/admin/caches/evictions",
      tag: TAG,
      summary: "Have the list and the dates loaded anew",
      description: "The dates of one concert, or of all on sale.",
      needs: "operator",
      body: z.strictObject({
        concertId: concertIdSchema.optional(),
        reason: text(1, 500).nullable().default(null),
      }).openapi("NewEviction"),
      bodyExample: {},
      bodyIsOptional: true,
      asksStores: true,
      answers: {
        200: {
          description: "How many cached answers were evicted, there or not",
          schema: z.object({ evicted: z.int() }).openapi("Eviction"),
          example: { evicted: 12 },
        },
      },
      failures: [],
      act: async ({ caller: { operator }, body: { concertId, reason } }) =>
        answer(200, { evicted: await sale.evictCaches(concertId ?? null, { operator, reason }) }),
    }),
  ];
}
