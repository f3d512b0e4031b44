import type { MetricFamily } from "../application/metric_family.ts";

export const OPEN_METRICS_MEDIA_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/** The families as OpenMetrics text 1.0. */
export function openMetricsText(families: readonly MetricFamily[]): string {
  const lines = families.flatMap(({ name, type, unit, help, samples }) => [
    `# TYPE ${name} ${type}`,
    ...unit ? [`# UNIT ${name} ${unit}`] : [],
    `# HELP ${name} ${help}`,
    ...samples.map(([suffix, labels, value]) =>
      `${name}${suffix}${labels === "" ? "" : `{${labels}}`} ${value}`
    ),
  ]);
  return [...lines, "# EOF", ""].join("\n");
}
