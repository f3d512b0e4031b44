import type { FanId } from "../domain/ids.ts";

/** Whether this fan may join now. Keyed by fan: mobile networks share addresses. */
export type RateLimiter = (fan: FanId) => Promise<boolean>;
