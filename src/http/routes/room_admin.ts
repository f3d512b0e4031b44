import { z } from "@hono/zod-openapi";
import type { operateRooms, WatchedRoom } from "../../application/room_admin.ts";
import { refused } from "../../domain/result.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import { roomFailure } from "../problems/room_settings.ts";
import { auditEntryBody, auditEntryExample, auditEntrySchema } from "../schemas/audit.ts";
import { fanIdInPath, text } from "../schemas/common.ts";
import { pageBody, pageQuery, pageRequest, pageSchema } from "../schemas/page.ts";
import {
  newRoomBody,
  noticeBody,
  operatorRoomExample,
  operatorRoomSchema,
  roomChangesBody,
  roomIdSchema,
  roomInPath,
  settingsOf,
} from "../schemas/room.ts";
import { placeBody, placeExample, placeSchema } from "../schemas/place.ts";

const TAG = "Operator";
const MAX_RELEASED = 10_000;
const releaseMessage = `must be a whole number from 1 to ${MAX_RELEASED}`;

const roomParams = z.object({ room: roomInPath });
const reasonInput = text(1, 500).nullable().default(null);
const reasonQuery = z.object({ reason: text(1, 500).optional() });
const roomAnswer = (description: string) => ({
  description,
  schema: operatorRoomSchema,
  example: operatorRoomExample,
});

function roomBody(room: WatchedRoom) {
  const { settings, counts, version, changedAt } = room;
  return {
    ...noticeBody(room),
    capacity: settings.capacity,
    admissionsPerMinute: settings.admissionsPerMinute,
    admissionTtlSeconds: settings.admissionTtlMs / 1000,
    holdTtlSeconds: settings.holdTtlMs / 1000,
    pollMinSeconds: settings.pollMinSeconds,
    pollMaxSeconds: settings.pollMaxSeconds,
    version,
    changedAt,
    gathered: counts?.gathered ?? 0,
    waiting: counts?.waiting ?? 0,
    admitted: counts?.admitted ?? 0,
    parked: counts?.parked ?? 0,
    admittedLastMinute: counts?.admittedLastMinute ?? 0,
  };
}

/** The levers of a sale. */
export function operatorRoomRoutes({ rooms }: { rooms: ReturnType<typeof operateRooms> }) {
  return [
    endpoint({
      name: "listRooms",
      method: "get",
      path: "/v1/admin/rooms",
      tag: TAG,
      summary: "The rooms, and what goes on in them",
      needs: "operator",
      asksStores: true,
      answers: {
        200: {
          description: "The rooms, by name",
          schema: z.object({ rooms: z.array(operatorRoomSchema) }).openapi("OperatorRooms"),
          example: { rooms: [operatorRoomExample] },
        },
      },
      failures: [],
      act: async () => answer(200, { rooms: (await rooms.list()).map(roomBody) }),
    }),
    endpoint({
      name: "createRoom",
      method: "post",
      path: "/v1/admin/rooms",
      tag: TAG,
      summary: "Make a room",
      description: "Whatever is absent is as the environment says for new rooms; OPEN at once " +
        "unless told otherwise.",
      needs: "operator",
      body: newRoomBody,
      bodyExample: {
        room: "night-train",
        state: "LOBBY",
        opensAt: "2026-12-01T19:00:00+09:00",
        admissionsPerMinute: 600,
      },
      asksStores: true,
      answers: { 201: roomAnswer("Made") },
      failures: ["ROOM_EXISTS", "VALIDATION_FAILED"],
      act: async ({ caller: { operator }, body: { room, reason, ...input } }) => {
        const created = await rooms.create(room, settingsOf(input), { operator, reason });
        return created.ok
          ? answer(201, roomBody(created.value))
          : refused(roomFailure(created.failure));
      },
    }),
    endpoint({
      name: "getOperatorRoom",
      method: "get",
      path: "/v1/admin/rooms/{room}",
      tag: TAG,
      summary: "A room, and what goes on in it",
      needs: "operator",
      params: roomParams,
      asksStores: true,
      answers: { 200: roomAnswer("The room") },
      failures: ["ROOM_NOT_FOUND"],
      act: async ({ params: { room } }) => {
        const found = await rooms.get(room);
        return found ? answer(200, roomBody(found)) : refused({ kind: "ROOM_NOT_FOUND" });
      },
    }),
    endpoint({
      name: "updateRoom",
      method: "patch",
      path: "/v1/admin/rooms/{room}",
      tag: TAG,
      summary: "Open, hold, slow, close a room",
      description: "What is absent stays as it is. The line follows before the answer. A lower " +
        "capacity sends nobody out.",
      needs: "operator",
      params: roomParams,
      body: roomChangesBody,
      bodyExample: { state: "HELD", reason: "the payment provider is slow" },
      asksStores: true,
      answers: { 200: roomAnswer("The room as it is now") },
      failures: ["ROOM_NOT_FOUND", "VALIDATION_FAILED"],
      act: async ({ caller: { operator }, params: { room }, body: { reason, ...input } }) => {
        const changed = await rooms.change(room, settingsOf(input), { operator, reason });
        return changed.ok
          ? answer(200, roomBody(changed.value))
          : refused(roomFailure(changed.failure));
      },
    }),
    endpoint({
      name: "releaseHeads",
      method: "post",
      path: "/v1/admin/rooms/{room}/promotions",
      tag: TAG,
      summary: "Let in so many heads now",
      description: "Also where the room is HELD; within its capacity and its rate.",
      needs: "operator",
      params: roomParams,
      body: z.strictObject({
        count: z.int(releaseMessage).min(1, releaseMessage).max(MAX_RELEASED, releaseMessage),
        reason: reasonInput,
      }).openapi("NewRelease"),
      bodyExample: { count: 10 },
      asksStores: true,
      answers: {
        200: {
          description: "What was done",
          schema: z.object({ expired: z.int(), admitted: z.int() }).openapi("Release"),
          example: { expired: 0, admitted: 10 },
        },
      },
      failures: ["ROOM_NOT_FOUND"],
      act: async ({ caller: { operator }, params: { room }, body: { count, reason } }) => {
        const moved = await rooms.release(room, count, { operator, reason });
        return moved.ok ? answer(200, moved.value) : moved;
      },
    }),
    endpoint({
      name: "endPlace",
      method: "delete",
      path: "/v1/admin/rooms/{room}/places/{userId}",
      tag: TAG,
      summary: "End the place, or the admission, of one fan",
      description: "The fan may join again. Holds are not released.",
      needs: "operator",
      params: z.object({ room: roomInPath, userId: fanIdInPath }),
      query: reasonQuery,
      asksStores: true,
      answers: {
        200: {
          description: "The place as it was",
          schema: placeSchema.openapi("EndedPlace"),
          example: placeExample,
        },
      },
      failures: ["ROOM_NOT_FOUND", "PLACE_NOT_FOUND"],
      act: async ({ caller: { operator }, params: { room, userId }, query: { reason = null } }) => {
        const ended = await rooms.endPlace(room, userId, { operator, reason });
        return ended.ok ? answer(200, placeBody(ended.value)) : ended;
      },
    }),
    endpoint({
      name: "listAuditLog",
      method: "get",
      path: "/v1/admin/audit",
      tag: TAG,
      summary: "What operators and the clock did, newest first",
      needs: "operator",
      query: pageQuery.extend({ room: roomIdSchema.optional() }),
      asksStores: true,
      answers: {
        200: {
          description: "A page",
          schema: pageSchema(auditEntrySchema).openapi("AuditLog"),
          example: { items: [auditEntryExample], nextCursor: null },
        },
      },
      failures: [],
      act: async ({ query: { room = null, ...page } }) => {
        const { items, next } = await rooms.auditLog(room, pageRequest(page));
        return answer(200, pageBody({ items: items.map(auditEntryBody), next }));
      },
    }),
  ];
}
