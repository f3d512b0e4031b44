import { z } from "@hono/zod-openapi";
import { refused } from "../../domain/result.ts";
import { answer, endpoint } from "../pipeline/endpoint.ts";

/** Asks one dependency whether it answers; throws when it does not. */
export type Ping = () => Promise<void>;

export interface Pings {
  readonly redis: Ping;
  readonly postgres: Ping;
}

/** How long a dependency may take to say that it is up. */
const PING_DEADLINE_MS = 2_000;
const RETRY_SECONDS = 5;

const stateSchema = z.enum(["up", "down"]);

async function stateOf(ping: Ping): Promise<"up" | "down"> {
  const late = new AbortController();
  try {
    const deadline = AbortSignal.any([late.signal, AbortSignal.timeout(PING_DEADLINE_MS)]);
    await Promise.race([
      ping(),
      new Promise((_, reject) => deadline.addEventListener("abort", reject, { once: true })),
    ]);
    return "up";
  } catch {
    return "down";
  } finally {
    late.abort();
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
            dependencies: z.object({ redis: stateSchema, postgres: stateSchema }),
          }).openapi("Ready"),
          example: { status: "ready", dependencies: { redis: "up", postgres: "up" } },
        },
      },
      failures: ["DEPENDENCY_UNAVAILABLE"],
      act: async () => {
        const [redis, postgres] = await Promise.all([
          stateOf(pings.redis),
          stateOf(pings.postgres),
        ]);
        const dependencies = { redis, postgres };
        if (redis === "up" && postgres === "up") {
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
