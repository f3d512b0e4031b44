import assert from "node:assert/strict";
import { freePort } from "../../../../src/tools/local_cloud/free_port.ts";
import { inFolder } from "../folder.ts";
import { testOfRealRedis } from "../../../support/redis.ts";
import { assertNothingIsLeft, type EdgeRun, PROGRAM, startEdge } from "./edge_run.ts";
import { runArguments } from "../../../../src/tools/run_arguments.ts";

async function balanceOf(run: EdgeRun, charge: number): Promise<number> {
  const token = /^ADMIN_TOKEN=(\w+)$/m.exec(run.output)![1];
  const response = await fetch(`${run.base}/v1/admin/balance/charges`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${token}`,
      "Content-Type": "application/json",
      "Idempotency-Key": crypto.randomUUID(),
    },
    body: JSON.stringify({ userId: "ann", amount: charge }),
  });
  assert.equal(response.status, 201, await response.clone().text());
  return (await response.json()).balance;
}

testOfRealRedis("`edge` keeps money and secrets in DATA_DIR, through kill -9 too", async () => {
  await inFolder(async (parent) => {
    const settings = { DATA_DIR: `${parent}/data` };
    const first = await startEdge(settings);
    assert.equal(await balanceOf(first, 100), 100);
    const other = await new Deno.Command(Deno.execPath(), {
      args: runArguments(PROGRAM),
      env: { ...settings, PORT: "1" },
    }).output();
    assert.equal(other.code, 1);
    assert.match(
      new TextDecoder().decode(other.stderr),
      /DATA_DIR .* is in use by another process/,
    );
    await first.end("SIGKILL");
    const second = await startEdge(settings);
    assert.equal(await balanceOf(second, 10), 110);
    const secretsOf = ({ output }: EdgeRun) => output.match(/^\w+=\w+$/gm);
    assert.deepEqual(secretsOf(second), secretsOf(first));
    assert.equal(await second.end("SIGTERM"), 0);
    const inDollars = await new Deno.Command(Deno.execPath(), {
      args: runArguments(PROGRAM),
      env: { ...settings, PORT: String(freePort()), CURRENCY: "USD" },
    }).output();
    assert.equal(inDollars.code, 1);
    assert.match(new TextDecoder().decode(inDollars.stderr), /CURRENCY must be KRW/);
    await assertNothingIsLeft([...first.ports, ...second.ports]);
  });
});
