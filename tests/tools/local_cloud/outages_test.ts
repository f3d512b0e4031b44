import { deepEqual, equal, match, rejects } from "node:assert/strict";
import { Redis } from "@upstash/redis";
import type { Endpoint } from "../../../src/tools/local_cloud/http/endpoint.ts";
import { startNeonEndpoint } from "../../../src/tools/local_cloud/neon/endpoint.ts";
import { startRedisServer } from "../../../src/tools/local_cloud/redis/server.ts";
import {
  startUpstashEndpoint,
  type UpstashEndpoint,
} from "../../../src/tools/local_cloud/upstash/endpoint.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { openNeon, postSql } from "./neon/neon_under_test.ts";
import { post } from "./upstash/upstash_under_test.ts";

/** Far below every limit of the endpoints, far above what a refused connection takes. */
const AT_ONCE_MS = 900;

async function quickly<Value>(ask: () => Promise<Value>): Promise<Value> {
  const startedAt = performance.now();
  const value = await ask();
  const tookMs = performance.now() - startedAt;
  equal(tookMs < AT_ONCE_MS, true, `it took ${tookMs} ms`);
  return value;
}

async function commandsSent({ counts }: Endpoint, count: number): Promise<void> {
  while (counts.commands < count) await new Promise((resolve) => setTimeout(resolve, 0));
}

const get = (endpoint: UpstashEndpoint) => post(endpoint, "/", ["GET", "k"]);

testOfRealRedis(
  "upstash: 503 at once while Redis is down, and 200 once it is up again",
  async () => {
    const redis = await startRedisServer();
    const endpoint = startUpstashEndpoint({
      redis: { hostname: "127.0.0.1", port: redis.port },
      token: "t",
    });
    const { url, token } = endpoint;
    const client = new Redis({ url, token, retry: { retries: 0 } });
    equal(await client.set("k", "v"), "OK");
    await redis.kill();

    for (const path of ["/", "/pipeline", "/multi-exec"]) {
      const command = ["GET", "k"];
      const told = await quickly(() => post(endpoint, path, path === "/" ? command : [command]));
      equal(told.status, 503, path);
      match(told.body.error, /^ERR .*Redis|connection/);
    }
    endpoint.counts.reset();
    await quickly(() => rejects(client.get("k"), /Redis/));
    equal(endpoint.counts.requests, 1);

    const again = await startRedisServer({ port: redis.port });
    equal(again.port, redis.port);
    deepEqual(await get(endpoint), { status: 200, body: { result: null } });
    equal(await client.set("k", "w"), "OK");
    await endpoint.close();
    await again.stop();
  },
);

testOfRealRedis("upstash: what waits for a reply fails when Redis dies", async () => {
  const redis = await startRedisServer();
  const endpoint = startUpstashEndpoint({
    redis: { hostname: "127.0.0.1", port: redis.port },
    token: "t",
  });
  equal((await get(endpoint)).status, 200);
  Deno.kill(redis.pid, "SIGSTOP");
  const waiting = Array.from({ length: 20 }, () => get(endpoint));
  await commandsSent(endpoint, 21);
  await redis.kill();
  const told = await quickly(() => Promise.all(waiting));
  deepEqual(new Set(told.map(({ status }) => status)), new Set([503]));
  await endpoint.close();
});

testOfRealRedis(
  "upstash: 503 while Redis is silent, and its late replies reach nobody",
  async () => {
    const redis = await startRedisServer();
    const address = { hostname: "127.0.0.1", port: redis.port };
    const endpoint = startUpstashEndpoint({ redis: address, token: "t", replyTimeoutMs: 40 });
    await post(endpoint, "/", ["SET", "k", "v"]);
    Deno.kill(redis.pid, "SIGSTOP");
    equal((await quickly(() => post(endpoint, "/", ["ECHO", "late"]))).status, 503);
    Deno.kill(redis.pid, "SIGCONT");
    deepEqual(await get(endpoint), { status: 200, body: { result: "v" } });
    await endpoint.close();
    await redis.stop();
  },
);

Deno.test("upstash: 503 when there was never a Redis", async () => {
  const endpoint = startUpstashEndpoint({ redis: { hostname: "127.0.0.1", port: 1 }, token: "t" });
  const told = await quickly(() => Promise.all(Array.from({ length: 20 }, () => get(endpoint))));
  deepEqual(new Set(told.map(({ status }) => status)), new Set([503]));
  await endpoint.close();
});

Deno.test("upstash: 503 when what answers is no Redis", async () => {
  const other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = other.addr;
  const talked = (async () => {
    for await (const conn of other) {
      await conn.write(new TextEncoder().encode("HTTP/1.1 400 Bad Request\r\n\r\n"));
      conn.close();
    }
  })();
  const endpoint = startUpstashEndpoint({ redis: { hostname: "127.0.0.1", port }, token: "t" });
  equal((await quickly(() => get(endpoint))).status, 503);
  await endpoint.close();
  other.close();
  await talked;
});

Deno.test("neon: 500 at once while PostgreSQL is down, and 200 once it is up again", async () => {
  const under = await openNeon();
  const ask = () => postSql(under, { query: "select n from kept" });
  await postSql(under, { query: "create table kept as select 7 as n" });
  await under.server.pause();
  for (let times = 0; times < 3; times++) {
    const { status, body } = await quickly(ask);
    equal(status, 500);
    match(body.message, /ECONNREFUSED|terminat|closed/i);
  }
  await under.server.resume();
  const { status, body } = await ask();
  deepEqual([status, body.rows], [200, [{ n: 7 }]]);
  await under.close();
});

Deno.test("neon: a statement that runs when PostgreSQL ends is told so", async () => {
  const under = await openNeon();
  const sleeping = postSql(under, { query: "select pg_sleep(60)" });
  const query = `select count(*)::int as n from pg_stat_activity
    where wait_event = 'PgSleep' and state = 'active'`;
  while ((await postSql(under, { query })).body.rows[0].n === 0);
  await under.server.pause();
  const { status, body } = await quickly(() => sleeping);
  deepEqual([status, body.code, body.severity], [400, "57P01", "FATAL"]);
  await under.server.resume();
  equal((await postSql(under, { query })).status, 200);
  await under.close();
});

Deno.test("neon: a statement without an end is given up, and its connection with it", async () => {
  const under = await openNeon({ statementTimeoutMs: 40, maxConnections: 1 });
  const { status, body } = await quickly(() => postSql(under, { query: "select pg_sleep(60)" }));
  deepEqual([status, body.message], [500, "Query read timeout"]);
  equal((await postSql(under, { query: "select 1" })).status, 200);
  await under.close();
});

Deno.test("neon: 500 when what takes the connection says nothing", async () => {
  const silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const held: Deno.TcpConn[] = [];
  const accepted = (async () => {
    for await (const conn of silent) held.push(conn);
  })();
  const database = { hostname: "127.0.0.1", port: silent.addr.port };
  const endpoint = startNeonEndpoint({ database, connectTimeoutMs: 40 });
  const told = await quickly(() =>
    fetch(endpoint.url, {
      method: "POST",
      headers: { "neon-connection-string": "postgres://u:p@h/d" },
      body: '{"query":"select 1"}',
    })
  );
  equal(told.status, 500);
  match(await told.text(), /timeout/);
  await endpoint.close();
  silent.close();
  await accepted;
  for (const conn of held) conn.close();
});
