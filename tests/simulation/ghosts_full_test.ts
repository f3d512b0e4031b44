import { deepEqual } from "node:assert/strict";
import { testOfRealRedis } from "../support/redis.ts";
import { ghostsTable, isKept, playGhostSales, SMALL_GHOST_SALE } from "./ghosts.ts";
import { openRedisLine } from "./redis_line.ts";

testOfRealRedis("on Redis, absent fans cost the others less than 3 %", async () => {
  const rows = await playGhostSales({ ...SMALL_GHOST_SALE, openLine: openRedisLine });
  const broken = rows.filter((row) => !isKept(row) || row.result.longestIdleMs > 0);
  deepEqual(broken.map(({ name, ratio }) => [name, ratio]), [], ghostsTable(60, rows));
});
