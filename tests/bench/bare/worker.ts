import { Redis } from "@upstash/redis/cloudflare";
import { Hono } from "hono";

/** The floor of a poll: one route, one call to Upstash, nothing checked. */
export function bareApp(url: string, token: string) {
  const redis = new Redis({
    url,
    token,
    retry: { retries: 0 },
    automaticDeserialization: false,
    responseEncoding: false,
    enableTelemetry: false,
  });
  return new Hono().get("/poll", async (c) => c.json({ value: await redis.get("bare") }));
}

interface Env {
  readonly UPSTASH_REDIS_REST_URL: string;
  readonly UPSTASH_REDIS_REST_TOKEN: string;
}

/** As a Worker; it answers anything else at once, so that its start can be seen. */
export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    if (!request.url.endsWith("/poll")) return new Response("up");
    return bareApp(env.UPSTASH_REDIS_REST_URL, env.UPSTASH_REDIS_REST_TOKEN).fetch(request);
  },
};

if (import.meta.main) {
  const [port, url, token] = Deno.args;
  const app = bareApp(url!, token!);
  Deno.serve({ hostname: "127.0.0.1", port: Number(port), onListen() {} }, app.fetch);
}
