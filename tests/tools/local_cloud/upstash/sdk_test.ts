import { deepEqual, equal, rejects } from "node:assert/strict";
import { Redis } from "@upstash/redis";
import { openUpstash, type UpstashUnderTest } from "./upstash_under_test.ts";

let under: UpstashUnderTest;
Deno.test.beforeAll(async () => {
  under = await openUpstash();
});
Deno.test.afterAll(() => under.close());
Deno.test.beforeEach(async () => {
  await client().flushall();
});

function client(options: { responseEncoding?: false; enableAutoPipelining?: boolean } = {}): Redis {
  const { url, token } = under.endpoint;
  return new Redis({
    url,
    token,
    enableTelemetry: false,
    automaticDeserialization: false,
    enableAutoPipelining: false,
    retry: { retries: 0 },
    ...options,
  });
}

for (const responseEncoding of [undefined, false] as const) {
  const options = responseEncoding === undefined ? {} : { responseEncoding };
  const name = `upstash SDK, ${responseEncoding === false ? "plain" : "base64"}`;

  Deno.test(`${name}: strings, numbers, nil, and simple strings`, async () => {
    const redis = client(options);
    for (const text of ["", "Grüße, 日本, 🎟", 'quo"te\\\r\n\u0000', "OK", "UE9ORw=="]) {
      equal(await redis.set("k", text), "OK");
      equal(await redis.get("k"), text);
    }
    equal(await redis.get("none"), null);
    equal(await redis.incrby("n", 5), 5);
    equal(await redis.ping(), "PONG");
    equal(await redis.type("k"), "string");
  });

  Deno.test(`${name}: sorted sets and scripts`, async () => {
    const redis = client(options);
    equal(await redis.zadd("z", { score: 1, member: "é" }, { score: 2, member: "b" }), 2);
    deepEqual(await redis.zrange("z", 0, -1), ["é", "b"]);
    equal(await redis.zrank("z", "b"), 1);
    const script = "return {KEYS[1], ARGV[1], 3, {'deep', {'er'}}, false}";
    const reply = ["key", "ärg", 3, ["deep", ["er"]], null];
    deepEqual(await redis.eval(script, ["key"], ["ärg"]), reply);
    const sha = await redis.scriptLoad(script);
    deepEqual(await redis.evalsha(sha, ["key"], ["ärg"]), reply);
  });

  Deno.test(`${name}: a pipeline with an error in the middle`, async () => {
    const items = await client(options).pipeline().set("k", "v").incr("k").get("k")
      .exec({ keepErrors: true });
    equal(items[0]?.result, "OK");
    equal(items[1]?.error, "ERR value is not an integer or out of range");
    equal(items[2]?.result, "v");
  });

  Deno.test(`${name}: a transaction`, async () => {
    deepEqual(await client(options).multi().set("k", "v").get("k").incr("n").exec(), [
      "OK",
      "v",
      1,
    ]);
  });
}

Deno.test("upstash SDK: automatic deserialization gives values back", async () => {
  const { url, token } = under.endpoint;
  const redis = new Redis({ url, token, enableTelemetry: false });
  const value = { name: "ü", list: [1, "2", null], deep: { yes: true } };
  await redis.set("k", value);
  deepEqual(await redis.get("k"), value);
});

Deno.test("upstash SDK: calls of one tick go out as one pipeline", async () => {
  const redis = client({ enableAutoPipelining: true });
  under.endpoint.counts.reset();
  deepEqual(await Promise.all([redis.incr("n"), redis.incr("n"), redis.incr("n")]), [1, 2, 3]);
  const { requests, commands } = under.endpoint.counts;
  deepEqual([requests, commands], [1, 3]);
});

Deno.test("upstash SDK: errors carry Redis's message", async () => {
  const redis = client();
  await redis.set("k", "v");
  await rejects(redis.lpush("k", "x"), /WRONGTYPE/);
  await rejects(redis.evalsha("0".repeat(40), [], []), /NOSCRIPT/);
  await rejects(redis.eval("error('why')", [], []), /why/);
  const { url } = under.endpoint;
  await rejects(new Redis({ url, token: "wrong", retry: { retries: 0 } }).ping(), /Unauthorized/);
});

Deno.test("upstash SDK: a request is sent again after a cut connection, unless retries are off", async () => {
  const { counts, faults } = under.endpoint;
  const { url, token } = under.endpoint;
  counts.reset();
  faults.inject({ kind: "lose", times: 2 });
  const retrying = new Redis({ url, token, retry: { retries: 5, backoff: () => 0 } });
  equal(await retrying.incr("n"), 3);
  deepEqual([counts.requests, counts.commands], [3, 3]);

  counts.reset();
  faults.inject({ kind: "lose", times: 1 });
  await rejects(client().incr("n"), TypeError);
  deepEqual([counts.requests, counts.commands], [1, 1]);
});
