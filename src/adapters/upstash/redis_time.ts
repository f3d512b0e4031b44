/** The time that scripts use, ms since 1970; "" for the clock of Redis. Tests inject a time. */
export type RedisTime = () => number | "";

export const redisTime: RedisTime = () => "";
