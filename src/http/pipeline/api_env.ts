import type { Hono } from "hono";
import type { RequestIdVariables } from "hono/request-id";
import type { RequestContext } from "../../application/request_context.ts";

/** The values that middleware adds to a request. */
export interface ApiEnv {
  Variables: RequestIdVariables & {
    readonly context: RequestContext;
    /** The span of this request (W3C Trace Context). */
    readonly traceparent: string;
    /** The code of the problem document that answers the request. */
    readonly problemCode?: string;
  };
}

export type App = Hono<ApiEnv>;
