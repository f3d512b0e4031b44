import { measureRedisLine } from "./tests/bench/redis_line.ts";
console.log(JSON.stringify(await measureRedisLine([1000, 100_000, 1_000_000]), null, 1));
