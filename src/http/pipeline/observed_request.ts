import type { MiddlewareHandler } from "hono";
import type { IsolateActivity } from "../../application/isolate_activity.ts";
import type { FanId, RoomId } from "../../domain/ids.ts";
import type { Counters } from "../../ports/counters.ts";
import type { RequestObserver } from "../../ports/request_observer.ts";
import type { MeasureRoundTrips, RoundTrips } from "../../ports/trace.ts";
import type { Callers } from "../auth/authentication.ts";
import type { ApiEnv } from "./api_env.ts";

/** The route of pages, of their files and of unknown paths: none of them becomes a label. */
const OTHER_ROUTE = "other";

/** What becomes known of a request while it is served, for those who observe it. */
export interface Subject {
  /** The method and the template of the path. */
  readonly route: string;
  caller: Partial<Callers["admitted"]> | Callers["operator"] | Callers["door"];
  asked: { readonly [part in "params" | "query" | "body"]?: unknown };
}

export interface ObservedRequestOptions {
  readonly measure: MeasureRoundTrips;
  readonly activity: Pick<IsolateActivity, "record">;
  readonly counters: Pick<Counters, "countRequest">;
  readonly observers: readonly RequestObserver[];
}

/** Writes the round trips of a request to each store into `Server-Timing`, and records the request. */
export function observedRequest(
  { measure, activity, counters, observers }: ObservedRequestOptions,
): MiddlewareHandler<ApiEnv> {
  return (c, next) =>
    measure(async (roundTrips) => {
      const startedMs = performance.now();
      await next();
      const ms = performance.now() - startedMs;
      c.res.headers.set("Server-Timing", headerOf(roundTrips));
      const subject = c.get("subject");
      const { status } = c.res;
      const code = c.get("problemCode") ?? null;
      const route = subject?.route ?? OTHER_ROUTE;
      activity.record(roundTrips, code);
      counters.countRequest(route, status, code, ms);
      for (const observer of observers) {
        if (!observer.wants(status)) continue;
        observer.observe({
          requestId: c.get("requestId"),
          traceparent: c.get("traceparent"),
          route,
          status,
          code,
          ms,
          roundTrips,
          fan: subject ? fanOf(subject) : null,
          room: subject ? roomOf(subject) : null,
        });
      }
    });
}

function headerOf(roundTrips: RoundTrips): string {
  return Object.entries(roundTrips)
    .map(([store, { trips, ms }]) => `${store};desc="${trips}";dur=${ms.toFixed(1)}`)
    .join(", ");
}

function fanOf({ caller }: Subject): FanId | null {
  if ("fan" in caller && caller.fan) return caller.fan;
  return "token" in caller && caller.token ? caller.token.fan : null;
}

/** That of the place, else the one that the request names. */
function roomOf({ caller, asked: { params, query, body } }: Subject): RoomId | null {
  if ("token" in caller && caller.token) return caller.token.room;
  for (const part of [params, query, body]) {
    const { room } = (part ?? {}) as { readonly room?: RoomId };
    if (room !== undefined) return room;
  }
  return null;
}
