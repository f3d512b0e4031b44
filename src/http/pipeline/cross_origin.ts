import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { isAllowedOrigin, isLoopbackOrigin } from "../../domain/origins.ts";
import { IDEMPOTENCY_HEADER, REPLAYED_HEADER } from "./idempotency.ts";

/** The pages of other origins that may read answers. */
export interface CrossOriginOptions {
  readonly allowed: readonly string[];
  /** Pages that may read answers to operators. They may read no others unless `allowed` has them. */
  readonly operators: readonly string[];
  /** Whether any page of this machine may read all answers. */
  readonly allowLoopback: boolean;
}

const OPERATOR_PATH = /^\/v1\/admin(\/|$)/;
const METHODS = ["GET", "HEAD", "POST", "PATCH", "DELETE"];
const REQUEST_HEADERS = [
  "Authorization",
  "Content-Type",
  IDEMPOTENCY_HEADER,
  "If-None-Match",
  "Queue-Token",
  "traceparent",
  "tracestate",
  "X-Request-Id",
];
const ANSWER_HEADERS = [
  "Date",
  "ETag",
  REPLAYED_HEADER,
  "Location",
  "Next-Cursor",
  "Retry-After",
  "Server-Timing",
  "traceparent",
  "X-Request-Id",
];
/** How long a browser keeps the answer to a preflight. Chromium keeps none longer. */
const PREFLIGHT_SECONDS = 7_200;

/**
 * Lets pages of allowed origins read answers. Credentials are headers that a page sends itself, so
 * cookies are never allowed.
 */
export function crossOrigin(
  { allowed, operators, allowLoopback }: CrossOriginOptions,
): MiddlewareHandler {
  const mayRead = (origin: string, path: string) =>
    isAllowedOrigin(origin, OPERATOR_PATH.test(path) ? operators : allowed) ||
    allowLoopback && isLoopbackOrigin(origin);
  const answerPreflight = cors({
    origin: (origin, c) => mayRead(origin, c.req.path) ? origin : null,
    allowMethods: METHODS,
    allowHeaders: REQUEST_HEADERS,
    maxAge: PREFLIGHT_SECONDS,
  });
  const exposed = ANSWER_HEADERS.join(",");
  return async (c, next) => {
    const origin = c.req.header("Origin") ?? null;
    const isPreflight = origin !== null && c.req.method === "OPTIONS";
    const preflight = isPreflight ? await answerPreflight(c, next) : undefined;
    if (!preflight) await next();
    // `c.header()` would copy the answer, as Hono's middleware does with those to other requests.
    const { headers } = preflight ?? c.res;
    if (!preflight) headers.append("Vary", "Origin");
    const isAllowed = origin !== null && mayRead(origin, c.req.path);
    if (isAllowed) {
      headers.set("Access-Control-Allow-Origin", origin);
      headers.set("Access-Control-Expose-Headers", exposed);
    }
    headers.set("Cross-Origin-Resource-Policy", isAllowed ? "cross-origin" : "same-origin");
    return preflight;
  };
}
