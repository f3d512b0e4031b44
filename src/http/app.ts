import { Hono } from "hono";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import type { MiddlewareHandler } from "hono";
import { DependencyError } from "../domain/failures.ts";
import type { Clock, NewId } from "../ports/clock.ts";
import { faultOf, type Report } from "../ports/report.ts";
import type { ContinueTrace } from "../ports/trace.ts";
import { afterAnswer } from "./pipeline/after_answer.ts";
import type { ApiEnv, App } from "./pipeline/api_env.ts";
import type { Authentication } from "./auth/authentication.ts";
import type { AnyEndpoint } from "./pipeline/endpoint.ts";
import { type RandomHex, traceContext } from "./pipeline/trace_context.ts";
import { mount } from "./pipeline/mount.ts";
import { mountPages, type PageOptions } from "./pages/pages.ts";
import { mountReference } from "./pages/reference.ts";
import { mountAssets, type StaticFile } from "./pages/static_files.ts";
import { DEPENDENCY_RETRY_SECONDS, problemResponse } from "./problems/problems.ts";

/** A longer id of a caller, or one beyond `A-Za-z0-9_-=`, is replaced: it comes into the logs. */
const MAX_REQUEST_ID_LENGTH = 128;

/** Headers of every answer that does not set them itself. */
const DEFAULT_HEADERS = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
};

export interface AppOptions {
  readonly authentication: Authentication;
  readonly report: Report;
  readonly endpoints: readonly AnyEndpoint[];
  readonly continueTrace: ContinueTrace;
  readonly observedRequest: MiddlewareHandler<ApiEnv>;
  readonly crossOrigin: MiddlewareHandler;
  readonly staticFile: StaticFile;
  readonly pages: Pick<PageOptions, "settings" | "services" | "signIn">;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly randomHex: RandomHex;
}

/** The endpoints, and the headers and errors that all of them share. */
export function createApp(
  {
    endpoints,
    authentication,
    continueTrace,
    observedRequest,
    crossOrigin,
    staticFile,
    pages,
    clock,
    newId,
    randomHex,
    report,
  }: AppOptions,
): App {
  const app = new Hono<ApiEnv>();
  app.use(requestId({ limitLength: MAX_REQUEST_ID_LENGTH, generator: () => newId() }));
  app.use(traceContext({ randomHex, continueTrace }));
  app.use(afterAnswer({ report }));
  app.use(observedRequest);
  app.use(secureHeaders({
    referrerPolicy: "no-referrer",
    xFrameOptions: "DENY",
    crossOriginResourcePolicy: false, // `crossOrigin` sets it
    // What they protect from, other headers or today's browsers do. Each costs a far poll on Deno
    // 1 to 2 %.
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
  }));
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(DEFAULT_HEADERS)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  });
  app.use(crossOrigin);
  for (const definition of endpoints) mount(app, definition, authentication);
  mountPages(app, { ...pages, file: staticFile, authentication, clock, report });
  mountReference(app, { file: staticFile, clock });
  mountAssets(app, staticFile);
  refuseOtherMethods(app);
  app.notFound((c) => problemResponse(c, { kind: "NOT_FOUND" }));
  app.onError((error, c) => {
    const request = { requestId: c.get("requestId"), traceparent: c.get("traceparent") };
    if (error instanceof DependencyError) {
      report({ what: faultOf(error), error, ...request });
      const retryAfterSeconds = DEPENDENCY_RETRY_SECONDS;
      return problemResponse(c, { kind: "DEPENDENCY_UNAVAILABLE", retryAfterSeconds });
    }
    report({ what: "internal_error", error, ...request });
    return problemResponse(c, { kind: "INTERNAL" });
  });
  return app;
}

/** A known path with another method is METHOD_NOT_ALLOWED, for every caller. OPTIONS lists them. */
function refuseOtherMethods(app: App): void {
  const routes = app.routes.filter(({ method, path }) => method !== "ALL" && path !== "/*");
  for (const [path, ofPath] of Map.groupBy(routes, ({ path }) => path)) {
    const methods = new Set(ofPath.map(({ method }) => method));
    if (methods.has("GET")) methods.add("HEAD");
    methods.add("OPTIONS");
    const allow = [...methods].sort();
    app.options(path, (c) => c.body(null, 204, { Allow: allow.join(", ") }));
    app.all(path, (c) => problemResponse(c, { kind: "METHOD_NOT_ALLOWED", allow }));
  }
}
