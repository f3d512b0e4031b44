import type { UpstashParts } from "../../support/upstash.ts";
import { sleep } from "../../support/wait.ts";
import type { RequestContext } from "../../../src/application/request_context.ts";
import { createReadThrough } from "../../../src/application/read_through.ts";
import type { Loaded } from "../../../src/application/singleflight.ts";
import type { Cache } from "../../../src/ports/cache.ts";
import type { Clock } from "../../../src/ports/clock.ts";

export const READERS = 14;
export const WRITERS = 2;
/** Whenever so many more reads have ended, a writer makes several changes in a row. */
export const READS_A_BURST = 100;
const CHANGES_A_BURST = 4;
const TTL_MS = 60_000;
export const LOAD_MS = 3;
/** How long a lock of the SETNX cache lasts at most, and when its followers look again. */
const LOCK_MS = 3_000;
const LOOK_AGAIN_MS = 5;

const call: RequestContext = {
  afterAnswer() {
    throw new Error("a fill does not wait for the answer");
  },
  keepAlive: (task) => void task,
};

/** A cache of one number, with an eviction. */
export interface Kept {
  read(load: () => Promise<number>): Promise<number>;
  evict(): Promise<unknown>;
}

/** Our cache, read through by an isolate of its own. */
export function leased(cache: Cache, key: string, clock: Clock = Date.now): Kept {
  const through = createReadThrough({
    cache,
    clock,
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
export function naive({ redis }: UpstashParts, key: string): Kept {
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

/** What is written next: one loads behind a lock, and the others look again. */
export function locked({ redis }: UpstashParts, key: string): Kept {
  return {
    async read(load) {
      for (;;) {
        const found = await redis.command("GET", key);
        if (found !== null) return Number(found);
        const lock = ["SET", `${key}:lock`, "1", "NX", "PX", `${LOCK_MS}`] as const;
        if (await redis.command(...lock) === null) {
          await sleep(LOOK_AGAIN_MS);
          continue;
        }
        const value = await load();
        await redis.command("SET", key, `${value}`, "PX", `${TTL_MS}`);
        await redis.command("DEL", `${key}:lock`);
        return value;
      }
    },
    evict: () => redis.command("DEL", key),
  };
}

/** Readers against writers; gives how many reads got a value older than was evicted before them. */
export async function race(
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
