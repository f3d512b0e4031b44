/** A sample of a scrape. */
export interface MetricSample {
  /** With the suffix. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

export interface Scrape {
  /** The names of samples that the families of the text may have, with or without a sample now. */
  readonly names: ReadonlySet<string>;
  readonly samples: readonly MetricSample[];
}

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ["_total"],
  gauge: [""],
  histogram: ["_bucket", "_count", "_sum"],
  info: ["_info"],
};
const SAMPLE = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-z_]+)="((?:[^"\\]|\\.)*)"/g;

/** What our own encoder writes of OpenMetrics. The parser of Prometheus checks that it is that. */
export function parseScrape(text: string): Scrape {
  const names = new Set<string>();
  const samples: MetricSample[] = [];
  for (const line of text.split("\n")) {
    const [, family, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? [];
    if (family) { for (const suffix of SUFFIXES[type!]!) names.add(family + suffix); }
    if (line === "" || line.startsWith("#")) continue;
    const [, name, labels, value] = SAMPLE.exec(line) ?? [];
    if (!name || !names.has(name)) throw new Error(`no family has the sample: ${line}`);
    samples.push({ name, labels: labelsOf(labels ?? ""), value: Number(value) });
  }
  return { names, samples };
}

function labelsOf(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(LABEL)].map(([, name, value]) => [name, value!.replaceAll(/\\(.)/g, "$1")]),
  );
}
