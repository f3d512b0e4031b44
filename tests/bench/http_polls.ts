/**
 * A poll over HTTP against its lower bound, a bare Hono route with one Upstash call: on Deno, and on
 * workerd without a proxy in front. Servers, stores and load share the machine.
 */
import type { FanId } from "../../src/domain/ids.ts";
import { createSignIn } from "../../src/local/sign_in.ts";
import { startBenchCloud } from "./bench_cloud.ts";
import { type HttpRequest, requestsPerSecond } from "./http_load.ts";
import {
  NothingMeasuredError,
  ratioSpread,
  requireMeasured,
  type Spread,
  spread,
} from "./measure.ts";
import { type PollServers, type Runtime, startPollServers } from "./poll_servers.ts";
import { createSection } from "./section.ts";
import { formatTable, ranged, ratio } from "./table.ts";

export interface HttpPollsSize {
  readonly runtimes: readonly Runtime[];
  /** Fans who wait and poll. */
  readonly fans: number;
  readonly connections: number;
  readonly rounds: number;
  readonly roundMs: number;
}

export interface HttpPollsFigures {
  readonly runtime: Runtime;
  /** Requests a second. */
  readonly poll: Spread;
  readonly bare: Spread;
  /** Of each round: polls to bare requests. */
  readonly ratio: Spread;
}

const SECRET = "b".repeat(32);

const FULL: HttpPollsSize = {
  runtimes: ["Deno", "workerd"],
  fans: 64,
  connections: 32,
  rounds: 5,
  roundMs: 1_500,
};
const SMOKE: HttpPollsSize = {
  runtimes: ["Deno"],
  fans: 3,
  connections: 2,
  rounds: 1,
  roundMs: 20,
};
/** The smoke run on workerd, whose bundle takes seconds to build. */
export const WORKERD_SMOKE: HttpPollsSize = { ...SMOKE, runtimes: ["workerd"] };

export const httpPolls = createSection({
  about: "polls over HTTP on Deno and workerd, against a bare Hono route with one Upstash call",
  sizes: { full: FULL, smoke: SMOKE },
  measure: measureHttpPolls,
  tables: (figures) => [formatTable(
    "Polls over HTTP, and a bare Hono route with one Upstash call: requests a second",
    ["", "poll", "bare route", "poll / bare"],
    figures.map((of) => [of.runtime, ranged(of.poll), ranged(of.bare), ranged(of.ratio, ratio)]),
  )],
});

/** Throws `MissingProgramError` without a redis-server. */
export async function measureHttpPolls(size: HttpPollsSize): Promise<HttpPollsFigures[]> {
  const cloud = await startBenchCloud();
  const settings = {
    UPSTASH_REDIS_REST_URL: cloud.upstashUrl,
    UPSTASH_REDIS_REST_TOKEN: cloud.upstashToken,
    DATABASE_URL: cloud.databaseUrl,
    QUEUE_CAPACITY: "1",
    // No admission ends during the measurement, so nobody is promoted.
    ADMISSION_TTL_SECONDS: "86400",
    ADMIN_TOKEN: SECRET,
    QUEUE_TOKEN_SECRET: SECRET,
    USER_JWT_SECRET: SECRET,
  };
  try {
    const figures: HttpPollsFigures[] = [];
    for (const runtime of size.runtimes) {
      const servers = await startPollServers(runtime, cloud, settings);
      try {
        figures.push(await measureRuntime(runtime, servers, size));
      } finally {
        await servers.close();
      }
    }
    return figures;
  } finally {
    await cloud.close();
  }
}

/** The rounds of the two servers alternate. */
async function measureRuntime(
  runtime: Runtime,
  { stanchionPort, barePort }: PollServers,
  { fans, connections, rounds, roundMs }: HttpPollsSize,
): Promise<HttpPollsFigures> {
  const polls = await pollsOfWaitingFans(stanchionPort, fans, runtime);
  const bareRequests = [{ path: "/poll", headers: {} }];
  const load = { connections, ms: roundMs };
  const poll: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const ours = await requestsPerSecond({ port: stanchionPort, requests: polls, ...load });
    const theirs = await requestsPerSecond({ port: barePort, requests: bareRequests, ...load });
    // The first round warms up.
    if (round > 0) {
      poll.push(ours);
      bare.push(theirs);
    }
  }
  requireMeasured("polls a second", poll);
  requireMeasured("bare requests a second", bare);
  return { runtime, poll: spread(poll), bare: spread(bare), ratio: ratioSpread(poll, bare) };
}

/**
 * Lets one fan take the slot of the room, and further fans wait: the polls of these. Throws
 * `NothingMeasuredError` when a join or a poll is refused, or a fan does not wait.
 */
export async function pollsOfWaitingFans(
  port: number,
  fans: number,
  prefix: string,
): Promise<HttpRequest[]> {
  const sign = createSignIn({ kind: "SECRET", secret: SECRET }, Date.now);
  async function join(fan: string): Promise<string> {
    const Authorization = `Bearer ${await sign(fan as FanId)}`;
    const init = { method: "POST", headers: { Authorization } };
    return (await requestJson(port, "/v1/queue/tokens", init)).token;
  }
  await join("admitted");
  const polls: HttpRequest[] = [];
  for (let fan = 0; fan < fans; fan++) {
    const headers = { "Queue-Token": await join(`${prefix}-${fan}`) };
    const poll = { path: "/v1/queue/tokens/me", headers };
    const { state } = await requestJson(port, poll.path, { headers });
    if (state !== "WAITING") throw new NothingMeasuredError(`a fan is ${state}, not WAITING`);
    polls.push(poll);
  }
  return polls;
}

interface QueueAnswer {
  readonly token: string;
  readonly state: string;
}

async function requestJson(port: number, path: string, init: RequestInit): Promise<QueueAnswer> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  const text = await response.text();
  if (!response.ok) {
    throw new NothingMeasuredError(`${path} was answered with ${response.status}: ${text}`);
  }
  return JSON.parse(text);
}
