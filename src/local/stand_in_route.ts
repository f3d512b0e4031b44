import { z } from "@hono/zod-openapi";
import { SCRIPT_TYPE } from "../http/pages/page.ts";
import { endpoint, textAnswer } from "../http/pipeline/endpoint.ts";
import { STAND_IN_SCRIPT, STAND_IN_SCRIPT_PATH } from "./stand_in_challenge.ts";

/** The script of the challenge of a local run. No other run has this route. */
export function standInRoutes() {
  return [
    endpoint({
      name: "getStandInChallenge",
      method: "get",
      path: STAND_IN_SCRIPT_PATH,
      tag: "Local run",
      summary: "The script of the challenge in front of lines",
      description: "Only in the local run, in place of the script of Turnstile.",
      needs: "nobody",
      asksStores: false,
      answers: {
        200: {
          description: "A script",
          mediaType: SCRIPT_TYPE,
          schema: z.string(),
          example: "globalThis.turnstile = { … }",
        },
      },
      failures: [],
      act: async () => textAnswer(200, STAND_IN_SCRIPT),
    }),
  ];
}
