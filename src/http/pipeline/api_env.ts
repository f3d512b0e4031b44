import type { OpenAPIHono } from "@hono/zod-openapi";
import type { RequestIdVariables } from "hono/request-id";
import type { Call } from "../../application/request_context.ts";

/** What the middleware puts at a request's side. */
export interface ApiEnv {
  Variables: RequestIdVariables & { call: Call };
}

export type App = OpenAPIHono<ApiEnv>;
