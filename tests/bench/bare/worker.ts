import { createBareApp } from "./route.ts";

interface Env {
  readonly UPSTASH_REDIS_REST_URL: string;
  readonly UPSTASH_REDIS_REST_TOKEN: string;
}

/** The bare route on workerd. Every other path is answered at once, to show that it is up. */
export default {
  fetch(request: Request, env: Env): Response | Promise<Response> {
    if (!request.url.endsWith("/poll")) return new Response("up");
    return createBareApp(env.UPSTASH_REDIS_REST_URL, env.UPSTASH_REDIS_REST_TOKEN).fetch(request);
  },
};
