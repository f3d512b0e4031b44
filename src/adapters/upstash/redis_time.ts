/** The time that scripts decide by, ms since 1970; "" for Redis's own clock. Tests inject one. */
export type RedisTime = () => number | "";

export const redisTime: RedisTime = () => "";
