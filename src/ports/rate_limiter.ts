/**
 * Counts one act of a key, such as the id of a fan. Null if it is allowed, else in how many seconds
 * the next one will be. A limiter that fails allows the act.
 */
export type RateLimiter = (key: string) => Promise<number | null>;
