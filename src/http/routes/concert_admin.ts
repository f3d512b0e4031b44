import { z } from "@hono/zod-openapi";
import type { ConcertAdmin } from "../../application/concert_admin.ts";
import { MAIN_ROOM } from "../../domain/ids.ts";
import { MAX_SCHEDULES_PER_CONCERT, MAX_SEATS_PER_CONCERT } from "../../domain/limits.ts";
import { refused } from "../../domain/result.ts";
import { CONCERT_BODY_LIMIT_BYTES } from "../pipeline/body.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import { concertIdInPath, concertIdSchema, text } from "../schemas/common.ts";
import {
  concertChangesBody,
  concertExample,
  createdConcertSchema,
  newConcertBody,
  operatorConcertSchema,
  scheduleExample,
} from "../schemas/concert.ts";

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

export function concertAdminRoutes({ concertAdmin }: { concertAdmin: ConcertAdmin }) {
  return [
    endpoint({
      name: "createConcert",
      method: "post",
      path: "/v1/admin/concerts",
      tag: TAG,
      summary: "Put a concert on sale",
      description:
        `Up to ${MAX_SCHEDULES_PER_CONCERT} schedules and ${MAX_SEATS_PER_CONCERT} seats.`,
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
          description: "The concert is on sale",
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
        const created = await concertAdmin.create(body, { operator, reason: null });
        return created.ok ? answer(201, created.value) : created;
      },
    }),
    endpoint({
      name: "getConcert",
      method: "get",
      path: "/v1/admin/concerts/{concertId}",
      tag: TAG,
      summary: "A concert, with the seats left of each schedule",
      needs: "operator",
      params: z.object({ concertId: concertIdInPath }),
      asksStores: true,
      answers: concertAnswer,
      failures: ["CONCERT_NOT_FOUND"],
      act: async ({ params }) => {
        const concert = await concertAdmin.get(params.concertId);
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
      description:
        "Absent members do not change. A withdrawal cancels live holds, and nothing of it can be " +
        "held or paid. It can be undone until a refund was accepted; holds stay cancelled.",
      needs: "operator",
      params: z.object({ concertId: concertIdInPath }),
      body: concertChangesBody,
      bodyExample: {
        title: "Night Train, extra night",
        schedules: [{ scheduleId: 1, reservationAvailableAt: "2026-12-02T19:00:00+09:00" }],
      },
      asksStores: true,
      answers: concertAnswer,
      failures: ["CONCERT_NOT_FOUND", "SCHEDULE_NOT_FOUND", "ROOM_NOT_FOUND", "WITHDRAWAL_FINAL"],
      act: async ({ caller: { operator }, params, body: { reason, ...changes } }) => {
        const updated = await concertAdmin.update(params.concertId, changes, { operator, reason });
        return updated.ok ? answer(200, updated.value) : updated;
      },
    }),
    endpoint({
      name: "evictCaches",
      method: "post",
      path: "/v1/admin/caches/evictions",
      tag: TAG,
      summary: "Evict the cached list and schedules",
      description: "The schedules of one concert, or of all concerts on sale.",
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
          description: "The number of evicted cache keys, cached or not",
          schema: z.object({ evicted: z.int() }).openapi("Eviction"),
          example: { evicted: 12 },
        },
      },
      failures: [],
      act: async ({ caller: { operator }, body: { concertId, reason } }) =>
        answer(200, {
          evicted: await concertAdmin.evictCaches(concertId ?? null, { operator, reason }),
        }),
    }),
  ];
}
