import type { Hono } from "hono";
import type { RequestIdVariables } from "hono/request-id";
import type { RequestContext } from "../../application/request_context.ts";
import type { Subject } from "./observed_request.ts";

/** What comes with a request, and the values that middleware adds to it. */
export interface ApiEnv {
  /** What the program hands over with each request. */
  Bindings: {
    /** The address of the caller, by the platform. */
    readonly address: string;
  };
  Variables: RequestIdVariables & {
    readonly context: RequestContext;
    /** The span of this request (W3C Trace Context). */
    readonly traceparent: string;
    /** The code of the problem document that answers the request. */
    readonly problemCode?: string;
    /** What is known of a request to an endpoint. */
    readonly subject?: Subject;
  };
}

export type App = Hono<ApiEnv>;
