import { memoryCache } from "../../src/adapters/memory/cache.ts";
import { createReadThrough, type ReadThrough } from "../../src/application/read_through.ts";
import type { Loaded } from "../../src/application/singleflight.ts";
import type { RequestContext } from "../../src/application/request_context.ts";
import type { Cache, CacheEntry } from "../../src/ports/cache.ts";
import type { Random } from "../../src/ports/clock.ts";
import type { ReportedEvent } from "../../src/ports/report.ts";
import { createVirtualTime, settled } from "../support/virtual_time.ts";

export const KEY = "concerts:v1";
export const TTL_MS = 60_000;

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
  const time = createVirtualTime();
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
  async function advance(ms: number): Promise<void> {
    await settled();
    await time.advance(ms);
  }
  return { clock: time.clock, sleep: time.sleep, advance, cache: memory, isolate, fills, reports };
}
