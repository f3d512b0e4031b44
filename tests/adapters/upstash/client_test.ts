import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { createRedisClient, type ScriptCall } from "../../../src/adapters/upstash/client.ts";
import { createMakeScript } from "../../../src/adapters/upstash/script.ts";
import { DependencyError } from "../../../src/domain/failures.ts";
import type { Fault, Faults } from "../../../src/tools/local_cloud/http/faults.ts";
import { startRedisServer } from "../../../src/tools/local_cloud/redis/server.ts";
import {
  startUpstashEndpoint,
  type UpstashEndpoint,
} from "../../../src/tools/local_cloud/upstash/endpoint.ts";
import { testClock } from "../../support/test_clock.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { openUpstash, untraced, type UpstashForTests } from "../../support/upstash.ts";

const DEADLINE_MS = 60;
/** The deadline of calls that should not meet it; what waits for a second try takes longer. */
const BOUND_MS = 1_000;
const FAILURES_TO_OPEN = 5;
const OPEN_MS = 1_000;
const SCRIPT_MARK = "-- text of a script";
const FAN_MARK = "a-fan-called-alice";

const FAULTS: readonly Fault[] = [
  { kind: "reset" },
  { kind: "hang" },
  { kind: "drip", everyMs: DEADLINE_MS / 2 },
  { kind: "status429" },
  { kind: "status500" },
  { kind: "lose" },
];

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash();
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

const makeScript = createMakeScript({ keyLocking: false });
let made = 0;

/** A client whose breaker knows nothing yet, keys of its own, and a script no other test has. */
function underTest(endpoint: UpstashEndpoint = upstash!.endpoint) {
  const { url, token, faults, counts } = endpoint;
  const clock = testClock();
  const key = `client-${++made}`;
  const script = makeScript(SCRIPT_MARK, `local key = '${key}'`, "return {ARGV[1], KEYS[1]}");
  const call: ScriptCall = { script, keys: [key], args: [FAN_MARK] };
  function open(deadlineMs: number) {
    const client = createRedisClient({ url, token, clock, trace: untraced, deadlineMs });
    const acts = {
      run: () => client.run(call),
      runWith: () => client.runWith(call, { get: key }),
      command: () => client.command("SET", key, FAN_MARK),
    };
    return { client, acts };
  }
  async function requests(act: () => Promise<unknown>): Promise<number> {
    counts.reset();
    await act();
    return counts.requests;
  }
  return { ...open(BOUND_MS), open, clock, key, requests, faults };
}

/** The act fails as a dependency, in bounded time; gives the error. */
async function unavailable(act: () => Promise<unknown>): Promise<DependencyError> {
  const startedMs = performance.now();
  let caught: unknown;
  await rejects(act, (error) => (caught = error, true));
  const tookMs = performance.now() - startedMs;
  ok(tookMs < BOUND_MS, `it took ${tookMs} ms`);
  if (!(caught instanceof DependencyError)) throw caught;
  equal(caught.dependency, "redis");
  return caught;
}

/** Under this fault, which ends by itself where a call without a deadline would wait for ever. */
async function during(
  faults: Faults,
  fault: Fault,
  act: () => Promise<unknown>,
): Promise<void> {
  faults.inject(fault);
  const late = setTimeout(() => faults.clear(), BOUND_MS);
  try {
    await act();
  } finally {
    clearTimeout(late);
    faults.clear();
  }
}

/** Everything that a report of this error may tell. */
function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.message}\n${error.stack}\n${Deno.inspect(error)}\n${told(error.cause)}`;
}

for (const fault of FAULTS) {
  for (const name of ["run", "runWith", "command"] as const) {
    Deno.test(`redis client: \`${name}()\` under \`${fault.kind}\` fails after one request`, async () => {
      const { acts, open, requests, faults } = underTest();
      await acts[name]();
      const isSlow = fault.kind === "hang" || fault.kind === "drip";
      const { acts: underFault } = isSlow ? open(DEADLINE_MS) : open(BOUND_MS);
      await during(faults, fault, async () => {
        const sent = await requests(async () => {
          const error = await unavailable(underFault[name]);
          for (const mark of [SCRIPT_MARK, FAN_MARK]) ok(!told(error).includes(mark), told(error));
        });
        equal(sent, 1);
      });
      await acts[name]();
    });
  }
}

testOfRealRedis("redis client: Redis killed and started again", async () => {
  const redis = await startRedisServer();
  const address = { hostname: "127.0.0.1", port: redis.port };
  const endpoint = await startUpstashEndpoint({ redis: address, token: "t", keepAlive: false });
  const { acts, requests } = underTest(endpoint);
  await acts.run();
  await redis.kill();
  for (const act of Object.values(acts)) {
    equal(await requests(() => unavailable(act)), 1);
  }
  const again = await startRedisServer({ port: redis.port });
  equal(await requests(acts.run), 2, "a new Redis has to learn the script");
  equal(await requests(acts.run), 1);
  await endpoint.close();
  await again.stop();
});

Deno.test("redis client: five failures in a row open the breaker; a probe closes it", async () => {
  const { clock, acts, requests, faults } = underTest();
  await acts.run();
  faults.inject({ kind: "status500" });
  try {
    for (let failure = 0; failure < FAILURES_TO_OPEN; failure++) {
      equal(await requests(() => unavailable(acts.run)), 1);
    }
    for (const act of Object.values(acts)) {
      equal(await requests(() => unavailable(act)), 0, "an open breaker sends nothing");
    }
    clock.advance(OPEN_MS - 1);
    equal(await requests(() => unavailable(acts.run)), 0);
    clock.advance(1);
    const all = () => Promise.all(Object.values(acts).map(unavailable));
    equal(await requests(all), 1, "one probe, whoever else asks");
    equal(await requests(all), 0, "a probe that fails keeps it open");
  } finally {
    faults.clear();
  }
  clock.advance(OPEN_MS - 1);
  equal(await requests(() => unavailable(acts.run)), 0);
  clock.advance(1);
  equal(await requests(acts.run), 1);
  equal(await requests(() => Promise.all([acts.run(), acts.run()])), 2, "a probe has closed it");
});

Deno.test("redis client: a call that succeeds ends the row of failures", async () => {
  const { acts, requests, faults } = underTest();
  await acts.run();
  for (let row = 0; row < 2; row++) {
    faults.inject({ kind: "reset", times: FAILURES_TO_OPEN - 1 });
    for (let failure = 1; failure < FAILURES_TO_OPEN; failure++) await unavailable(acts.run);
    equal(await requests(acts.run), 1);
  }
});

for (const name of ["run", "runWith"] as const) {
  Deno.test(`redis client: \`${name}()\` of an unknown script costs one more, once`, async () => {
    const { client, acts, requests, key } = underTest();
    equal(await requests(acts[name]), 2);
    equal(await requests(acts[name]), 1);
    await client.command("SCRIPT", "FLUSH");
    await client.command("SET", key, "v");
    equal(await requests(acts[name]), 2);
    equal(await requests(acts[name]), 1);
    const told = await acts[name]();
    const reply = [FAN_MARK, key];
    deepEqual(told, name === "run" ? reply : { reply, companion: "v" });
  });

  Deno.test(`redis client: \`${name}()\` does not insist on an unknown script`, async () => {
    const { acts, requests, faults } = underTest();
    faults.inject({ kind: "lose", match: (body) => body.includes('"eval"') });
    try {
      equal(await requests(() => unavailable(acts[name])), 2);
    } finally {
      faults.clear();
    }
  });
}

Deno.test("redis client: an error of the GET alone is given, not thrown", async () => {
  const { client, acts, key } = underTest();
  await client.command("RPUSH", key, "no string");
  const { reply, companion } = await acts.runWith();
  deepEqual(reply, [FAN_MARK, key]);
  ok(companion instanceof Error && /WRONGTYPE/.test(companion.message));
  ok(!told(companion).includes(FAN_MARK));
});

Deno.test("redis client: an error of Redis is a dependency's, and tells nothing of the call", async () => {
  const { client, acts, key } = underTest();
  await client.command("RPUSH", key, "no string");
  const script = makeScript(SCRIPT_MARK, "return redis.call('INCRBY', KEYS[1], ARGV[1])");
  const call = { script, keys: [key], args: [FAN_MARK] };
  // The first send teaches the script, the second one knows it.
  for (const act of [client.run, client.run]) {
    const error = await unavailable(() => act(call));
    for (const mark of [SCRIPT_MARK, FAN_MARK]) ok(!told(error).includes(mark), told(error));
  }
  const error = await unavailable(() => client.runWith(call, { get: key }));
  for (const mark of [SCRIPT_MARK, FAN_MARK]) ok(!told(error).includes(mark), told(error));
  await unavailable(() => client.command("GET", key));
  await acts.run();
});

Deno.test("redis client: a key of the wrong type is no outage and opens no breaker", async () => {
  const { client, acts, requests, key } = underTest();
  await client.command("RPUSH", key, "no string");
  const call: ScriptCall = {
    script: makeScript("return redis.call('GET', KEYS[1])"),
    keys: [key],
    args: [],
  };
  for (let failure = 0; failure < FAILURES_TO_OPEN; failure++) {
    await unavailable(() => client.run(call));
    await unavailable(() => client.command("GET", key));
  }
  equal(await requests(() => client.command("LLEN", key)), 1);
  await acts.runWith();
});
