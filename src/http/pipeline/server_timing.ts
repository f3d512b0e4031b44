import type { MiddlewareHandler } from "hono";
import type { IsolateActivity } from "../../application/isolate_activity.ts";
import type { ApiEnv } from "./api_env.ts";
import type { MeasureRoundTrips, RoundTrips } from "../../ports/trace.ts";

/** Writes the round trips of a request to each store into `Server-Timing`, and records them. */
export function serverTiming(
  measure: MeasureRoundTrips,
  activity: Pick<IsolateActivity, "record">,
): MiddlewareHandler<ApiEnv> {
  return (c, next) =>
    measure(async (soFar) => {
      await next();
      c.res.headers.set("Server-Timing", headerOf(soFar));
      activity.record(soFar, c.get("problemCode") ?? null);
    });
}

function headerOf(roundTrips: RoundTrips): string {
  return Object.entries(roundTrips)
    .map(([store, { trips, ms }]) => `${store};desc="${trips}";dur=${ms.toFixed(1)}`)
    .join(", ");
}
