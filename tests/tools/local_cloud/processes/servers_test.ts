import { deepEqual, equal, match, notEqual, rejects } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { freePort } from "../../../../src/tools/local_cloud/free_port.ts";
import { startPostgresServer } from "../../../../src/tools/local_cloud/postgres/server.ts";
import { createRedisConnection } from "../../../../src/tools/local_cloud/redis/connection.ts";
import {
  redisIsInstalled,
  startRedisServer,
} from "../../../../src/tools/local_cloud/redis/server.ts";
import { replyJson } from "../../../../src/tools/local_cloud/upstash/json.ts";
import { testOfRealRedis } from "../../../support/redis.ts";
import { runArguments } from "../../../../src/tools/run_arguments.ts";

const PROGRAM = fileURLToPath(new URL("./start_servers.ts", import.meta.url));
/** A guard against endless waiting, not a limit of speed. */
const GONE_DEADLINE_MS = 300_000;

/** The reply as JSON. */
async function ask(port: number, ...command: string[]): Promise<string> {
  const connection = createRedisConnection({ hostname: "127.0.0.1", port });
  try {
    const [reply] = await connection.send([command]);
    return replyJson(reply!, "plain");
  } finally {
    connection.close();
  }
}

testOfRealRedis(
  "`startRedisServer()` starts an empty Redis that persists nothing, on loopback only",
  async () => {
    const redis = await startRedisServer();
    equal(await ask(redis.port, "DBSIZE"), '{"result":0}');
    equal(await ask(redis.port, "CONFIG", "GET", "bind"), '{"result":["bind","127.0.0.1"]}');
    equal(await ask(redis.port, "CONFIG", "GET", "save"), '{"result":["save",""]}');
    equal(await ask(redis.port, "CONFIG", "GET", "appendonly"), '{"result":["appendonly","no"]}');
    await redis.stop();
    await rejects(ask(redis.port, "PING"));
  },
);

for (const end of ["stop", "kill"] as const) {
  testOfRealRedis(
    `\`startRedisServer()\` starts again on its port after \`${end}()\``,
    async () => {
      const port = freePort();
      const first = await startRedisServer({ port });
      await ask(port, "SET", "k", "v");
      await first[end]();
      await first.stop();
      const second = await startRedisServer({ port });
      notEqual(second.pid, first.pid);
      equal(await ask(port, "GET", "k"), '{"result":null}');
      await second.stop();
    },
  );
}

testOfRealRedis(
  "`startRedisServer()` passes arguments on, and keeps a folder that it was given",
  async () => {
    const folder = await Deno.makeTempDir();
    const redis = await startRedisServer({ folder, args: ["--databases", "1"] });
    match(await ask(redis.port, "SELECT", "1"), /out of range/);
    await ask(redis.port, "SAVE");
    await redis.stop();
    await Deno.remove(`${folder}/dump.rdb`);
    await Deno.remove(folder);
  },
);

testOfRealRedis("`startRedisServer()` can stop a Redis that was paused", async () => {
  const redis = await startRedisServer();
  Deno.kill(redis.pid, "SIGSTOP");
  await redis.stop();
  await rejects(ask(redis.port, "PING"));
});

testOfRealRedis("`startRedisServer()` rejects a port on which another Redis answers", async () => {
  const redis = await startRedisServer();
  await rejects(startRedisServer({ port: redis.port }), /did not start on port/);
  equal(await ask(redis.port, "PING"), '{"result":"PONG"}');
  await redis.stop();
});

testOfRealRedis("`startRedisServer()` throws Redis's log when it does not start", async () => {
  await rejects(startRedisServer({ args: ["--nonsense", "1"] }), /Bad directive|FATAL CONFIG/);
});

Deno.test("`startRedisServer()` without redis-server says how to install it", async () => {
  const redisServer =
    new URL("../../../../src/tools/local_cloud/redis/server.ts", import.meta.url).href;
  const program = `const { redisIsInstalled, startRedisServer } = await import("${redisServer}");
    console.log(await redisIsInstalled());
    await startRedisServer().catch((error) => console.log(error.name, error.message));`;
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
    env: { PATH: "/nowhere" },
  }).output();
  match(
    new TextDecoder().decode(stdout),
    /^false\nMissingProgramError .*apt-get install redis-server.*brew install redis/,
  );
  equal(typeof await redisIsInstalled(), "boolean");
});

Deno.test("`startPostgresServer()` keeps data, port and address through an outage", async () => {
  const server = await startPostgresServer();
  await server.createDatabase('we need a "name"');
  await server.createDatabase("kept");
  await query(server.urlOf("kept"), "create table t as select 7 as n");
  await server.pause();
  await server.pause();
  await rejects(query(server.urlOf("kept"), "select 1"));
  await server.resume();
  await server.resume();
  equal((await query(server.urlOf("kept"), "select n from t"))[0]?.["n"], 7);
  await server.pause();
  await server.stop();
  await server.stop();
});

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  // The end of the server may come before the end of the client.
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function startParent(server: "redis" | "postgres") {
  const temporary = await Deno.makeTempDir();
  const parent = new Deno.Command(Deno.execPath(), {
    args: runArguments(PROGRAM, server),
    // A group of its own, as in a terminal.
    detached: true,
    env: { TMPDIR: temporary },
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  if (Deno.uid() === 0) await Deno.chmod(temporary, 0o755);
  let output = "";
  for await (const part of parent.stdout.pipeThrough(new TextDecoderStream())) {
    output += part;
    if (output.includes("\n")) break;
  }
  const [port] = JSON.parse(output) as [number];
  return { parent, port, temporary };
}

async function processesOfGroup(group: number): Promise<number[]> {
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "pid=,pgid="] }).output();
  return new TextDecoder().decode(stdout).trim().split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([pid, pgid]) => pgid === group ? [pid!] : []);
}

async function accepts(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

function testOfParents(server: "redis" | "postgres") {
  const test = server === "redis" ? testOfRealRedis : Deno.test;
  test(`a ${server} gets no Ctrl-C of its parent's group, and ends with its parent`, async () => {
    const { parent, port, temporary } = await startParent(server);
    // A terminal sends Ctrl-C to every process of the group.
    deepEqual(await processesOfGroup(parent.pid), [parent.pid]);
    equal(await accepts(port), true);
    parent.kill("SIGKILL");
    await parent.status;
    const deadline = performance.now() + GONE_DEADLINE_MS;
    const isThere = async () =>
      await accepts(port) || (await Array.fromAsync(Deno.readDir(temporary))).length > 0;
    while (await isThere()) {
      if (performance.now() > deadline) throw new Error(`${server} was left behind`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await Deno.remove(temporary);
  });
}

testOfParents("redis");
testOfParents("postgres");
