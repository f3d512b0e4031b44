import type { AdmissionPace } from "../../domain/room.ts";

/** Meters admissions out by `admissionPace`. */
export function admissionRate() {
  /** The theoretical time of the next admission. */
  let nextAtMs = -Infinity;

  return {
    /** How many may be admitted now. */
    allowed(pace: AdmissionPace | null, nowMs: number): number {
      if (pace === null) return Infinity;
      const { intervalMs, toleranceMs } = pace;
      // A clock that went back, or a rate that was raised, keeps nobody waiting for longer.
      nextAtMs = Math.min(nextAtMs, nowMs + toleranceMs + intervalMs);
      const leftMs = nowMs + toleranceMs - Math.max(nextAtMs, nowMs);
      return leftMs < 0 ? 0 : Math.floor(leftMs / intervalMs) + 1;
    },
    admitted(count: number, pace: AdmissionPace | null, nowMs: number): void {
      if (pace === null || count === 0) return;
      nextAtMs = Math.max(nextAtMs, nowMs) + count * pace.intervalMs;
    },
  };
}
