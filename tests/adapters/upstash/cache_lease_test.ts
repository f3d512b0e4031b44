import { deepEqual, equal, ok } from "node:assert/strict";
import pLimit from "p-limit";
import { upstashCache } from "../../../src/adapters/upstash/cache.ts";
import type { Call } from "../../../src/application/call.ts";
import { type Loaded, readThrough } from "../../../src/application/read_through.ts";
import { redisIsInstalled } from "../../../src/edge/redis_server.ts";
import type { Cache } from "../../../src/ports/cache.ts";
import { openUpstash, type UpstashForTests, upstashParts } from "../../support/upstash.ts";

// A hundred thousand: STANCHION_READS=100000 deno test -A tests/adapters/upstash/cache_lease_test.ts
const READS_IN_CI = 10_000;
const READS_OF_STAND_IN = 1_000;
const READERS = 14;
const WRITERS = 2;
/** Whenever so many more reads have ended, a writer makes several changes in a row. */
const READS_A_BURST = 100;
const CHANGES_A_BURST = 4;
const TTL_MS = 60_000;
const LOAD_MS = 3;

const asked = Number(Deno.env.get("STANCHION_READS") ?? 0);
const READS = asked || (await redisIsInstalled() ? READS_IN_CI : READS_OF_STAND_IN);
const ISOLATES = 10;
const REQUESTS_OF_ISOLATE = asked ? 1_000 : 200;
/** Connections that are open at once, for the sake of the process's file descriptors. */
const MOST_CONNECTIONS = 100;

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash();
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
const call: Call = {
  afterAnswer() {
    throw new Error("a fill does not wait for the answer");
  },
  keepAlive: (task) => void task,
};

/** Something that keeps a number for its readers, and can be told to forget it. */
interface Kept {
  read(load: () => Promise<number>): Promise<number>;
  evict(): Promise<unknown>;
}

/** Our cache, read through by an isolate of its own. */
function leased(cache: Cache, key: string): Kept {
  const through = readThrough({
    cache,
    clock: Date.now,
    newId: () => crypto.randomUUID(),
    random: () => 0.5,
    sleep,
    report: ({ error }) => {
      throw error;
    },
  });
  const loaded = async (load: () => Promise<number>): Promise<Loaded<number>> => ({
    value: await load(),
    ttlMs: TTL_MS,
  });
  return {
    async read(load) {
      return (await through(call, key, await cache.read(key), () => loaded(load)))!;
    },
    evict: () => cache.evict([key]),
  };
}

/** What everybody writes first: SET what was loaded, DEL what has changed. */
function naive({ redis }: ReturnType<typeof upstashParts>, key: string): Kept {
  return {
    async read(load) {
      const found = await redis.command("GET", key);
      if (found !== null) return Number(found);
      const value = await load();
      await redis.command("SET", key, `${value}`, "PX", `${TTL_MS}`);
      return value;
    },
    evict: () => redis.command("DEL", key),
  };
}

/** Readers against writers; gives how many reads got a value older than was evicted before them. */
async function race(
  allReads: number,
  makeKept: () => Kept,
): Promise<{ stale: number; changes: number }> {
  let committed = 0;
  let evicted = 0;
  let reads = 0;
  let stale = 0;

  /** The answer is of the moment of the question, and then takes its time. */
  async function load(): Promise<number> {
    const value = committed;
    await sleep(LOAD_MS);
    return value;
  }
  async function reader(): Promise<void> {
    const { read } = makeKept();
    while (reads < allReads) {
      const least = evicted;
      if (await read(load) < least) stale++;
      reads++;
    }
  }
  async function writer(): Promise<void> {
    const { evict } = makeKept();
    for (let next = READS_A_BURST; next < allReads; next += READS_A_BURST) {
      while (reads < next) await sleep(0);
      for (let change = 0; change < CHANGES_A_BURST; change++) {
        const changed = ++committed;
        await evict();
        evicted = Math.max(evicted, changed);
        // So that the next change falls into the loads that this one has caused.
        await sleep(LOAD_MS / 2);
      }
    }
  }
  const all = (count: number, act: () => Promise<void>) => Array.from({ length: count }, act);
  await Promise.all([...all(READERS, reader), ...all(WRITERS, writer)]);
  return { stale, changes: committed };
}

Deno.test("cache: no read that begins after an acknowledged eviction gets an older value", async () => {
  const parts = upstashParts(upstash!.endpoint, Date.now);
  const cache = upstashCache({ ...parts, prefix: "race" });
  const ours = await race(READS, () => leased(cache, "value"));
  const theirs = await race(READS / 4, () => naive(parts, "race:naive"));
  console.log(
    `${READERS} readers and ${WRITERS} writers: of ${READS} reads ${ours.stale} were stale after ` +
      `${ours.changes} changes; with SET and DEL ${theirs.stale} of ${
        READS / 4
      } after ${theirs.changes}`,
  );
  equal(ours.stale, 0);
  ok(ours.changes >= READS / READS_A_BURST, "too few changes to tell anything");
  ok(theirs.stale > 0, "this race would not tell a cache that is wrong");
});

Deno.test("cache: a cold key is filled once, and loaded once by an isolate at most", async () => {
  const parts = upstashParts(upstash!.endpoint, Date.now);
  const over = upstashCache({ ...parts, prefix: "cold" });
  const turn = pLimit(MOST_CONNECTIONS);
  let fills = 0;
  const cache: Cache = {
    ...over,
    read: (key) => turn(() => over.read(key)),
    lease: (...args) => turn(() => over.lease(...args)),
    async fill(...args) {
      const filled = await over.fill(...args);
      if (filled) fills++;
      return filled;
    },
  };
  const loads = Array.from({ length: ISOLATES }, () => 0);
  const answers = await Promise.all(loads.flatMap((_, isolate) => {
    const { read } = leased(cache, "value");
    return Array.from({ length: REQUESTS_OF_ISOLATE }, () =>
      read(async () => {
        loads[isolate]!++;
        await sleep(LOAD_MS);
        return 42;
      }));
  }));
  deepEqual(new Set(answers), new Set([42]));
  equal(answers.length, ISOLATES * REQUESTS_OF_ISOLATE);
  console.log(`${answers.length} requests of ${ISOLATES} isolates: ${loads.join(" ")} loads`);
  ok(loads.every((count) => count <= 1));
  ok(loads.some((count) => count === 1));
  equal(fills, 1);
});
