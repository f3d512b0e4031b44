import assert from "node:assert/strict";
import { CONCERTS_KEYS } from "../../src/application/cache_keys.ts";
import { bundle } from "../../src/tools/bundle/bundle.ts";
import { type ApiBox, newFan } from "../support/api_box.ts";
import { deployedBox, deploymentSettings } from "../support/deployed_worker.ts";
import { type RawWorkerd, startRawWorkerd } from "../support/raw_workerd.ts";
import { redisCommand } from "../support/redis_keys.ts";
import { type RemoteBackend, startRemoteBackend } from "../support/remote_backend.ts";
import { putOnSale } from "../support/sale.ts";
import { waitUntil } from "../support/wait.ts";

/** Far above a follower's 200 ms and one load, far below a lease's 3 s and a load's 8 s. */
const FOLLOWED_WITHIN_MS = 2_000;
/** A call to Redis is given up after 2 s. */
const REDIS_GIVEN_UP_WITHIN_MS = 3_500;
const FOLLOWERS = 20;
/** How often a scene is played at most until its answers come within their time. */
const MOST_SCENES = 5;

let backend: RemoteBackend;
let folder: string;
let workerd: RawWorkerd;
let box: ApiBox;

// One workerd serves from one isolate: what one test hangs, the next ones find hanging.
Deno.test.beforeAll(async () => {
  backend = await startRemoteBackend();
  folder = await Deno.makeTempDir({ prefix: "stanchion-bundle-" });
  await bundle(folder);
  const settings = deploymentSettings(backend);
  workerd = await startRawWorkerd(folder, settings);
  box = deployedBox(backend, { origin: workerd.url, settings });
  await putOnSale(box);
});
Deno.test.afterAll(async () => {
  await workerd.stop();
  await backend.close();
  await Deno.remove(folder, { recursive: true });
});

interface Asked {
  readonly status: number;
  readonly afterMs: number;
}

type Ask = (signal?: AbortSignal) => Promise<Asked>;

/** Empties line and cache, admits one fan, and gives what asks for the list on their behalf. */
async function coldList(): Promise<Ask> {
  await box.wipeLine();
  const fan = newFan("reader");
  const headers = {
    "Authorization": `Bearer ${await box.userToken(fan)}`,
    "Queue-Token": await box.join(fan),
  };
  return async (signal) => {
    const startedMs = performance.now();
    const response = await fetch(`${workerd.url}/v1/concerts`, {
      headers,
      ...(signal ? { signal } : {}),
    });
    await response.arrayBuffer();
    return { status: response.status, afterMs: performance.now() - startedMs };
  };
}

function followers(ask: Ask): Promise<Asked[]> {
  return Promise.all(Array.from({ length: FOLLOWERS }, () => ask()));
}

function statuses(asked: readonly Asked[]): number[] {
  return [...new Set(asked.map(({ status }) => status))].sort();
}

/** An answer that came too late: by a fault of the Worker, or because the machine is busy. */
class TooLate extends Error {}

function assertWithin(asked: readonly Asked[], ms: number): void {
  const slowestMs = Math.max(...asked.map(({ afterMs }) => afterMs));
  if (slowestMs >= ms) throw new TooLate(`the last answer came after ${slowestMs} ms`);
}

/**
 * Registers a test that plays its scene again when an answer comes too late. A faulty Worker is too
 * late in every scene, since it waits for a lease or a deadline; a busy machine is not.
 */
function timedScene(name: string, play: () => Promise<void>): void {
  Deno.test(name, async () => {
    for (let scene = 1;; scene++) {
      try {
        return await play();
      } catch (error) {
        if (!(error instanceof TooLate) || scene === MOST_SCENES) throw error;
      }
    }
  });
}

/** Resolves when so many requests have reached Redis since the last `counts.reset()`. */
function requestsReachRedis(count: number): Promise<void> {
  return waitUntil(`${count} requests`, () => backend.upstash.counts.requests >= count);
}

const isList = (body: string) => body.includes("bool_or(sc.seats_left > 0)");

/** Matches the statement of the list; `first` is when it comes for the first time. */
function watchList() {
  const { promise: first, resolve } = Promise.withResolvers<void>();
  return {
    first,
    match(body: string): boolean {
      if (isList(body)) resolve();
      return isList(body);
    },
  };
}

function redis(...command: string[]): Promise<unknown> {
  return redisCommand(backend.upstash, ...command);
}

async function serves(ask: Ask): Promise<void> {
  const asked = await followers(ask);
  assert.deepEqual(statuses(asked), [200]);
  assertWithin(asked, FOLLOWED_WITHIN_MS);
}

/** Asks until the list is answered again: the circuit breaker stays open for 1 s. */
function untilServed(ask: Ask): Promise<void> {
  return waitUntil("a list after the fault", async () => (await ask()).status === 200);
}

for (const when of ["before the followers ask", "while the followers wait"] as const) {
  timedScene(
    `the leader disconnects ${when}, in a load that hangs: followers are answered`,
    async () => {
      const ask = await coldList();
      const list = watchList();
      backend.neon.faults.inject({ kind: "hang", times: 1, match: list.match });
      try {
        const leader = new AbortController();
        const lost = assert.rejects(ask(leader.signal), { name: "AbortError" });
        await list.first;
        if (when === "before the followers ask") leader.abort();
        backend.upstash.counts.reset();
        const following = followers(ask);
        await requestsReachRedis(FOLLOWERS);
        leader.abort();
        await lost;
        const asked = await following;
        assert.deepEqual(statuses(asked), [200]);
        assertWithin(asked, FOLLOWED_WITHIN_MS);
        await serves(ask);
      } finally {
        backend.neon.faults.clear();
      }
      await serves(ask);
    },
  );
}

timedScene(
  "every reader of a load that hangs disconnects, and the next one is answered",
  async () => {
    const ask = await coldList();
    const list = watchList();
    backend.neon.faults.inject({ kind: "hang", times: 3, match: list.match });
    try {
      const crowd = new AbortController();
      backend.upstash.counts.reset();
      const lost = Promise.allSettled(
        Array.from({ length: FOLLOWERS }, () => ask(crowd.signal)),
      );
      await list.first;
      await requestsReachRedis(FOLLOWERS);
      crowd.abort();
      await lost;
      await serves(ask);
    } finally {
      backend.neon.faults.clear();
    }
  },
);

timedScene(
  "the leader's load is answered 500: all are answered, and the next load succeeds",
  async () => {
    const ask = await coldList();
    // The statement may be sent once more by itself, so a load may take two answers to fail.
    backend.neon.faults.inject({ kind: "status500", times: 2, match: isList });
    try {
      const asked = await followers(ask);
      const found = statuses(asked);
      assert.ok(found.includes(503), "no answer reports the failure");
      assert.ok(found.every((status) => status === 200 || status === 503), String(found));
      assertWithin(asked, FOLLOWED_WITHIN_MS);
    } finally {
      backend.neon.faults.clear();
    }
    await serves(ask);
  },
);

timedScene("the leader has been answered: the cache is filled all the same", async () => {
  const ask = await coldList();
  // Redis takes its time to say that it does not know the script, so the fill needs a second call.
  await redis("SCRIPT", "FLUSH");
  const isFill = (body: string) => body.includes(":cache:") && body.includes("concertId");
  backend.upstash.faults.inject({ kind: "drip", everyMs: 5, times: 1, match: isFill });
  assert.equal((await ask()).status, 200);
  const cached = async () => String(await redis("GET", `stanchion:cache:${CONCERTS_KEYS[0]}`));
  if (/^V/.test(await cached())) throw new TooLate("the cache was filled before the answer");
  await waitUntil("a filled cache", async () => (await cached()).startsWith("V"));
});

timedScene(
  "Redis hangs: all are refused in time, the isolate stays alive, and it recovers",
  async () => {
    const ask = await coldList();
    backend.upstash.faults.inject({ kind: "hang" });
    try {
      let areAnswered = false;
      const refused = followers(ask).finally(() => areAnswered = true);
      const alive = await fetch(`${workerd.url}/healthz`);
      await alive.body?.cancel();
      assert.equal(alive.status, 200);
      if (areAnswered) throw new TooLate("it is alive only after Redis is given up");
      const asked = await refused;
      assert.deepEqual(statuses(asked), [503]);
      assertWithin(asked, REDIS_GIVEN_UP_WITHIN_MS);
    } finally {
      backend.upstash.faults.clear();
    }
    await untilServed(ask);
    await serves(ask);
  },
);

timedScene("the cache alone hangs: all get the list without it", async () => {
  const ask = await coldList();
  const ofCacheAlone = (body: string) => body.startsWith('["') && body.includes(":cache:");
  backend.upstash.faults.inject({ kind: "hang", match: ofCacheAlone });
  try {
    const asked = await followers(ask);
    assert.deepEqual(statuses(asked), [200]);
    assertWithin(asked, REDIS_GIVEN_UP_WITHIN_MS);
  } finally {
    backend.upstash.faults.clear();
  }
  await untilServed(ask);
  await serves(ask);
});
