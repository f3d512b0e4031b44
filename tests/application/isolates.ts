import { memoryCache } from "../../src/adapters/memory/cache.ts";
import { createReadThrough, type ReadThrough } from "../../src/application/read_through.ts";
import type { Loaded } from "../../src/application/singleflight.ts";
import type { RequestContext } from "../../src/application/request_context.ts";
import type { Cache, CacheEntry } from "../../src/ports/cache.ts";
import type { Random } from "../../src/ports/clock.ts";
import type { ReportedEvent } from "../../src/ports/report.ts";
import { testClock } from "../support/test_clock.ts";

export const KEY = "concerts:v1";
export const TTL_MS = 60_000;

/** Lets everything run that waits for no clock. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 100; turn++) await Promise.resolve();
}

/** Time that stands still until it is advanced; sleepers then wake in the order of their time. */
function testTime() {
  const clock = testClock();
  let sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];
  return {
    clock,
    sleep(ms: number): Promise<void> {
      return new Promise((wake) => sleepers.push({ atMs: clock() + ms, wake }));
    },
    async advance(ms: number): Promise<void> {
      const untilMs = clock() + ms;
      await settled();
      for (;;) {
        const next = sleepers.toSorted((a, b) => a.atMs - b.atMs)[0];
        if (!next || next.atMs > untilMs) break;
        clock.advance(next.atMs - clock());
        sleepers = sleepers.filter((sleeper) => sleeper !== next);
        next.wake();
        await settled();
      }
      clock.advance(untilMs - clock());
    },
  };
}

/** A load that a test ends when it likes. */
export function heldLoad<Value>() {
  const { promise, resolve, reject } = Promise.withResolvers<Loaded<Value>>();
  let begun = 0;
  return {
    load: () => (begun++, promise),
    begun: () => begun,
    land: (value: Value, ttlMs = TTL_MS) => resolve({ value, ttlMs }),
    landEmpty: () => resolve(null),
    fail: (error: Error) => reject(error),
  };
}

export interface Isolate {
  /** Asks as a request does: reads the cache first, then reads through it. */
  ask<Value>(load: () => Promise<Loaded<Value>>): Promise<Value | null>;
  /** Asks with what an earlier read found. */
  askAfter<Value>(found: CacheEntry, load: () => Promise<Loaded<Value>>): Promise<Value | null>;
}

/** One cache and one time, and as many isolates over them as a test wants. */
export function isolates(
  { broken = {}, random = () => 0 }: { broken?: Partial<Cache>; random?: Random } = {},
) {
  const time = testTime();
  const memory = memoryCache({ clock: time.clock });
  const fills: string[] = [];
  const cache: Cache = {
    ...memory,
    async fill(key, lease, json, ttlMs) {
      const filled = await memory.fill(key, lease, json, ttlMs);
      if (filled) fills.push(json);
      return filled;
    },
    ...broken,
  };
  const reports: ReportedEvent[] = [];
  let made = 0;

  function isolate(): Isolate {
    const through: ReadThrough = createReadThrough({
      cache,
      clock: time.clock,
      newId: () => `lease-${++made}`,
      random,
      sleep: time.sleep,
      report: (event) => reports.push(event),
    });
    const call: RequestContext = {
      afterAnswer: () => {
        throw new Error("a fill does not wait for the answer");
      },
      keepAlive: (task) => void task,
    };
    return {
      ask: async (load) => await through(call, KEY, await memory.read(KEY), load),
      askAfter: (found, load) => through(call, KEY, found, load),
    };
  }
  return { ...time, cache: memory, isolate, fills, reports };
}
