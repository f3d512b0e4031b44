/** A sample: what follows the name of its family, its labels as they are written, its value. */
export type Sample = readonly [suffix: string, labels: string, value: number];

/** The samples of one name (OpenMetrics 1.0). */
export interface MetricFamily {
  /** Without the suffix of its samples. It ends with the unit, if it has one. */
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram" | "info";
  readonly unit?: "seconds";
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** Labels as they are written. */
export function labelsOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll(/[\\"\n]/g, escaped)}"`)
    .join(",");
}

function escaped(character: string): string {
  return character === "\n" ? "\\n" : `\\${character}`;
}
