import { z } from "@hono/zod-openapi";
import type { QueueService } from "../../application/queue_service.ts";
import { MAIN_ROOM } from "../../domain/ids.ts";
import { waitingCount } from "../../domain/queue.ts";
import { refused } from "../../domain/result.ts";
import type { QueueTokens } from "../auth/queue_tokens.ts";
import { lineAnswer } from "../line_answer.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import {
  GONE_EXAMPLE,
  goneLineSchema,
  joinedLineSchema,
  lineSchema,
  WAITING_EXAMPLE,
} from "../schemas/line.ts";
import { countSchema, text } from "../schemas/common.ts";
import { roomIdSchema, roomQuery } from "../schemas/room.ts";

const TAG = "Line";
/** The longest token of Turnstile. */
const MAX_CHALLENGE_TOKEN_LENGTH = 2_048;

const joinedExample = { ...WAITING_EXAMPLE, token: "eyJ0eXAiOiJzdGFuY2hpb24t…" };
const joined = (description: string) => ({
  description,
  schema: joinedLineSchema,
  example: joinedExample,
});

export function queueRoutes(
  { queue, queueTokens: { sign } }: {
    queue: QueueService;
    queueTokens: QueueTokens;
  },
) {
  return [
    endpoint({
      name: "joinLine",
      method: "post",
      path: "/v1/queue/tokens",
      tag: TAG,
      summary: "Join the line",
      description:
        "A fan has one place: joining again answers the same place. After a reset of the line, " +
        "send the old `Queue-Token` to rejoin in the old order. Before the opening of a room " +
        "fans gather, and the opening shuffles them. Some rooms ask for a challenge: send the " +
        "token of its widget as `challengeToken`. A fan with a place gets it without one.",
      needs: "joining",
      body: z.strictObject({
        room: roomIdSchema.default(MAIN_ROOM),
        challengeToken: text(1, MAX_CHALLENGE_TOKEN_LENGTH).optional(),
      }).openapi("NewPlace"),
      bodyExample: {},
      bodyIsOptional: true,
      asksStores: true,
      answers: {
        201: { ...joined("A new place"), location: () => "/v1/queue/tokens/me" },
        200: joined("Already in line: the same place"),
      },
      failures: [
        "RATE_LIMITED",
        "ROOM_NOT_FOUND",
        "LINE_CLOSED",
        "CHALLENGE_REQUIRED",
        "CHALLENGE_FAILED",
      ],
      act: async ({ caller: { fan, earlier }, body: { room, challengeToken }, context }) => {
        const result = await queue.join(context, room, fan, { earlier, challengeToken });
        if (!result.ok) return result;
        const { created, token, line } = result.value;
        const place = lineAnswer(line, sign);
        if (place.state === "GONE") throw new Error("a place that was joined now has ended");
        const joined = { ...place, token: sign(token) };
        return created ? answer(201, joined) : answer(200, joined);
      },
    }),
    endpoint({
      name: "getStanding",
      method: "get",
      path: "/v1/queue/tokens/me",
      tag: TAG,
      summary: "The state of the place",
      description:
        "The request also keeps the place alive. A WAITING answer says when to poll again. If the " +
        "answer has a `token`, use it from now on.",
      needs: "place",
      asksStores: true,
      answers: {
        200: { description: "The state", schema: lineSchema, example: WAITING_EXAMPLE },
      },
      failures: [],
      act: async ({ caller, context }) =>
        answer(200, lineAnswer(await queue.status(context, caller.token), sign)),
    }),
    endpoint({
      name: "leaveLine",
      method: "delete",
      path: "/v1/queue/tokens/me",
      tag: TAG,
      summary: "Leave the line",
      description: "A repeated request gets the same answer. Holds are not released.",
      needs: "place",
      asksStores: true,
      answers: { 200: { description: "Left", schema: goneLineSchema, example: GONE_EXAMPLE } },
      failures: [],
      act: async ({ caller }) => {
        const left = lineAnswer(await queue.leave(caller.token), sign);
        if (left.state !== "GONE") throw new Error("a place that was left has not ended");
        return answer(200, left);
      },
    }),
    endpoint({
      name: "getLineLength",
      method: "get",
      path: "/v1/queue",
      tag: TAG,
      summary: "The length of the line",
      needs: "nobody",
      query: roomQuery,
      asksStores: true,
      answers: {
        200: {
          description: "The counts",
          schema: z.object({ waiting: countSchema, admitted: countSchema, capacity: countSchema })
            .openapi("LineLength"),
          example: { waiting: 4211, admitted: 1000, capacity: 1000 },
        },
      },
      failures: ["ROOM_NOT_FOUND"],
      act: async ({ query: { room }, context }) => {
        const counts = await queue.publicCounts(context, room);
        if (!counts) return refused({ kind: "ROOM_NOT_FOUND" });
        const { admitted, rules: { capacity } } = counts;
        return answer(200, { waiting: waitingCount(counts), admitted, capacity });
      },
    }),
  ];
}
