import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { Redis } from "@upstash/redis";
import type { Endpoint } from "../../../src/tools/local_cloud/http/endpoint.ts";
import { startNeonEndpoint } from "../../../src/tools/local_cloud/neon/endpoint.ts";
import { startRedisServer } from "../../../src/tools/local_cloud/redis/server.ts";
import {
  startUpstashEndpoint,
  type UpstashEndpoint,
  type UpstashEndpointOptions,
} from "../../../src/tools/local_cloud/upstash/endpoint.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { openNeon, postSql } from "./neon/neon_under_test.ts";
import { post } from "./upstash/upstash_under_test.ts";

/** No test waits for it: what fails under this limit fails for another reason. */
const NEVER_MS = 3_600_000;
/** Longer than an idle machine needs for an answer; a busy one asks again. */
const SHORT_MS = 40;

function startUpstash(
  port: number,
  options: Partial<UpstashEndpointOptions> = {},
): Promise<UpstashEndpoint> {
  const redis = { hostname: "127.0.0.1", port };
  return startUpstashEndpoint({ redis, token: "t", replyTimeoutMs: NEVER_MS, ...options });
}

async function untilSent({ counts }: Endpoint, count: number): Promise<void> {
  while (counts.commands < count) await new Promise((resolve) => setTimeout(resolve, 0));
}

const get = (endpoint: UpstashEndpoint) => post(endpoint, "/", ["GET", "k"]);

testOfRealRedis("upstash: 503 while Redis is down, and 200 once it is up again", async () => {
  const redis = await startRedisServer();
  const endpoint = await startUpstash(redis.port);
  const { url, token } = endpoint;
  const client = new Redis({ url, token, retry: { retries: 0 } });
  equal(await client.set("k", "v"), "OK");
  await redis.kill();

  for (const path of ["/", "/pipeline", "/multi-exec"]) {
    const command = ["GET", "k"];
    const { status, body } = await post(endpoint, path, path === "/" ? command : [command]);
    equal(status, 503, path);
    match(body.error, /^ERR (lost the connection|Redis takes no connection on [\d.:]+)$/);
  }
  deepEqual(await get(endpoint), {
    status: 503,
    body: { error: `ERR Redis takes no connection on 127.0.0.1:${redis.port}` },
  });
  endpoint.counts.reset();
  await rejects(client.get("k"), /Redis/);
  equal(endpoint.counts.requests, 1);

  const again = await startRedisServer({ port: redis.port });
  equal(again.port, redis.port);
  deepEqual(await get(endpoint), { status: 200, body: { result: null } });
  equal(await client.set("k", "w"), "OK");
  await endpoint.close();
  await again.stop();
});

testOfRealRedis("upstash: a command that fails in an outage is never run later", async () => {
  const redis = await startRedisServer();
  const endpoint = await startUpstash(redis.port);
  equal((await get(endpoint)).status, 200);
  await redis.kill();
  const transaction = [["INCR", "n"], ["INCR", "n"]];
  for (let times = 0; times < 5; times++) {
    equal((await post(endpoint, "/", ["INCR", "n"])).status, 503);
    equal((await post(endpoint, "/multi-exec", transaction)).status, 503);
  }
  const again = await startRedisServer({ port: redis.port });
  deepEqual((await post(endpoint, "/", ["GET", "n"])).body, { result: null });
  await endpoint.close();
  await again.stop();
});

testOfRealRedis("upstash: commands that wait for a reply fail when Redis dies", async () => {
  const redis = await startRedisServer();
  const endpoint = await startUpstash(redis.port);
  equal((await get(endpoint)).status, 200);
  Deno.kill(redis.pid, "SIGSTOP");
  const waiting = Array.from({ length: 20 }, () => get(endpoint));
  await untilSent(endpoint, 21);
  await redis.kill();
  for (const { status, body } of await Promise.all(waiting)) {
    deepEqual([status, body], [503, { error: "ERR lost the connection" }]);
  }
  await endpoint.close();
});

testOfRealRedis(
  "upstash: 503 while Redis is silent, and its late replies reach nobody",
  async () => {
    const redis = await startRedisServer();
    const endpoint = await startUpstash(redis.port, { replyTimeoutMs: SHORT_MS });
    async function untilAnswered(command: unknown): Promise<unknown> {
      for (;;) {
        const { status, body } = await post(endpoint, "/", command);
        if (status === 200) return body;
        equal(status, 503);
      }
    }
    deepEqual(await untilAnswered(["SET", "k", "v"]), { result: "OK" });
    Deno.kill(redis.pid, "SIGSTOP");
    deepEqual(await post(endpoint, "/", ["ECHO", "late"]), {
      status: 503,
      body: { error: `ERR Redis gave no reply in ${SHORT_MS} ms` },
    });
    Deno.kill(redis.pid, "SIGCONT");
    deepEqual(await untilAnswered(["GET", "k"]), { result: "v" });
    await endpoint.close();
    await redis.stop();
  },
);

Deno.test("upstash: 503 when there was never a Redis", async () => {
  const endpoint = await startUpstash(1);
  const answers = await Promise.all(Array.from({ length: 20 }, () => get(endpoint)));
  const body = { error: "ERR Redis takes no connection on 127.0.0.1:1" };
  for (const answer of answers) deepEqual(answer, { status: 503, body });
  await endpoint.close();
});

Deno.test("upstash: 503 when what answers is no Redis", async () => {
  const other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = other.addr;
  const conns: Deno.TcpConn[] = [];
  const accepting = (async () => {
    for await (const conn of other) {
      conns.push(conn);
      await conn.write(new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"));
    }
  })();
  const endpoint = await startUpstash(port);
  equal((await get(endpoint)).status, 503);
  await endpoint.close();
  other.close();
  await accepting;
  for (const conn of conns) conn.close();
});

Deno.test("neon: 500 while PostgreSQL is down, and 200 once it is up again", async () => {
  const under = await openNeon({ connectTimeoutMs: NEVER_MS, statementTimeoutMs: NEVER_MS });
  const ask = () => postSql(under, { query: "select n from kept" });
  await postSql(under, { query: "create table kept as select 7 as n" });
  await under.server.pause();
  for (let times = 0; times < 3; times++) {
    const { status, body } = await ask();
    equal(status, 500);
    match(body.message, /ECONNREFUSED|terminat|closed/i);
  }
  await under.server.resume();
  const { status, body } = await ask();
  deepEqual([status, body.rows], [200, [{ n: 7 }]]);
  await under.close();
});

Deno.test("neon: a statement that runs when PostgreSQL ends gets 57P01", async () => {
  const under = await openNeon({ connectTimeoutMs: NEVER_MS, statementTimeoutMs: NEVER_MS });
  const sleeping = postSql(under, { query: "select pg_sleep(3600)" });
  const query = `select count(*)::int as n from pg_stat_activity
    where wait_event = 'PgSleep' and state = 'active'`;
  while ((await postSql(under, { query })).body.rows[0].n === 0);
  await under.server.pause();
  const { status, body } = await sleeping;
  deepEqual([status, body.code, body.severity], [400, "57P01", "FATAL"]);
  await under.server.resume();
  equal((await postSql(under, { query })).status, 200);
  await under.close();
});

Deno.test("neon: a statement without an end is given up, and its connection with it", async () => {
  const under = await openNeon({
    connectTimeoutMs: NEVER_MS,
    statementTimeoutMs: SHORT_MS,
    maxConnections: 1,
  });
  const timedOut = [500, "Query read timeout"];
  const { status, body } = await postSql(under, { query: "select pg_sleep(3600)" });
  deepEqual([status, body.message], timedOut);
  for (;;) {
    const { status, body } = await postSql(under, { query: "select 1" });
    if (status === 200) break;
    deepEqual([status, body.message], timedOut);
  }
  await under.close();
});

Deno.test("neon: 500 when the server accepts the connection and sends nothing", async () => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const held: Deno.TcpConn[] = [];
  const accepting = (async () => {
    for await (const conn of silent) held.push(conn);
  })();
  const database = { hostname: "127.0.0.1", port: silent.addr.port };
  const endpoint = await startNeonEndpoint({ database, connectTimeoutMs: SHORT_MS });
  const answer = await fetch(endpoint.url, {
    method: "POST",
    headers: { "neon-connection-string": "postgres://u:p@h/d" },
    body: '{"query":"select 1"}',
  });
  equal(answer.status, 500);
  match(await answer.text(), /timeout/);
  await endpoint.close();
  silent.close();
  await accepting;
  for (const conn of held) conn.close();
});
