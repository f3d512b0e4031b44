import type { Pace } from "../../domain/queue.ts";

const BUCKET_MS = 5_000;
const WINDOW_MS = 300_000;
const LAST_MINUTE_MS = 60_000;

interface Bucket {
  readonly startMs: number;
  admitted: number;
  promoted: number;
}

/**
 * Counts admissions in buckets of five seconds over the last five minutes. `admitted` counts
 * everybody, `promoted` those who had to wait: only these tell how fast the line moves, since the
 * crowd that fills an empty house at once says nothing about how soon a slot comes free.
 */
export function admissionMeter() {
  let buckets: Bucket[] = [];
  let lineFormedAtMs: number | null = null;

  function bucketAt(nowMs: number): Bucket {
    const startMs = nowMs - (nowMs % BUCKET_MS);
    const last = buckets.at(-1);
    if (last && last.startMs >= startMs) return last;
    buckets = buckets.filter((bucket) => bucket.startMs > nowMs - WINDOW_MS - BUCKET_MS);
    const bucket = { startMs, admitted: 0, promoted: 0 };
    buckets.push(bucket);
    return bucket;
  }

  return {
    count(nowMs: number, admitted: number, promoted: number): void {
      if (admitted === 0) return;
      const bucket = bucketAt(nowMs);
      bucket.admitted += admitted;
      bucket.promoted += promoted;
    },
    /** To be told after each act whether anybody waits: measuring starts anew with each line. */
    observe(nowMs: number, waiting: number): void {
      if (waiting === 0) lineFormedAtMs = null;
      else if (lineFormedAtMs === null) {
        lineFormedAtMs = nowMs;
        for (const bucket of buckets) bucket.promoted = 0;
      }
    },
    pace(nowMs: number): Pace {
      const sinceMs = Math.max(lineFormedAtMs ?? nowMs, nowMs - WINDOW_MS);
      const counted = buckets.filter((bucket) => bucket.startMs + BUCKET_MS > sinceMs);
      return {
        promoted: counted.reduce((sum, bucket) => sum + bucket.promoted, 0),
        overMs: nowMs - sinceMs,
      };
    },
    admittedLastMinute(nowMs: number): number {
      return buckets
        .filter((bucket) => bucket.startMs > nowMs - LAST_MINUTE_MS)
        .reduce((sum, bucket) => sum + bucket.admitted, 0);
    },
  };
}
