import { z } from "@hono/zod-openapi";
import type { ConcertAdmin } from "../../application/concert_admin.ts";
import { MAX_SCHEDULES_PER_CONCERT, MAX_SEATS_PER_CONCERT } from "../../domain/limits.ts";
import { refused } from "../../domain/result.ts";
import { CONCERT_BODY_LIMIT_BYTES } from "../pipeline/body.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import {
  concertIdInPath,
  concertIdSchema,
  concertStatusSchema,
  countSchema,
  reasonSchema,
} from "../schemas/common.ts";
import {
  concertChangesBody,
  concertExample,
  createdConcertSchema,
  createdScheduleExample,
  newConcertBody,
  operatorConcertExample,
  operatorConcertSchema,
} from "../schemas/concert.ts";
import { pageBody, pageQuery, pageRequest, pageSchema } from "../schemas/page.ts";
import { roomIdSchema } from "../schemas/room.ts";

const TAG = "Operator";

const concertAnswer = {
  200: {
    description: "The concert",
    schema: operatorConcertSchema,
    example: operatorConcertExample,
  },
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
      idempotent: "optional",
      body: newConcertBody,
      bodyExample: {
        title: concertExample.title,
        description: concertExample.description,
        venue: concertExample.venue,
        timeZone: concertExample.timeZone,
        schedules: [{
          concertAt: "2026-12-24T19:00:00+09:00",
          reservationAvailableAt: "2026-12-01T19:00:00+09:00",
          salesEndAt: "2026-12-24T18:00:00+09:00",
          seats: [{ label: "12", section: "R", row: "3", price: 110_000, x: 7, y: 2 }],
        }],
      },
      bodyLimitBytes: CONCERT_BODY_LIMIT_BYTES,
      asksStores: true,
      answers: {
        201: {
          description: "The concert is on sale",
          location: ({ concertId }) => `/v1/admin/concerts/${concertId}`,
          schema: createdConcertSchema,
          example: {
            ...concertExample,
            status: "ON_SALE",
            schedules: [createdScheduleExample],
          },
        },
      },
      failures: ["ROOM_NOT_FOUND", "VALIDATION_FAILED"],
      act: async ({ caller: { operator }, body, idempotent }) => {
        const created = await concertAdmin.create(body, { operator, reason: null }, idempotent);
        if (!created.ok) return created;
        const { replayed, ...concert } = created.value;
        return answer(201, concert, replayed);
      },
    }),
    endpoint({
      name: "listAllConcerts",
      method: "get",
      path: "/v1/admin/concerts",
      tag: TAG,
      summary: "All concerts, the newest first",
      description: "With the seats and the revenue of each schedule as they are now.",
      needs: "operator",
      query: pageQuery.extend({
        status: concertStatusSchema.optional(),
        room: roomIdSchema.optional(),
      }),
      asksStores: true,
      answers: {
        200: {
          description: "A page",
          schema: pageSchema(operatorConcertSchema).openapi("OperatorConcerts"),
          example: { items: [operatorConcertExample], nextCursor: null },
        },
      },
      failures: [],
      act: async ({ query: { status = null, room = null, ...page } }) =>
        answer(200, pageBody(await concertAdmin.list({ status, room }, pageRequest(page)))),
    }),
    endpoint({
      name: "getConcert",
      method: "get",
      path: "/v1/admin/concerts/{concertId}",
      tag: TAG,
      summary: "A concert, with the seats and the revenue of each schedule",
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
        schedules: [{
          scheduleId: 1,
          concertAt: "2026-12-25T19:00:00+09:00",
          reservationAvailableAt: "2026-12-02T19:00:00+09:00",
        }],
      },
      asksStores: true,
      answers: concertAnswer,
      failures: [
        "CONCERT_NOT_FOUND",
        "SCHEDULE_NOT_FOUND",
        "ROOM_NOT_FOUND",
        "VALIDATION_FAILED",
        "WITHDRAWAL_FINAL",
      ],
      act: async ({ caller, params, body: { reason, ...changes }, context }) => {
        const act = { operator: caller.operator, reason };
        const updated = await concertAdmin.update(context, params.concertId, changes, act);
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
        reason: reasonSchema,
      }).openapi("NewEviction"),
      bodyExample: {},
      bodyIsOptional: true,
      asksStores: true,
      answers: {
        200: {
          description: "The list, and the schedules of so many concerts less one, cached or not",
          schema: z.object({ evicted: countSchema }).openapi("Eviction"),
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
