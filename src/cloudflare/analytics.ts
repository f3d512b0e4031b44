import type { Report } from "../ports/report.ts";
import type { RequestObserver } from "../ports/request_observer.ts";

/**
 * Analytics Engine of Cloudflare. A call returns at once; the runtime writes the point. An event may
 * write 250 points, each with one index of 96 bytes, 20 blobs and 20 doubles.
 */
export interface AnalyticsBinding {
  writeDataPoint(point: {
    readonly indexes: readonly [string];
    readonly blobs: readonly (string | null)[];
    readonly doubles: readonly number[];
  }): void;
}

/** The longest template of a path is shorter. */
const MAX_INDEX_LENGTH = 96;

/** A point for each request. A failure is reported, and the answer does not change. */
export function analyticsObserver(
  binding: AnalyticsBinding,
  { version, report }: { readonly version: string; readonly report: Report },
): RequestObserver {
  return {
    wants: () => true,
    observe({ route, status, code, room, ms, roundTrips: { redis, postgres } }) {
      try {
        binding.writeDataPoint({
          indexes: [route.slice(0, MAX_INDEX_LENGTH)],
          blobs: [route, String(status), code, room, version],
          doubles: [ms, redis.trips, redis.ms, postgres.trips, postgres.ms],
        });
      } catch (error) {
        report({ what: "observer_failed", error });
      }
    },
  };
}
