import assert from "node:assert/strict";
import { decodeJwt } from "jose";
import type { FanId } from "../../../../src/domain/ids.ts";
import { createSignIn } from "../../../../src/local/sign_in.ts";
import { assetsIn } from "../../../support/assets.ts";
import { testOfRealRedis } from "../../../support/redis.ts";
import { acceptsConnections, assertNothingIsLeft, startEdge } from "./edge_run.ts";

const SECRET = "m".repeat(32);

testOfRealRedis(
  "`edge` serves the Worker over its own engines, by the settings given",
  async () => {
    const run = await startEdge({
      QUEUE_CAPACITY: "1",
      USER_JWT_SECRET: SECRET,
      ADMISSION_AUDIENCES: "shop",
    });
    let code: number | undefined;
    try {
      assert.match(run.output, /^ADMIN_TOKEN=\w{64}$/m);
      assert.doesNotMatch(run.output, /USER_JWT_SECRET/, "a given secret is not printed");
      const ready = await (await fetch(`${run.base}/readyz`)).json();
      assert.deepEqual(ready.dependencies, { redis: "up", postgres: "up" });
      const sign = createSignIn({ kind: "SECRET", secrets: [SECRET] }, Date.now);
      const states = [];
      const tokens: string[] = [];
      for (const fan of ["ann", "bob"]) {
        const response = await fetch(`${run.base}/v1/queue/tokens`, {
          method: "POST",
          headers: { Authorization: `Bearer ${await sign(fan as FanId)}` },
        });
        const { state, token } = await response.json();
        states.push(state);
        tokens.push(token);
      }
      assert.deepEqual(states, ["ADMITTED", "WAITING"]);
      const issued = await fetch(`${run.base}/v1/queue/admissions`, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${await sign("ann" as FanId)}`,
          "Queue-Token": tokens[0]!,
        },
      });
      const { iss, aud } = decodeJwt((await issued.json()).admission);
      assert.deepEqual([iss, aud], [`http://localhost:${new URL(run.base).port}`, "shop"]);
      const page = await (await fetch(`${run.base}/docs`)).text();
      for (const path of assetsIn(page)) {
        assert.equal((await fetch(run.base + path)).status, 200, path);
      }
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
  for (const port of run.ports) assert.ok(await acceptsConnections(port));
  await run.end("SIGKILL");
  await assertNothingIsLeft(run.ports);
});
