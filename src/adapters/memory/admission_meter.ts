import type { Pace } from "../../domain/queue.ts";

const BUCKET_MS = 5_000;
const WINDOW_MS = 300_000;
const LAST_MINUTE_MS = 60_000;

interface Bucket {
  readonly startMs: number;
  admitted: number;
  promoted: number;
}

/** Counts admissions in buckets of five seconds over the last five minutes. */
export interface AdmissionMeter {
  /**
   * `admitted` is the number of all admissions, `promoted` the number of fans among them who had
   * waited. The pace uses `promoted` alone: the fans who fill an empty room at once do not show how
   * often a slot becomes free.
   */
  count(nowMs: number, admitted: number, promoted: number): void;
  /** Must be called after each act. The measurement of the pace restarts when a line forms. */
  observe(nowMs: number, waiting: number): void;
  /** The promotions since the line formed, at most five minutes ago. */
  pace(nowMs: number): Pace;
  admittedLastMinute(nowMs: number): number;
}

export function createAdmissionMeter(): AdmissionMeter {
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
    count(nowMs, admitted, promoted) {
      if (admitted === 0) return;
      const bucket = bucketAt(nowMs);
      bucket.admitted += admitted;
      bucket.promoted += promoted;
    },
    observe(nowMs, waiting) {
      if (waiting === 0) lineFormedAtMs = null;
      else if (lineFormedAtMs === null) {
        lineFormedAtMs = nowMs;
        for (const bucket of buckets) bucket.promoted = 0;
      }
    },
    pace(nowMs) {
      const sinceMs = Math.max(lineFormedAtMs ?? nowMs, nowMs - WINDOW_MS);
      const counted = buckets.filter((bucket) => bucket.startMs + BUCKET_MS > sinceMs);
      return {
        promoted: counted.reduce((sum, bucket) => sum + bucket.promoted, 0),
        overMs: nowMs - sinceMs,
      };
    },
    admittedLastMinute(nowMs) {
      return buckets
        .filter((bucket) => bucket.startMs > nowMs - LAST_MINUTE_MS)
        .reduce((sum, bucket) => sum + bucket.admitted, 0);
    },
  };
}
