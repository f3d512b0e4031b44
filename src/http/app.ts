import { OpenAPIHono } from "@hono/zod-openapi";
import { requestId } from "hono/request-id";
import { secureHeaders } from "hono/secure-headers";
import type { MiddlewareHandler } from "hono";
import { DependencyError } from "../domain/failures.ts";
import type { NewId } from "../ports/clock.ts";
import type { Report } from "../ports/report.ts";
import { afterAnswer } from "./pipeline/after_answer.ts";
import type { ApiEnv, App } from "./pipeline/api_env.ts";
import type { Doors } from "./auth/authentication.ts";
import type { AnyEndpoint } from "./pipeline/endpoint.ts";
import { mount } from "./pipeline/mount.ts";
import { mountHome } from "./pages/home.ts";
import { type DocsAsset, mountReference, type ReferenceAddition } from "./pages/reference.ts";
import { problemResponse } from "./problems/problems.ts";

/** How soon a call that found a store out of reach may be tried again. */
const DEPENDENCY_RETRY_SECONDS = 2;

/** Headers of every answer that does not bring its own. */
const UNLESS_SAID_OTHERWISE = {
  "Cache-Control": "no-store",
  "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
};

export interface AppParts {
  readonly doors: Doors;
  readonly report: Report;
  readonly endpoints: readonly AnyEndpoint[];
  readonly serverTiming: MiddlewareHandler;
  readonly docsAsset: DocsAsset;
  readonly referenceAddition: ReferenceAddition | undefined;
  readonly newId: NewId;
}

/** The HTTP API: the endpoints, and what every answer has. */
export function createApp(
  { endpoints, doors, serverTiming, docsAsset, referenceAddition, newId, report }: AppParts,
): App {
  const app = new OpenAPIHono<ApiEnv>();
  app.use(requestId({ generator: () => newId() }));
  app.use(afterAnswer({ report }));
  app.use(serverTiming);
  app.use(secureHeaders({ referrerPolicy: "no-referrer", xFrameOptions: "DENY" }));
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(UNLESS_SAID_OTHERWISE)) {
      if (!c.res.headers.has(name)) c.header(name, value);
    }
  });
  for (const definition of endpoints) mount(app, definition, doors);
  mountHome(app);
  mountReference(app, { asset: docsAsset, addition: referenceAddition });
  refuseOtherMethods(app);
  app.notFound((c) => problemResponse(c, { kind: "NOT_FOUND" }));
  app.onError((error, c) => {
    if (error instanceof DependencyError) {
      report({ what: "dependency_failed", error, requestId: c.get("requestId") });
      const retryAfterSeconds = DEPENDENCY_RETRY_SECONDS;
      return problemResponse(c, { kind: "DEPENDENCY_UNAVAILABLE", retryAfterSeconds });
    }
    report({ what: "internal_error", error, requestId: c.get("requestId") });
    return problemResponse(c, { kind: "INTERNAL" });
  });
  return app;
}

/** A known path with another method is METHOD_NOT_ALLOWED, whoever asks. */
function refuseOtherMethods(app: App): void {
  const routes = app.routes.filter(({ method, path }) => method !== "ALL" && path !== "/*");
  for (const [path, ofPath] of Map.groupBy(routes, ({ path }) => path)) {
    const methods = new Set(ofPath.map(({ method }) => method));
    if (methods.has("GET")) methods.add("HEAD");
    const allow = [...methods].sort();
    app.all(
      path,
      (c) => problemResponse(c, { kind: "METHOD_NOT_ALLOWED", allow }),
    );
  }
}
