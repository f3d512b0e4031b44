import type { MiddlewareHandler } from "hono";
import type { MeasureRoundTrips, RoundTrips } from "../../ports/trace.ts";

/** Writes the round trips of a request to each store into `Server-Timing`. */
export function serverTiming(measure: MeasureRoundTrips): MiddlewareHandler {
  return (c, next) =>
    measure(async (soFar) => {
      await next();
      c.res.headers.set("Server-Timing", headerOf(soFar));
    });
}

function headerOf(roundTrips: RoundTrips): string {
  return Object.entries(roundTrips)
    .map(([store, { trips, ms }]) => `${store};desc="${trips}";dur=${ms.toFixed(1)}`)
    .join(", ");
}
