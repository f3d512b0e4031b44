import assert from "node:assert/strict";
import pg from "pg";
import { FolderNotWritableError } from "../../../../src/tools/local_cloud/postgres/folder.ts";
import { startPostgresServer } from "../../../../src/tools/local_cloud/postgres/server.ts";
import { inFolder } from "../folder.ts";

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
