import assert from "node:assert/strict";
import { edgeSettings } from "../../../src/tools/local_cloud/settings.ts";
import { ConfigError } from "../../../src/config.ts";
import type { FanId } from "../../../src/domain/ids.ts";
import { createSignIn } from "../../../src/local/sign_in.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { answers, assertNothingIsLeft, startEdge } from "./edge_run.ts";

const STORES = {
  UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1",
  UPSTASH_REDIS_REST_TOKEN: "t".repeat(32),
  DATABASE_URL: "postgres://user:password@127.0.0.1:1/database",
};
const SECRET = "m".repeat(32);

testOfRealRedis(
  "`edge` serves the Worker over its own engines, by the settings given",
  async () => {
    const run = await startEdge({ QUEUE_CAPACITY: "1", USER_JWT_SECRET: SECRET });
    let code: number | undefined;
    try {
      assert.match(run.said, /^ADMIN_TOKEN=\w{64}$/m);
      assert.doesNotMatch(run.said, /USER_JWT_SECRET/, "what was given is not told");
      const ready = await (await fetch(`${run.base}/readyz`)).json();
      assert.deepEqual(ready.dependencies, { redis: "up", postgres: "up" });
      const sign = createSignIn({ kind: "SECRET", secret: SECRET }, Date.now);
      const states = [];
      for (const fan of ["ann", "bob"]) {
        const response = await fetch(`${run.base}/v1/queue/tokens`, {
          method: "POST",
          headers: { Authorization: `Bearer ${await sign(fan as FanId)}` },
        });
        states.push((await response.json()).state);
      }
      assert.deepEqual(states, ["ADMITTED", "WAITING"]);
      assert.equal((await fetch(`${run.base}/docs/swagger-ui.css`)).status, 200);
      assert.equal((await fetch(`${run.base}/dev/sign-in`, { method: "POST" })).status, 404);
    } finally {
      code = await run.end("SIGINT");
    }
    assert.equal(code, 0);
    await assertNothingIsLeft(run.ports);
  },
);

testOfRealRedis("an `edge` that is killed leaves nothing running", async () => {
  const run = await startEdge({});
  for (const port of run.ports) assert.ok(await answers(port));
  await run.end("SIGKILL");
  await assertNothingIsLeft(run.ports);
});

Deno.test("`edge` lists every fault of its settings at once", () => {
  const faultsOf = (environment: Record<string, string>) => {
    try {
      edgeSettings(environment, STORES, () => SECRET);
      return [];
    } catch (error) {
      assert.ok(error instanceof ConfigError);
      return error.faults.map(({ setting }) => setting).sort();
    }
  };
  assert.deepEqual(faultsOf({}), []);
  const bad = { QUEUE_CAPACITY: "0", ADMIN_TOKEN: "short", DATABASE_URL: "x" };
  assert.deepEqual(faultsOf(bad), ["ADMIN_TOKEN", "DATABASE_URL", "QUEUE_CAPACITY"]);
});

Deno.test("`edge` makes what is missing, and passes on the rest", () => {
  const settings = edgeSettings(
    { POLL_MIN_SECONDS: "3", DATA_DIR: "/data", HOME: "/" },
    STORES,
    () => SECRET,
  );
  assert.equal(settings.dataDir, "/data");
  assert.deepEqual(settings.worker, {
    ...STORES,
    ...settings.made,
    ALLOW_SELF_CHARGE: "true",
    POLL_MIN_SECONDS: "3",
  });
  const made = ["ADMIN_TOKEN", "QUEUE_TOKEN_SECRET", "USER_JWT_SECRET"];
  assert.deepEqual(Object.keys(settings.made), made);
  const given = { ALLOW_SELF_CHARGE: "false", USER_JWT_SECRET: "u".repeat(40) };
  const kept = edgeSettings(given, STORES, () => SECRET);
  assert.equal(kept.worker["ALLOW_SELF_CHARGE"], "false");
  assert.equal(kept.worker["USER_JWT_SECRET"], given.USER_JWT_SECRET);
});
