import { equal, match } from "node:assert/strict";
import { STAND_IN_NAMED } from "../../../support/redis.ts";

const HELPER = new URL("../../../support/redis.ts", import.meta.url).href;
const UPSTASH = new URL("../upstash/sdk_test.ts", import.meta.url).pathname;
const LINE = "Redis: js-redis-server stood in for redis-server, which is not installed";
const CONFIG = new URL("../../../../src/tools/deno.json", import.meta.url).pathname;

async function runWithoutRedis(args: readonly string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    env: {
      PATH: "/nowhere",
      NO_COLOR: "1",
      STANCHION_REQUIRE_REDIS: "0",
      [STAND_IN_NAMED]: "",
      ...env,
    },
  }).output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, stdout: out!, stderr: err! };
}

const START = `const { startTestRedis } = await import("${HELPER}");
  const [redis, other] = [await startTestRedis(), await startTestRedis()];
  console.log(redis.port > 0);
  await Promise.all([redis.stop(), other.stop()]);`;

Deno.test("`startTestRedis()` says once which Redis stood in for a missing one", async () => {
  const { code, stdout } = await runWithoutRedis(["eval", "--config", CONFIG, START]);
  equal(stdout, `${LINE}\ntrue\n`);
  equal(code, 0);
});

Deno.test("`startTestRedis()` fails without redis-server when it is required", async () => {
  const required = { STANCHION_REQUIRE_REDIS: "1" };
  const { code, stderr } = await runWithoutRedis(["eval", "--config", CONFIG, START], required);
  equal(code, 1);
  match(stderr, /MissingProgramError: redis-server is not installed/);
});

Deno.test("the endpoint's tests run on the Redis that stood in", async () => {
  const { code, stdout } = await runWithoutRedis(["test", "-A", "--config", CONFIG, UPSTASH]);
  equal(code, 0, stdout);
  match(stdout, new RegExp(LINE));
  match(stdout, /ok \| 12 passed \| 0 failed/);
});
