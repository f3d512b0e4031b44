import { z } from "@hono/zod-openapi";
import { refused } from "../../domain/result.ts";
import type { Ping, Pings } from "../../application/services.ts";
import { within } from "../../application/deadline.ts";
import type { RequestContext } from "../../application/request_context.ts";
import { dependenciesSchema } from "../problems/request_problems.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";

/** How long a dependency may take to say that it is up. */
const PING_DEADLINE_MS = 2_000;
const RETRY_SECONDS = 5;

async function stateOf(ping: Ping, context: RequestContext): Promise<"up" | "down"> {
  try {
    await within(PING_DEADLINE_MS, ping(context));
    return "up";
  } catch {
    return "down";
  }
}

export function healthRoutes({ pings }: { pings: Pings }) {
  return [
    endpoint({
      name: "getHealth",
      method: "get",
      path: "/healthz",
      tag: "Health",
      summary: "Whether the process is alive",
      needs: "nobody",
      asksStores: false,
      answers: {
        200: {
          description: "Alive",
          schema: z.object({ status: z.literal("alive") }).openapi("Alive"),
          example: { status: "alive" },
        },
      },
      failures: [],
      act: () => Promise.resolve(answer(200, { status: "alive" as const })),
    }),
    endpoint({
      name: "getReadiness",
      method: "get",
      path: "/readyz",
      tag: "Health",
      summary: "Whether every dependency answers",
      needs: "nobody",
      asksStores: true,
      answers: {
        200: {
          description: "Ready",
          schema: z.object({
            status: z.literal("ready"),
            dependencies: dependenciesSchema,
          }).openapi("Ready"),
          example: { status: "ready", dependencies: { redis: "up", postgres: "up" } },
        },
      },
      failures: ["DEPENDENCY_UNAVAILABLE"],
      act: async ({ context }) => {
        const [redis, postgres, jwks] = await Promise.all([
          stateOf(pings.redis, context),
          stateOf(pings.postgres, context),
          pings.jwks && stateOf(pings.jwks, context),
        ]);
        const dependencies = { redis, postgres, ...(jwks ? { jwks } : {}) };
        if (Object.values(dependencies).every((state) => state === "up")) {
          return answer(200, { status: "ready" as const, dependencies });
        }
        return refused({
          kind: "DEPENDENCY_UNAVAILABLE",
          retryAfterSeconds: RETRY_SECONDS,
          dependencies,
        });
      },
    }),
  ];
}
