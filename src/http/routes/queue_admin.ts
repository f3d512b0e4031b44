import { z } from "@hono/zod-openapi";
import type { QueueService } from "../../application/queue_service.ts";
import type { RoomAdmin } from "../../application/room_admin.ts";
import { waitingCount } from "../../domain/queue.ts";
import { refused } from "../../domain/result.ts";
import { answer, endpoint, recordedAnswer } from "../pipeline/endpoint.ts";
import { countSchema, timeSchema } from "../schemas/common.ts";
import { roomQuery } from "../schemas/room.ts";

const TAG = "Operator";

/** The operator's view of a queue, and the maintenance by hand. */
export function queueAdminRoutes(
  { queue, roomAdmin }: { queue: QueueService; roomAdmin: RoomAdmin },
) {
  return [
    endpoint({
      name: "getLine",
      method: "get",
      path: "/v1/admin/queue",
      tag: TAG,
      summary: "The counts of the line, for operators",
      needs: "operator",
      query: roomQuery,
      asksStores: true,
      answers: {
        200: {
          description: "The counts",
          schema: z.object({
            waiting: countSchema,
            admitted: countSchema,
            parked: countSchema,
            capacity: countSchema,
            admittedLastMinute: countSchema,
            lastTickAt: timeSchema.nullable(),
            epoch: z.string(),
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
        const counts = await queue.counts(room);
        if (!counts) return refused({ kind: "ROOM_NOT_FOUND" });
        const { admitted, parked, admittedLastMinute, lastTickAtMs } = counts;
        return answer(200, {
          waiting: waitingCount(counts),
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
      summary: "Expire and promote now, as the cron does",
      needs: "operator",
      idempotent: "optional",
      body: z.strictObject({}).openapi("NewPromotion"),
      bodyExample: {},
      bodyIsOptional: true,
      asksStores: true,
      answers: {
        200: {
          description: "The number of fans moved",
          schema: z.object({ expired: countSchema, admitted: countSchema }).openapi("Upkeep"),
          example: { expired: 3, admitted: 3 },
        },
      },
      failures: [],
      act: async ({ idempotent }) => {
        const moved = await roomAdmin.runMaintenance(idempotent);
        return moved.ok ? recordedAnswer(200, moved.value) : moved;
      },
    }),
  ];
}
