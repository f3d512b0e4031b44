import { z } from "@hono/zod-openapi";
import type { Programme } from "../../application/programme.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";
import { nextCursorSchema } from "../schemas/common.ts";
import {
  concertsBody,
  programmeConcertExample,
  programmeConcertSchema,
  programmeQuery,
} from "../schemas/concert.ts";

/** What everybody may know of the concerts. */
export function programmeRoutes({ programme }: { programme: Programme }) {
  return [
    endpoint({
      name: "getProgramme",
      method: "get",
      path: "/v1/programme",
      tag: "Concerts",
      summary: "Concerts that are or will be on",
      description:
        "Concerts with the schedules whose date or whose end of sale is to come, whether their " +
        "sale has opened or not. It says nothing of what is available. A page may have fewer " +
        "concerts than `limit`: the list ends where `nextCursor` is null.",
      needs: "nobody",
      query: programmeQuery,
      asksStores: true,
      answers: {
        200: {
          description: "A page",
          schema: z.object({
            nextCursor: nextCursorSchema,
            concerts: z.array(programmeConcertSchema),
          }).openapi("Programme"),
          example: { nextCursor: null, concerts: [programmeConcertExample] },
        },
      },
      failures: [],
      act: async ({ query: { limit, cursor = null }, context }) =>
        answer(200, concertsBody(await programme.page(context, { limit, after: cursor }))),
    }),
  ];
}
