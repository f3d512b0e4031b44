import assert from "node:assert/strict";
import pg from "pg";
import { FolderNotWritableError } from "../../../../src/tools/local_cloud/postgres/folder.ts";
import { startPostgresServer } from "../../../../src/tools/local_cloud/postgres/server.ts";
import { testOfRealRedis } from "../../../support/redis.ts";
import { assertNothingIsLeft, type EdgeRun, PROGRAM, startEdge } from "./edge_run.ts";
import { runArguments } from "../../../../src/tools/run_arguments.ts";

/** In a folder that the user postgres can read, for a run as root. */
async function inFolder(act: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  await Deno.chmod(folder, 0o755);
  try {
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

Deno.test("`startPostgresServer()` keeps what is in a folder that it was given", async () => {
  await inFolder(async (parent) => {
    const folder = `${parent}/kept`;
    const first = await startPostgresServer({ folder });
    await first.createDatabase("kept");
    await query(first.urlOf("kept"), "create table t as select 7 as n");
    await first.stop();
    const second = await startPostgresServer({ folder });
    await second.createDatabase("kept");
    assert.deepEqual(await query(second.urlOf("kept"), "select n from t"), [{ n: 7 }]);
    assert.deepEqual(await query(second.urlOf("kept"), "show fsync"), [{ fsync: "on" }]);
    await assert.rejects(startPostgresServer({ folder }), /did not start/, "one server a folder");
    await second.stop();
  });
});

Deno.test("`startPostgresServer()` starts anew where making a cluster was cut short", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/unfinished/base`, { recursive: true });
    const server = await startPostgresServer({ folder });
    await server.createDatabase("a");
    await server.stop();
  });
});

Deno.test({
  name:
    "`startPostgresServer()` under root says so when the user postgres cannot get into a folder",
  ignore: Deno.uid() !== 0,
  fn: async () => {
    await inFolder(async (parent) => {
      await Deno.chmod(parent, 0o700);
      await assert.rejects(
        startPostgresServer({ folder: `${parent}/kept` }),
        FolderNotWritableError,
      );
    });
  },
});

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
    await assertNothingIsLeft([...first.ports, ...second.ports]);
  });
});
