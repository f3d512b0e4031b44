import assert from "node:assert/strict";
import {
  createHttpClient,
  NoAnswerError,
} from "../../../../src/tools/load_test/api/http_client.ts";
import { createStopSwitch, Stopped } from "../../../../src/tools/load_test/api/stop_switch.ts";

const POLL = { name: "poll", method: "GET", path: "/v1/queue/tokens/me" } as const;
const MINUTE_MS = 60_000;

const ok = () => Response.json({ state: "WAITING" });
const problem = (status: number, code: string) => () => Response.json({ code }, { status });
const refuseConnection = () => {
  throw new TypeError("connection refused");
};

interface WorldOptions {
  /** The reply at this time. */
  readonly reply: (atMs: number) => () => Response;
  readonly retryLimitMs?: number;
  readonly stopAtMs?: number;
}

/** A client whose pauses pass at once, on a clock that only they move. */
function createWorld({ reply, retryLimitMs = Infinity, stopAtMs = Infinity }: WorldOptions) {
  let nowMs = 0;
  let attempts = 0;
  const lost: string[] = [];
  const stopSwitch = createStopSwitch();
  const client = createHttpClient({
    base: "http://server",
    sockets: 1,
    retryLimitMs,
    now: () => nowMs,
    stopSwitch: {
      get stopped() {
        return stopSwitch.stopped;
      },
      stop: stopSwitch.stop,
      onStop: stopSwitch.onStop,
      sleep(ms) {
        nowMs += ms;
        if (nowMs >= stopAtMs) stopSwitch.stop();
        return stopSwitch.stopped ? Promise.reject(new Stopped()) : Promise.resolve();
      },
    },
    listener: { waitedForSocket() {}, answered() {}, answerLost: (name) => void lost.push(name) },
    fetch: async () => {
      attempts++;
      return reply(nowMs)();
    },
  });
  return { client, lost, nowMs: () => nowMs, attempts: () => attempts };
}

Deno.test("send() goes on after an outage of ten minutes", async () => {
  const backAtMs = 10 * MINUTE_MS;
  const world = createWorld({ reply: (atMs) => atMs < backAtMs ? refuseConnection : ok });
  const answer = await world.client.send(POLL);
  assert.ok(answer.ok);
  assert.ok(world.nowMs() >= backAtMs && world.nowMs() <= backAtMs + 2_000, `${world.nowMs()} ms`);
  assert.equal(world.lost.length, world.attempts() - 1);
});

Deno.test("send() retries what is not final", async () => {
  const replies = [
    problem(503, "DEPENDENCY_UNAVAILABLE"),
    problem(429, "RATE_LIMITED"),
    problem(409, "IDEMPOTENCY_IN_PROGRESS"),
    problem(409, "SEAT_UNAVAILABLE"),
  ];
  const world = createWorld({ reply: () => replies.shift()! });
  const answer = await world.client.send(POLL);
  assert.ok(!answer.ok && answer.problem.code === "SEAT_UNAVAILABLE");
  assert.equal(world.attempts(), 4);
});

Deno.test("send() names the call and its last answer when it is stopped", async () => {
  const world = createWorld({
    reply: (atMs) => atMs < 1_000 ? refuseConnection : problem(503, "DEPENDENCY_UNAVAILABLE"),
    stopAtMs: 30_000,
  });
  await assert.rejects(
    world.client.send(POLL),
    (error) =>
      error instanceof Stopped &&
      error.waitedFor === "poll (last attempt: 503 DEPENDENCY_UNAVAILABLE)",
  );
});

Deno.test("send() fails with the last answer at its retry limit", async () => {
  const world = createWorld({ reply: () => refuseConnection, retryLimitMs: MINUTE_MS });
  await assert.rejects(world.client.send(POLL), (error) => {
    assert.ok(error instanceof NoAnswerError);
    assert.match(error.message, /^GET \/v1\/queue\/tokens\/me had no final answer within 60 s; /);
    assert.match(error.message, /the last attempt: no answer$/);
    return true;
  });
});

Deno.test("sendOnce() returns null without an answer, and reads a body that is no problem", async () => {
  const replies = [refuseConnection, () => new Response("<html>", { status: 502 })];
  const world = createWorld({ reply: () => replies.shift()! });
  assert.equal(await world.client.sendOnce(POLL), null);
  const answer = await world.client.sendOnce(POLL);
  assert.ok(answer && !answer.ok);
  assert.deepEqual(answer.problem, { code: "UNREADABLE", detail: "<html>" });
});

Deno.test("an answer says how often the server asked Redis for it", async () => {
  const headers = { "Server-Timing": 'redis;desc="2";dur=1.5, postgres;desc="0";dur=0.0' };
  const timed = createWorld({ reply: () => () => Response.json({}, { headers }) });
  assert.equal((await timed.client.send(POLL)).redisCalls, 2);
  const untimed = createWorld({ reply: () => ok });
  assert.equal((await untimed.client.send(POLL)).redisCalls, NaN);
});
