import type { AdmissionPace } from "../../domain/room.ts";

/** Limits admissions by GCRA with the parameters of `admissionPace`; null is no limit. */
export interface AdmissionRate {
  /** How many fans may be admitted now; Infinity without a limit. */
  allowed(pace: AdmissionPace | null, nowMs: number): number;
  record(admitted: number, pace: AdmissionPace | null, nowMs: number): void;
}

export function createAdmissionRate(): AdmissionRate {
  /** The theoretical arrival time of the next admission. */
  let nextAtMs = -Infinity;

  return {
    allowed(pace, nowMs) {
      if (pace === null) return Infinity;
      const { intervalMs, toleranceMs } = pace;
      // After a step back of the clock or a raise of the rate, the wait is at most one interval.
      nextAtMs = Math.min(nextAtMs, nowMs + toleranceMs + intervalMs);
      const leftMs = nowMs + toleranceMs - Math.max(nextAtMs, nowMs);
      return leftMs < 0 ? 0 : Math.floor(leftMs / intervalMs) + 1;
    },
    record(admitted, pace, nowMs) {
      if (pace === null || admitted === 0) return;
      nextAtMs = Math.max(nextAtMs, nowMs) + admitted * pace.intervalMs;
    },
  };
}
