import { z } from "@hono/zod-openapi";
import type { Metrics } from "../../application/metrics.ts";
import { OPEN_METRICS_MEDIA_TYPE, openMetricsText } from "../open_metrics.ts";
import { endpoint, textAnswer } from "../pipeline/endpoint.ts";

/** What a monitoring system reads. */
export function metricsRoutes({ metrics }: { readonly metrics: Metrics }) {
  return [
    endpoint({
      name: "getMetrics",
      method: "get",
      path: "/v1/admin/metrics",
      tag: "Operator",
      summary: "The metrics, for Prometheus",
      description: "OpenMetrics text. `stanchion_isolate_…` are of the isolate that answers.",
      needs: "operator",
      asksStores: false,
      answers: {
        200: {
          description: "OpenMetrics text",
          mediaType: OPEN_METRICS_MEDIA_TYPE,
          schema: z.string(),
          example:
            '# TYPE stanchion_room_waiting gauge\nstanchion_room_waiting{room="main"} 42\n# EOF\n',
        },
      },
      failures: [],
      act: async () => textAnswer(200, openMetricsText(await metrics.families())),
    }),
  ];
}
