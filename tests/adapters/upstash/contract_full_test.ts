import { queueStoreStatistics } from "../../contract/queue_store/contract.ts";
import { historiesTest } from "../../models/histories.ts";
import { lineHistories } from "../../models/line/histories.ts";
import { Laws } from "../../models/line/laws.ts";
import { PROGRAM } from "../../models/line/program.ts";
import { redisModelLines } from "../../models/line/redis_lines.ts";
import { type DirectRedis, directRedis } from "../../support/direct_redis.ts";
import { openUpstash, type UpstashForTests } from "../../support/upstash.ts";
import { upstashLines } from "./harness.ts";

const HISTORIES = 60;

let upstash: UpstashForTests | undefined;
/** Histories make so many calls that HTTP would take most of their time. */
let direct: DirectRedis | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash();
  direct = directRedis(upstash.redis);
});
Deno.test.afterAll(async () => {
  direct?.close();
  await upstash?.close();
});

function endpoint() {
  if (!upstash) throw new Error("there is no endpoint");
  return upstash.endpoint;
}

queueStoreStatistics("Upstash queue", upstashLines(endpoint, () => direct!), 600);
historiesTest(
  "line in Redis",
  "tests/adapters/upstash/contract_full_test.ts",
  HISTORIES,
  lineHistories(redisModelLines(() => direct!), PROGRAM, new Laws()),
);
