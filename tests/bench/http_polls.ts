/**
 * Near and far polls over HTTP against a bare Hono route with one Upstash call that keeps its
 * client: on Deno, and on workerd without a proxy in front. Servers, stores and load share the
 * machine.
 */
import type { FanId } from "../../src/domain/ids.ts";
import { QUEUE_BOUNDS } from "../../src/domain/queue_bounds.ts";
import { createSignIn } from "../../src/local/sign_in.ts";
import { startBenchCloud } from "./bench_cloud.ts";
import { type HttpRequest, requestsPerSecond } from "./http_load.ts";
import {
  NothingMeasuredError,
  ratioSpread,
  requireMeasured,
  type Spread,
  spreads,
} from "./measure.ts";
import { type PollServers, type Runtime, startPollServers } from "./poll_servers.ts";
import { createSection } from "./section.ts";
import { formatTable, ranged, ratio } from "./table.ts";

export interface HttpPollsSize {
  readonly runtimes: readonly Runtime[];
  /** Fans near the front who poll, and as many far from it. */
  readonly fans: number;
  readonly connections: number;
  readonly rounds: number;
  readonly roundMs: number;
}

export interface HttpPollsFigures {
  readonly runtime: Runtime;
  /** Requests a second. */
  readonly near: Spread;
  readonly far: Spread;
  readonly bare: Spread;
  /** Of each round: polls to bare requests. */
  readonly nearToBare: Spread;
  readonly farToBare: Spread;
}

const SECRET = "b".repeat(32);
/** A poll should reach this share of the bare route. */
const NEAR_AIM = 0.7;
const FAR_AIM = 3;

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
    ["", "near poll", "far poll", "bare route", "near / bare", "far / bare", "aim"],
    figures.map((of) => [
      of.runtime,
      ...[of.near, of.far, of.bare].map((each) => ranged(each)),
      ...[of.nearToBare, of.farToBare].map((each) => ranged(each, ratio)),
      `${under("near", NEAR_AIM, of.nearToBare)}, ${under("far", FAR_AIM, of.farToBare)}`,
    ]),
  )],
});

function under(name: string, aim: number, { median }: Spread): string {
  const by = Math.ceil(100 * (1 - median / aim));
  return `${name} ≥ ${aim}: ${median >= aim ? "met" : `MISSED by ${by} %`}`;
}

/** Throws `MissingProgramError` without a redis-server. */
export async function measureHttpPolls(size: HttpPollsSize): Promise<HttpPollsFigures[]> {
  const figures: HttpPollsFigures[] = [];
  for (const runtime of size.runtimes) figures.push(await measureInCloud(runtime, size));
  return figures;
}

/** Each runtime has its own stores, and so an empty room. */
async function measureInCloud(runtime: Runtime, size: HttpPollsSize): Promise<HttpPollsFigures> {
  const cloud = await startBenchCloud();
  try {
    const servers = await startPollServers(runtime, cloud, {
      UPSTASH_REDIS_REST_URL: cloud.upstashUrl,
      UPSTASH_REDIS_REST_TOKEN: cloud.upstashToken,
      DATABASE_URL: cloud.databaseUrl,
      QUEUE_CAPACITY: "1",
      // No admission ends during the measurement, so nobody is promoted.
      ADMISSION_TTL_SECONDS: "86400",
      ADMIN_TOKEN: SECRET,
      QUEUE_TOKEN_SECRET: SECRET,
      SIGNING_KEY: "5".repeat(64),
      USER_JWT_SECRET: SECRET,
    });
    try {
      return await measureRuntime(runtime, servers, size);
    } finally {
      await servers.close();
    }
  } finally {
    await cloud.close();
  }
}

/** The rounds of the three alternate. */
async function measureRuntime(
  runtime: Runtime,
  { stanchionPort, barePort }: PollServers,
  { fans, connections, rounds, roundMs }: HttpPollsSize,
): Promise<HttpPollsFigures> {
  const { near, far } = await pollsOfWaitingFans(stanchionPort, fans, runtime);
  const load = { connections, ms: roundMs };
  const targets = {
    near: { port: stanchionPort, requests: near },
    far: { port: stanchionPort, requests: far },
    bare: { port: barePort, requests: [{ path: "/poll", headers: {} }] },
  };
  const perSecond = { near: [] as number[], far: [] as number[], bare: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    for (const [name, target] of Object.entries(targets)) {
      const measured = await requestsPerSecond({ ...target, ...load });
      // The first round warms up.
      if (round > 0) perSecond[name as keyof typeof targets].push(measured);
    }
  }
  for (const [name, values] of Object.entries(perSecond)) {
    requireMeasured(`${name}: requests a second`, values);
  }
  return {
    runtime,
    ...spreads(perSecond),
    nearToBare: ratioSpread(perSecond.near, perSecond.bare),
    farToBare: ratioSpread(perSecond.far, perSecond.bare),
  };
}

/**
 * Lets one fan take the slot of the room, and further fans wait: the polls of the first of these
 * and of the last. Throws `NothingMeasuredError` when a join or a poll is refused, or a fan does
 * not wait, and unless near polls ask Redis and far polls do not.
 */
export async function pollsOfWaitingFans(
  port: number,
  fans: number,
  prefix: string,
): Promise<{ readonly near: HttpRequest[]; readonly far: HttpRequest[] }> {
  const sign = createSignIn({ kind: "SECRET", secrets: [SECRET] }, Date.now);
  async function join(fan: string): Promise<string> {
    const Authorization = `Bearer ${await sign(fan as FanId)}`;
    const init = { method: "POST", headers: { Authorization } };
    return (await requestAnswer(port, "/v1/queue/tokens", init)).token!;
  }
  async function pollOf(joinToken: string, redisCalls: number): Promise<HttpRequest> {
    const path = "/v1/queue/tokens/me";
    let [token, asked] = [joinToken, NaN];
    // The first poll may bring a newer token, and the document about the front.
    for (let poll = 0; poll < 2; poll++) {
      const answer = await requestAnswer(port, path, { headers: { "Queue-Token": token } });
      if (answer.state !== "WAITING") {
        throw new NothingMeasuredError(`a fan is ${answer.state}, not WAITING`);
      }
      token = answer.token ?? token;
      asked = answer.redisCalls;
    }
    if (asked !== redisCalls) {
      throw new NothingMeasuredError(`a poll asked Redis ${asked} times, not ${redisCalls}`);
    }
    return { path, headers: { "Queue-Token": token } };
  }
  await join("admitted");
  const tokens: string[] = [];
  while (tokens.length < QUEUE_BOUNDS.leastNear + 2 * fans) {
    tokens.push(await join(`${prefix}-${tokens.length}`));
  }
  const near: HttpRequest[] = [];
  const far: HttpRequest[] = [];
  for (const token of tokens.slice(0, fans)) near.push(await pollOf(token, 1));
  for (const token of tokens.slice(-fans)) far.push(await pollOf(token, 0));
  return { near, far };
}

interface QueueAnswer {
  readonly token?: string;
  readonly state: string;
  /** By the `Server-Timing` of the answer. */
  readonly redisCalls: number;
}

async function requestAnswer(port: number, path: string, init: RequestInit): Promise<QueueAnswer> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, init);
  const text = await response.text();
  if (!response.ok) {
    throw new NothingMeasuredError(`${path} was answered with ${response.status}: ${text}`);
  }
  const timing = response.headers.get("Server-Timing") ?? "";
  const redisCalls = Number(/redis;desc="(\d+)"/.exec(timing)?.[1]);
  return { ...JSON.parse(text), redisCalls };
}
