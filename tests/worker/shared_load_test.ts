import assert from "node:assert/strict";
import { bundle } from "../../src/tools/bundle/bundle.ts";
import { type ApiBox, newFan } from "../support/api_box.ts";
import { deployedBox, deploymentSettings } from "../support/deployed_worker.ts";
import { type RawWorkerd, startRawWorkerd } from "../support/raw_workerd.ts";
import { type RemoteBackend, startRemoteBackend } from "../support/remote_backend.ts";
import { putOnSale } from "../support/sale.ts";

/** Far above a follower's 200 ms and one load, far below the 3 s of a lease and the 8 s of a load. */
const FOLLOWED_WITHIN_MS = 2_000;
/** A call to Redis is given up after 2 s. */
const REDIS_GIVEN_UP_WITHIN_MS = 3_500;
/** The breaker stays open for 1 s. */
const WELL_AGAIN_WITHIN_MS = 5_000;
const FOLLOWERS = 20;

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

function slowest(asked: readonly Asked[]): number {
  return Math.max(...asked.map(({ afterMs }) => afterMs));
}

const isList = (body: string) => body.includes("unsold_schedules > 0");

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

async function redis(...command: string[]): Promise<unknown> {
  const { url, token } = backend.upstash;
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(command),
  });
  return (await response.json()).result;
}

async function serves(ask: Ask): Promise<void> {
  const asked = await followers(ask);
  assert.deepEqual(statuses(asked), [200]);
  assert.ok(slowest(asked) < FOLLOWED_WITHIN_MS, `the last answer came after ${slowest(asked)} ms`);
}

/** Asks until the list is answered again, as it must be soon after Redis is well. */
async function untilServed(ask: Ask): Promise<void> {
  const startedMs = performance.now();
  while ((await ask()).status !== 200) {
    const passedMs = performance.now() - startedMs;
    assert.ok(passedMs < WELL_AGAIN_WITHIN_MS, `no list after ${passedMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

for (const when of ["before the followers ask", "while the followers wait"] as const) {
  Deno.test(`the leader disconnects ${when}, in a load that hangs: followers are answered`, async () => {
    const ask = await coldList();
    const list = watchList();
    backend.neon.faults.inject({ kind: "hang", times: 1, match: list.match });
    try {
      const leader = new AbortController();
      const lost = assert.rejects(ask(leader.signal), { name: "AbortError" });
      await list.first;
      if (when === "before the followers ask") leader.abort();
      const following = followers(ask);
      await new Promise((resolve) => setTimeout(resolve, 50));
      leader.abort();
      await lost;
      const asked = await following;
      assert.deepEqual(statuses(asked), [200]);
      assert.ok(slowest(asked) < FOLLOWED_WITHIN_MS, `the last came after ${slowest(asked)} ms`);
      await serves(ask);
    } finally {
      backend.neon.faults.clear();
    }
    await serves(ask);
  });
}

Deno.test("every reader of a load that hangs disconnects, and the next one is answered", async () => {
  const ask = await coldList();
  const list = watchList();
  backend.neon.faults.inject({ kind: "hang", times: 3, match: list.match });
  try {
    const crowd = new AbortController();
    const lost = Promise.allSettled(
      Array.from({ length: FOLLOWERS }, () => ask(crowd.signal)),
    );
    await list.first;
    await new Promise((resolve) => setTimeout(resolve, 50));
    crowd.abort();
    await lost;
    await serves(ask);
  } finally {
    backend.neon.faults.clear();
  }
});

Deno.test("the leader's load is answered 500: all are answered, and the next load succeeds", async () => {
  const ask = await coldList();
  // The statement may be sent once more by itself, so a load may take two answers to fail.
  backend.neon.faults.inject({ kind: "status500", times: 2, match: isList });
  try {
    const asked = await followers(ask);
    const told = statuses(asked);
    assert.ok(told.includes(503), "nobody was told of the failure");
    assert.ok(told.every((status) => status === 200 || status === 503), String(told));
    assert.ok(slowest(asked) < FOLLOWED_WITHIN_MS, `the last came after ${slowest(asked)} ms`);
  } finally {
    backend.neon.faults.clear();
  }
  await serves(ask);
});

Deno.test("the leader has been answered: the cache is filled all the same", async () => {
  const ask = await coldList();
  // Redis takes its time to say that it does not know the script, so the fill needs a second call.
  await redis("SCRIPT", "FLUSH");
  const isFill = (body: string) => body.includes(":cache:") && body.includes("concertId");
  backend.upstash.faults.inject({ kind: "drip", everyMs: 5, times: 1, match: isFill });
  assert.equal((await ask()).status, 200);
  const cached = async () => String(await redis("GET", "stanchion:cache:concerts:v1"));
  assert.doesNotMatch(await cached(), /^V/, "the fill was not after the answer");
  const deadlineMs = performance.now() + FOLLOWED_WITHIN_MS;
  while (!(await cached()).startsWith("V")) {
    assert.ok(performance.now() < deadlineMs, "the cache is not filled");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
});

Deno.test("Redis hangs: all are refused in time, the isolate stays alive, and it recovers", async () => {
  const ask = await coldList();
  backend.upstash.faults.inject({ kind: "hang" });
  try {
    const refused = followers(ask);
    const startedMs = performance.now();
    const alive = await fetch(`${workerd.url}/healthz`);
    await alive.body?.cancel();
    assert.equal(alive.status, 200);
    assert.ok(performance.now() - startedMs < 1_000, "it is alive only once Redis is given up");
    const asked = await refused;
    assert.deepEqual(statuses(asked), [503]);
    assert.ok(slowest(asked) < REDIS_GIVEN_UP_WITHIN_MS, `after ${slowest(asked)} ms`);
  } finally {
    backend.upstash.faults.clear();
  }
  await untilServed(ask);
  await serves(ask);
});

Deno.test("the cache alone hangs: all get the list without it", async () => {
  const ask = await coldList();
  const ofCacheAlone = (body: string) => body.startsWith('["') && body.includes(":cache:");
  backend.upstash.faults.inject({ kind: "hang", match: ofCacheAlone });
  try {
    const asked = await followers(ask);
    assert.deepEqual(statuses(asked), [200]);
    assert.ok(slowest(asked) < REDIS_GIVEN_UP_WITHIN_MS, `after ${slowest(asked)} ms`);
  } finally {
    backend.upstash.faults.clear();
  }
  await untilServed(ask);
  await serves(ask);
});
