import type { Clock } from "../../ports/clock.ts";
import type { RateLimiter } from "../../ports/rate_limiter.ts";

/** Keys that are remembered. Those least recently used are forgotten first. */
const MAX_KEYS = 10_000;

export interface MemoryRateLimiterOptions {
  /** Acts of one key in one window. */
  readonly limit: number;
  readonly windowMs: number;
  readonly clock: Clock;
  readonly maxKeys?: number;
}

/** Counts in this process. The window of a key begins with its first act. */
export function memoryRateLimiter(
  { limit, windowMs, clock, maxKeys = MAX_KEYS }: MemoryRateLimiterOptions,
): RateLimiter {
  const windows = new Map<string, { readonly startedAtMs: number; readonly acts: number }>();

  return (key) => {
    const nowMs = clock();
    const known = windows.get(key);
    // A clock that went back begins a new window, too.
    const isPresent = known !== undefined && known.startedAtMs <= nowMs &&
      nowMs < known.startedAtMs + windowMs;
    const { startedAtMs, acts } = isPresent ? known : { startedAtMs: nowMs, acts: 0 };
    windows.delete(key);
    windows.set(key, { startedAtMs, acts: Math.min(acts + 1, limit) });
    if (windows.size > maxKeys) windows.delete(windows.keys().next().value!);
    const waitMs = startedAtMs + windowMs - nowMs;
    return Promise.resolve(acts < limit ? null : Math.ceil(waitMs / 1000));
  };
}
