import type { Hono } from "hono";
import { createBareApp } from "./route.ts";

interface Env {
  readonly UPSTASH_REDIS_REST_URL: string;
  readonly UPSTASH_REDIS_REST_TOKEN: string;
}

/** Kept by the isolate, with its client. */
let app: Hono | undefined;

/** The bare route on workerd. Every other path is answered at once, to show that it is up. */
export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    if (!request.url.endsWith("/poll")) return new Response("up");
    app ??= createBareApp(env.UPSTASH_REDIS_REST_URL, env.UPSTASH_REDIS_REST_TOKEN);
    return app.fetch(request);
  },
};
