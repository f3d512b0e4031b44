import { cacheContract } from "../../contract/cache/contract.ts";
import { queueStoreContract } from "../../contract/queue_store/contract.ts";
import { admissionCheckContract } from "../../contract/admission_check/contract.ts";
import { historiesTest } from "../../models/histories.ts";
import { lineHistories } from "../../models/line/histories.ts";
import { Laws } from "../../models/line/laws.ts";
import { PROGRAM } from "../../models/line/program.ts";
import { redisModelLines } from "../../models/line/redis_lines.ts";
import { type DirectRedis, directRedis } from "../../support/direct_redis.ts";
import { openUpstash, type UpstashForTests } from "../../support/upstash.ts";
import { upstashCaches, upstashChecks, upstashLines } from "./harness.ts";

/** A few, so that a break is seen at once: more are in contract_full_test.ts. */
const HISTORIES = 6;

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

queueStoreContract("Upstash queue", upstashLines(endpoint));
cacheContract("Upstash cache", upstashCaches(endpoint));
admissionCheckContract("Upstash admission check", upstashChecks(endpoint));
historiesTest(
  "line in Redis",
  "tests/adapters/upstash/contract_test.ts",
  HISTORIES,
  lineHistories(redisModelLines(() => direct!), PROGRAM, new Laws()),
);
