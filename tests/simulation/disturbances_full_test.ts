import { testOfRealRedis } from "../support/redis.ts";
import { assertNobodyLoses, DISTURBANCES } from "./disturbances.ts";
import { openRedisLine } from "./redis_line.ts";

for (const [name, plan] of Object.entries(DISTURBANCES)) {
  testOfRealRedis(`on Redis, nobody who polls as told loses anything: ${name}`, async () => {
    await assertNobodyLoses(plan, openRedisLine);
  });
}
