import { z } from "@hono/zod-openapi";
import type { PublicRooms } from "../../application/public_rooms.ts";
import { refused } from "../../domain/result.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import { nextCursorSchema } from "../schemas/common.ts";
import {
  publicRoomBody,
  publicRoomExample,
  publicRoomSchema,
  roomInPath,
} from "../schemas/room.ts";

const TAG = "Line";
const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 1_000;
const limitMessage = `must be a whole number from 1 to ${MAX_LIMIT}`;
const cursorMessage = "must be a nextCursor of this list";

/** The list is in ticket order, and the cursor is the last ticket of the page. */
const drawnQuery = z.object({
  limit: z.string().regex(/^[1-9]\d{0,3}$/, limitMessage).transform(Number)
    .refine((limit) => limit <= MAX_LIMIT, limitMessage).default(DEFAULT_LIMIT)
    .openapi({ type: "integer", minimum: 1, maximum: MAX_LIMIT, default: DEFAULT_LIMIT }),
  cursor: z.string().regex(/^\d{1,9}$/, cursorMessage).transform(Number).optional()
    .openapi({
      type: "string",
      description:
        "The `nextCursor` of the page before, and no other value; absent for the first page.",
    }),
});

/** The public routes of a room: its state, its opening, and its draw. */
export function roomRoutes(
  { publicRooms, siteKey }: { publicRooms: PublicRooms; siteKey: string | null },
) {
  return [
    endpoint({
      name: "getRoom",
      method: "get",
      path: "/v1/rooms/{room}",
      tag: TAG,
      summary: "Whether a room is open, and how its order is drawn",
      description:
        "The commitment is published before fans gather, the seed at the opening. The answer " +
        "is at most a second old.",
      needs: "nobody",
      params: z.object({ room: roomInPath }),
      asksStores: true,
      answers: {
        200: { description: "The room", schema: publicRoomSchema, example: publicRoomExample },
      },
      failures: ["ROOM_NOT_FOUND"],
      act: async ({ params: { room }, context }) => {
        const found = await publicRooms.find(context, room);
        return found
          ? answer(200, publicRoomBody(found, siteKey))
          : refused({ kind: "ROOM_NOT_FOUND" });
      },
    }),
    endpoint({
      name: "listDrawn",
      method: "get",
      path: "/v1/rooms/{room}/draw",
      tag: TAG,
      summary: "The tickets of the latest draw, in order",
      description:
        "Each fan who gathered has a pseudonym. The order is that of the first 13 hex digits " +
        "of HMAC-SHA-1 (key: the text of the seed, message: the pseudonym).",
      needs: "nobody",
      params: z.object({ room: roomInPath }),
      query: drawnQuery,
      asksStores: true,
      answers: {
        200: {
          description: "A page",
          schema: z.object({
            items: z.array(
              z.object({ pseudonym: z.string(), ticket: z.int().min(1) }).openapi("DrawnTicket"),
            ),
            nextCursor: nextCursorSchema,
          }).openapi("DrawnTickets"),
          example: {
            items: [{ pseudonym: "3b9ac1d40f2e6a57", ticket: 1 }],
            nextCursor: null,
          },
        },
      },
      failures: ["ROOM_NOT_FOUND"],
      act: async ({ params: { room }, query: { limit, cursor = 0 }, context }) => {
        const items = await publicRooms.listDraw(context, room, cursor, limit);
        if (!items) return refused({ kind: "ROOM_NOT_FOUND" });
        const last = items.length === limit ? items.at(-1) : undefined;
        return answer(200, { items, nextCursor: last ? String(last.ticket) : null });
      },
    }),
  ];
}
