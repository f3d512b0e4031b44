import { z } from "@hono/zod-openapi";
import type { RoomAdmin, RoomWithCounts } from "../../application/room_admin.ts";
import { MAX_PROMOTED_PER_REQUEST } from "../../domain/limits.ts";
import { refused } from "../../domain/result.ts";
import { answer, endpoint, recordedAnswer } from "../pipeline/endpoint.ts";
import { roomFailure } from "../problems/room_settings.ts";
import {
  countSchema,
  fanIdInPath,
  nextCursorSchema,
  reasonQuery,
  reasonSchema,
} from "../schemas/common.ts";
import {
  newRoomBody,
  operatorRoomExample,
  operatorRoomSchema,
  roomBody,
  roomChangesBody,
  roomIdSchema,
  roomInPath,
  settingsOf,
} from "../schemas/room.ts";
import { limitQuery } from "../schemas/page.ts";
import { placeBody, placeExample, placeSchema } from "../schemas/place.ts";

const TAG = "Operator";
const countMessage = `must be a whole number from 1 to ${MAX_PROMOTED_PER_REQUEST}`;

const MAX_ROOMS_PER_PAGE = 500;
/** The cursor is the last room of the page. */
const roomsQuery = z.object({
  limit: limitQuery(MAX_ROOMS_PER_PAGE, MAX_ROOMS_PER_PAGE),
  cursor: roomIdSchema.optional().openapi({
    description:
      "The `nextCursor` of the page before, and no other value; absent for the first page.",
  }),
});
const roomParams = z.object({ room: roomInPath });
const roomAnswer = (description: string) => ({
  description,
  schema: operatorRoomSchema,
  example: operatorRoomExample,
});

function operatorRoomBody(room: RoomWithCounts) {
  const { settings, counts, version, changedAt } = room;
  return {
    ...roomBody(room),
    capacity: settings.capacity,
    admissionsPerMinute: settings.admissionsPerMinute,
    admissionTtlSeconds: settings.admissionTtlMs / 1000,
    holdTtlSeconds: settings.holdTtlMs / 1000,
    pollMinSeconds: settings.pollMinSeconds,
    pollMaxSeconds: settings.pollMaxSeconds,
    challengeAtJoin: settings.challengeAtJoin,
    version,
    followedVersion: counts?.rulesVersion ?? null,
    changedAt,
    gathered: counts?.gathered ?? 0,
    waiting: counts?.waiting ?? 0,
    admitted: counts?.admitted ?? 0,
    parked: counts?.parked ?? 0,
    admittedLastMinute: counts?.admittedLastMinute ?? 0,
  };
}

/** The operator's acts on rooms. */
export function roomAdminRoutes({ roomAdmin }: { roomAdmin: RoomAdmin }) {
  return [
    endpoint({
      name: "listRooms",
      method: "get",
      path: "/v1/admin/rooms",
      tag: TAG,
      summary: "The rooms, with their counts",
      needs: "operator",
      query: roomsQuery,
      asksStores: true,
      answers: {
        200: {
          description: "A page, by name",
          schema: z.object({ rooms: z.array(operatorRoomSchema), nextCursor: nextCursorSchema })
            .openapi("OperatorRooms"),
          example: { rooms: [operatorRoomExample], nextCursor: null },
        },
      },
      failures: [],
      act: async ({ query: { limit, cursor: after = null } }) => {
        const { rooms, next } = await roomAdmin.list({ after, limit });
        return answer(200, { rooms: rooms.map(operatorRoomBody), nextCursor: next });
      },
    }),
    endpoint({
      name: "createRoom",
      method: "post",
      path: "/v1/admin/rooms",
      tag: TAG,
      summary: "Create a room",
      description:
        "Absent settings take the defaults of the environment. The state is OPEN by default.",
      needs: "operator",
      idempotent: "optional",
      body: newRoomBody,
      bodyExample: {
        room: "night-train",
        state: "LOBBY",
        opensAt: "2026-12-08T19:00:00+09:00",
        admissionsPerMinute: 600,
      },
      asksStores: true,
      answers: {
        201: { ...roomAnswer("Created"), location: ({ room }) => `/v1/admin/rooms/${room}` },
      },
      failures: ["ROOM_EXISTS", "VALIDATION_FAILED"],
      act: async ({ caller: { operator }, body: { room, reason, ...input }, idempotent }) => {
        const act = { operator, reason };
        const created = await roomAdmin.create(room, settingsOf(input), act, idempotent);
        return created.ok
          ? answer(201, operatorRoomBody(created.value.room), created.value.replayed)
          : refused(roomFailure(created.failure));
      },
    }),
    endpoint({
      name: "getOperatorRoom",
      method: "get",
      path: "/v1/admin/rooms/{room}",
      tag: TAG,
      summary: "A room, with its counts",
      needs: "operator",
      params: roomParams,
      asksStores: true,
      answers: { 200: roomAnswer("The room") },
      failures: ["ROOM_NOT_FOUND"],
      act: async ({ params: { room } }) => {
        const found = await roomAdmin.get(room);
        return found ? answer(200, operatorRoomBody(found)) : refused({ kind: "ROOM_NOT_FOUND" });
      },
    }),
    endpoint({
      name: "updateRoom",
      method: "patch",
      path: "/v1/admin/rooms/{room}",
      tag: TAG,
      summary: "Change the state or the settings of a room",
      description:
        "Absent members do not change. The queue follows the change before the answer. A lower " +
        "capacity ends no admission. A change that would end a lobby needs `endLobby`: one that " +
        "lets fans in, or one that moves an opening a few seconds before it.",
      needs: "operator",
      params: roomParams,
      body: roomChangesBody,
      bodyExample: { state: "HELD", reason: "the payment provider is slow" },
      asksStores: true,
      answers: { 200: roomAnswer("The changed room") },
      failures: ["ROOM_NOT_FOUND", "LOBBY_WOULD_END", "VALIDATION_FAILED"],
      act: async ({ caller: { operator }, params: { room }, body }) => {
        const { reason, endLobby, ...input } = body;
        const act = { operator, reason };
        const changed = await roomAdmin.change(room, settingsOf(input), act, { endLobby });
        return changed.ok
          ? answer(200, operatorRoomBody(changed.value))
          : refused(roomFailure(changed.failure));
      },
    }),
    endpoint({
      name: "deleteRoom",
      method: "delete",
      path: "/v1/admin/rooms/{room}",
      tag: TAG,
      summary: "Delete a room",
      description:
        "Only a room with nothing on sale, now or later, and no fan in its line. `main` cannot be " +
        "deleted: calls that name no room mean it. A room that is made again under this name goes " +
        "on from the last version, and tokens of the deleted room bring nothing into it.",
      needs: "operator",
      params: roomParams,
      query: reasonQuery,
      asksStores: true,
      answers: { 200: roomAnswer("The room before its end") },
      failures: ["ROOM_NOT_FOUND", "ROOM_IN_USE"],
      act: async ({ caller: { operator }, params: { room }, query: { reason = null } }) => {
        const removed = await roomAdmin.remove(room, { operator, reason });
        return removed.ok ? answer(200, operatorRoomBody(removed.value)) : removed;
      },
    }),
    endpoint({
      name: "releaseHeads",
      method: "post",
      path: "/v1/admin/rooms/{room}/promotions",
      tag: TAG,
      summary: "Promote fans now",
      description:
        "Also where the room is HELD. Capacity and rate still apply. All requests with one key " +
        "together promote `count` fans at most.",
      needs: "operator",
      idempotent: "optional",
      params: roomParams,
      body: z.strictObject({
        count: z.int(countMessage).min(1, countMessage).max(MAX_PROMOTED_PER_REQUEST, countMessage),
        reason: reasonSchema,
      }).openapi("NewRelease"),
      bodyExample: { count: 10 },
      asksStores: true,
      answers: {
        200: {
          description: "The number of fans moved",
          schema: z.object({ expired: countSchema, admitted: countSchema }).openapi("Release"),
          example: { expired: 0, admitted: 10 },
        },
      },
      failures: ["ROOM_NOT_FOUND"],
      act: async ({ caller: { operator }, params: { room }, body, idempotent }) => {
        const { count, reason } = body;
        const moved = await roomAdmin.promote(room, count, { operator, reason }, idempotent);
        return moved.ok ? recordedAnswer(200, moved.value) : moved;
      },
    }),
    endpoint({
      name: "endPlace",
      method: "delete",
      path: "/v1/admin/rooms/{room}/places/{userId}",
      tag: TAG,
      summary: "End the place or the admission of one fan",
      description:
        "The fan may join again. Holds are not released. A repeated request with the same key " +
        "does not end a place that the fan got meanwhile.",
      needs: "operator",
      idempotent: "optional",
      params: z.object({ room: roomInPath, userId: fanIdInPath }),
      query: reasonQuery,
      asksStores: true,
      answers: {
        200: {
          description: "The place before its end",
          schema: placeSchema,
          example: placeExample,
        },
      },
      failures: ["ROOM_NOT_FOUND", "PLACE_NOT_FOUND"],
      act: async ({ caller: { operator }, params, query: { reason = null }, idempotent }) => {
        const { room, userId } = params;
        const ended = await roomAdmin.endPlace(room, userId, { operator, reason }, idempotent);
        return ended.ok ? answer(200, placeBody(ended.value.place), ended.value.replayed) : ended;
      },
    }),
  ];
}
