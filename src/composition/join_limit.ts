import { memoryRateLimiter } from "../adapters/memory/rate_limiter.ts";
import type { Clock } from "../ports/clock.ts";
import type { RateLimiter } from "../ports/rate_limiter.ts";

/** A fan with ten pages that join every five seconds. wrangler.toml has the same numbers. */
const JOINS_PER_MINUTE = 120;

/** How often one fan may join, counted in this process. */
export function createJoinLimit(clock: Clock): RateLimiter {
  return memoryRateLimiter({ limit: JOINS_PER_MINUTE, windowMs: 60_000, clock });
}
