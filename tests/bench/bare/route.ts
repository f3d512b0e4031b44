import { Redis } from "@upstash/redis/cloudflare";
import { Hono } from "hono";

/** The lower bound of a poll: one route, one call to Upstash, no checks. */
export function createBareApp(url: string, token: string): Hono {
  const redis = new Redis({
    url,
    token,
    retry: { retries: 0 },
    automaticDeserialization: false,
    responseEncoding: false,
    enableTelemetry: false,
    // Else the SDK sends all calls of one tick as one request.
    enableAutoPipelining: false,
  });
  return new Hono().get("/poll", async (c) => c.json({ value: await redis.get("bare") }));
}
