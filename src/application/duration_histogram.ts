import type { Sample } from "./metric_family.ts";

/** A number as OpenMetrics writes the bound of a bucket. */
function boundText(seconds: number): string {
  return Number.isInteger(seconds) ? `${seconds}.0` : String(seconds);
}

/** Durations in buckets. An observation allocates nothing. */
export interface DurationHistogram {
  observe(ms: number): void;
  samples(labels: string): Sample[];
}

/** `boundsSeconds` are the upper bounds of the buckets, rising; the last bucket has none. */
export function createDurationHistogram(boundsSeconds: readonly number[]): DurationHistogram {
  const boundsMs = boundsSeconds.map((seconds) => seconds * 1000);
  const counts = new Float64Array(boundsMs.length + 1);
  let sumMs = 0;

  return {
    observe(ms) {
      let bucket = 0;
      while (bucket < boundsMs.length && ms > boundsMs[bucket]!) bucket++;
      counts[bucket]!++;
      sumMs += ms;
    },
    samples(labels) {
      const before = labels === "" ? "" : `${labels},`;
      let sum = 0;
      const buckets = Array.from(counts, (count, bucket): Sample => {
        sum += count;
        const bound = boundsSeconds[bucket];
        const le = bound === undefined ? "+Inf" : boundText(bound);
        return ["_bucket", `${before}le="${le}"`, sum];
      });
      return [...buckets, ["_count", labels, sum], ["_sum", labels, sumMs / 1000]];
    },
  };
}
