import { deepEqual, equal, match } from "node:assert/strict";
import { testOfRealRedis } from "../../../support/redis.ts";
import { BASE64, openUpstash, post, type UpstashUnderTest } from "./upstash_under_test.ts";

let under: UpstashUnderTest;
Deno.test.beforeAll(async () => {
  under = await openUpstash();
});
Deno.test.afterAll(() => under.close());
Deno.test.beforeEach(async () => {
  await post(under.endpoint, "/", ["FLUSHALL"]);
});

const one = (command: unknown, headers = {}) => post(under.endpoint, "/", command, headers);
const result = async (command: unknown, headers = {}) => (await one(command, headers)).body.result;
const pipeline = (body: unknown, headers = {}) => post(under.endpoint, "/pipeline", body, headers);
const multi = (body: unknown, headers = {}) => post(under.endpoint, "/multi-exec", body, headers);
const base64 = (text: string) => new TextEncoder().encode(text).toBase64();

const TEXTS = ["", "plain", "Grüße, 日本, 🎟", 'quo"te\\ \r\n\t\u0000', "OK", "null", "12"];

Deno.test("upstash: strings come back as they went in, plain and in base64", async () => {
  for (const text of TEXTS) {
    deepEqual(await one(["SET", "k", text]), { status: 200, body: { result: "OK" } });
    deepEqual(await one(["GET", "k"]), { status: 200, body: { result: text } });
    deepEqual(await one(["GET", "k"], BASE64), { status: 200, body: { result: base64(text) } });
  }
});

Deno.test("upstash: of the simple strings only OK stays as it is in base64", async () => {
  equal(await result(["SET", "k", "v"], BASE64), "OK");
  equal(await result(["PING"]), "PONG");
  equal(await result(["PING"], BASE64), base64("PONG"));
  equal(await result(["TYPE", "k"], BASE64), base64("string"));
  deepEqual(await result(["EVAL", "return {{ok='OK'}, 'OK'}", 0], BASE64), [
    base64("OK"),
    base64("OK"),
  ]);
});

Deno.test("upstash: bytes that are no text survive base64", async () => {
  const script = "redis.call('SET', KEYS[1], string.char(0, 255, 254, 10, 13, 36)) return 1";
  await one(["EVAL", script, 1, "bytes"]);
  equal(
    await result(["GET", "bytes"], BASE64),
    new Uint8Array([0, 255, 254, 10, 13, 36]).toBase64(),
  );
});

Deno.test("upstash: half a surrogate pair becomes U+FFFD, and the next command is read", async () => {
  for (const text of ["a\ud800", "\udc00b", "\ud800\ud800", "\ud83c"]) {
    const { body } = await pipeline([["SET", "k", text], ["GET", "k"], ["STRLEN", "k"]]);
    const stored = text.toWellFormed();
    const length = new TextEncoder().encode(stored).length;
    deepEqual(body, [{ result: "OK" }, { result: stored }, { result: length }]);
  }
});

Deno.test("upstash: nested arrays are encoded at every depth, and numbers and nil at none", async () => {
  const script = "return {1, 'a', {'b', {2, 'ü'}}, false, {}}";
  const encoded = [1, base64("a"), [base64("b"), [2, base64("ü")]], null, []];
  deepEqual(await result(["EVAL", script, 0]), [1, "a", ["b", [2, "ü"]], null, []]);
  deepEqual(await result(["EVAL", script, 0], BASE64), encoded);
});

Deno.test("upstash: nil, numbers, and arguments that are no strings", async () => {
  deepEqual(await one(["GET", "none"], BASE64), { status: 200, body: { result: null } });
  deepEqual(await one(["INCRBY", "n", 7], BASE64), { status: 200, body: { result: 7 } });
  await one(["MSET", "a", 1.5, "b", true, "c", false]);
  deepEqual(await result(["MGET", "a", "b", "c", "d"]), ["1.5", "true", "false", null]);
});

Deno.test("upstash: integers keep all of their 64 bits", async () => {
  await one(["SET", "n", "9223372036854775806"]);
  const { endpoint: { url, token } } = under;
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: '["INCR","n"]',
  });
  equal(await response.text(), '{"result":9223372036854775807}');
});

for (
  const [what, command, error] of [
    ["WRONGTYPE", ["LPUSH", "string", "x"], /^WRONGTYPE /],
    ["NOSCRIPT", ["EVALSHA", "0".repeat(40), 0], /^NOSCRIPT /],
    ["an error of a script's own", ["EVAL", "return redis.error_reply('MINE ü')", 0], /^MINE ü/],
    ["a script that breaks off", ["EVAL", "error('why')", 0], /why/],
    ["a command that there is not", ["NOSUCH"], /^ERR unknown command/],
    ["too few arguments", ["GET"], /^ERR wrong number of arguments/],
  ] as const
) {
  for (const headers of [{}, BASE64]) {
    const encoding = headers === BASE64 ? "base64" : "plain";
    Deno.test(`upstash: ${what} is status 400 and its text, ${encoding}`, async () => {
      await one(["SET", "string", "v"]);
      const { status, body } = await one(command, headers);
      equal(status, 400);
      deepEqual(Object.keys(body), ["error"]);
      match(body.error, error);
    });
  }
}

Deno.test("upstash: a pipeline answers each command with its own result or error", async () => {
  const commands = [["SET", "k", "v"], ["INCR", "k"], ["BLPOP", "l", 0], ["GET", "k"], [], [
    "INCR",
    "n",
  ]];
  const { status, body } = await pipeline(commands, BASE64);
  equal(status, 200);
  equal(body.length, 6);
  deepEqual(body[0], { result: "OK" });
  deepEqual(Object.keys(body[1]), ["error"]);
  match(body[1].error, /^ERR value is not an integer/);
  match(body[2].error, /^ERR Command is not available: 'BLPOP'/);
  deepEqual(body[3], { result: base64("v") });
  match(body[4].error, /empty command/);
  deepEqual(body[5], { result: 1 });
});

Deno.test("upstash: a transaction runs all, also past an error while it runs", async () => {
  const { status, body } = await multi([["SET", "k", "v"], ["INCR", "k"], ["GET", "k"]], BASE64);
  equal(status, 200);
  deepEqual(body[0], { result: "OK" });
  match(body[1].error, /^ERR value is not an integer/);
  deepEqual(body[2], { result: base64("v") });
});

Deno.test("upstash: a transaction with a command that Redis does not take runs nothing", async () => {
  const { status, body } = await multi([["SET", "k", "v"], ["GET"]]);
  equal(status, 400);
  match(body.error, /^EXECABORT .*wrong number of arguments/);
  equal(await result(["GET", "k"]), null);
});

Deno.test("upstash: a transaction with a refused command runs nothing", async () => {
  const { status, body } = await multi([["SET", "k", "v"], ["EXEC"], ["SET", "k", "w"]]);
  deepEqual([status, body], [400, { error: "ERR Command is not available: 'EXEC'" }]);
  equal(await result(["GET", "k"]), null);
});

Deno.test("upstash: no other command runs between those of a transaction", async () => {
  const rounds = 40;
  const transaction = () => multi([["INCR", "n"], ["INCR", "n"], ["INCR", "n"]]);
  const [transactions, singles] = await Promise.all([
    Promise.all(Array.from({ length: rounds }, transaction)),
    Promise.all(Array.from({ length: rounds }, () => result(["INCR", "n"]))),
    Promise.all(Array.from({ length: rounds }, () => pipeline([["INCR", "n"], ["INCR", "n"]]))),
  ]);
  for (const { body } of transactions) {
    const [first, second, third] = body.map((item: { result: number }) => item.result);
    deepEqual([second, third], [first + 1, first + 2]);
  }
  equal(new Set(singles).size, rounds);
  equal(await result(["GET", "n"]), String(rounds * 6));
});

Deno.test("upstash: every caller of the shared socket gets its own reply", async () => {
  const texts = Array.from({ length: 500 }, (_, index) => `${index}`.repeat(index % 7));
  deepEqual(await Promise.all(texts.map((text) => result(["PING", text]))), texts);
});

Deno.test("upstash: values of megabytes go in and come back", async () => {
  const text = "0123456789ü".repeat(300_000);
  equal(await result(["SET", "big", text]), "OK");
  equal(await result(["GET", "big"]), text);
  equal(await result(["GET", "big"], BASE64), base64(text));
  const items = Array.from({ length: 50_000 }, (_, index) => `item ${index}`);
  await one(["RPUSH", "list", ...items]);
  deepEqual(await result(["LRANGE", "list", 0, -1]), items);
});

Deno.test("upstash: a request above 10 MB is refused", async () => {
  const { status, body } = await one(["SET", "big", "x".repeat(10_485_760)]);
  equal(status, 413);
  match(body.error, /10485760/);
  equal(await result(["EXISTS", "big"]), 0);
});

for (
  const [what, authorization] of [
    ["without a token", undefined],
    ["with another token", "Bearer wrong"],
    ["with half a token", "Bearer secre"],
    ["with the token alone", "secret"],
  ] as const
) {
  for (const path of ["/", "/pipeline", "/multi-exec"]) {
    Deno.test(`upstash: ${path} ${what} is status 401, and nothing runs`, async () => {
      const command = ["SET", "k", "v"];
      const response = await fetch(under.endpoint.url + path, {
        method: "POST",
        headers: authorization === undefined ? {} : { authorization },
        body: JSON.stringify(path === "/" ? command : [command]),
      });
      deepEqual([response.status, await response.json()], [401, { error: "Unauthorized" }]);
      equal(await result(["GET", "k"]), null);
    });
  }
}

for (const path of ["/", "/pipeline", "/multi-exec"]) {
  for (const body of ["", "{", '{"a":1}', "[1", "null", '"GET"', "[]", "[[[]]]", '[{"a":1}]']) {
    Deno.test(`upstash: ${path} answers 400 to ${JSON.stringify(body)}`, async () => {
      const answer = await post(under.endpoint, path, body);
      // A pipeline answers each command by itself.
      if (path === "/pipeline" && body === "[[[]]]") match(answer.body[0].error, /^ERR /);
      else deepEqual([answer.status, Object.keys(answer.body)], [400, ["error"]]);
    });
  }
}

for (
  const command of [
    ..."BLPOP BRPOP BLMOVE BLMPOP BZPOPMIN BZPOPMAX BZMPOP BRPOPLPUSH WAIT".split(" "),
    ..."SUBSCRIBE PSUBSCRIBE SSUBSCRIBE MONITOR MULTI EXEC DISCARD WATCH UNWATCH".split(" "),
    ..."SELECT AUTH HELLO QUIT RESET SHUTDOWN".split(" "),
    ..."client|REPLY|OFF,xread|block|0|STREAMS|s|$,XREADGROUP|GROUP|g|c|BLOCK|0|STREAMS|s|>"
      .split(","),
  ]
) {
  Deno.test(`upstash: ${command} is refused, and the socket goes on`, async () => {
    const { status, body } = await one(command.split("|"));
    equal(status, 400);
    match(body.error, /^ERR Command is not available: '/);
    equal(await result(["PING"]), "PONG");
  });
}

testOfRealRedis("upstash: a stream may be called BLOCK", async () => {
  equal(await result(["XREAD", "COUNT", 1, "STREAMS", "block", "0"]), null);
});

Deno.test("upstash: nothing else is served", async () => {
  equal((await post(under.endpoint, "/get/k", [])).status, 404);
  const { url, token } = under.endpoint;
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  equal(response.status, 405);
  await response.body?.cancel();
});

Deno.test("upstash: requests and commands are counted", async () => {
  const { counts } = under.endpoint;
  counts.reset();
  await one(["PING"]);
  await pipeline([["PING"], ["PING"], ["QUIT"]]);
  await multi([["PING"], ["PING"], ["PING"]]);
  await one(["QUIT"]);
  deepEqual([counts.requests, counts.commands], [4, 6]);
  counts.reset();
  deepEqual([counts.requests, counts.commands], [0, 0]);
});
