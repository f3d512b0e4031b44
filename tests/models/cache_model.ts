import type { Cache, CacheEntry } from "../../src/ports/cache.ts";
import { agree } from "./histories.ts";

const EMPTY: CacheEntry = { state: "EMPTY" };

/** A cache as the port tells it: a map with an end for each key. */
export function cacheModel(nowMs: () => number) {
  const kept = new Map<string, { entry: CacheEntry; takenAtMs: number; endsAtMs: number }>();

  function read(key: string): CacheEntry {
    const found = kept.get(key);
    return found && found.endsAtMs > nowMs() ? found.entry : EMPTY;
  }
  function stands(key: string, lease: string): boolean {
    const entry = read(key);
    return entry.state === "LEASED" && entry.lease === lease;
  }
  return {
    read,
    lease(key: string, lease: string, leaseTtlMs: number): CacheEntry {
      if (read(key).state === "EMPTY") {
        const takenAtMs = nowMs();
        const entry: CacheEntry = { state: "LEASED", lease };
        kept.set(key, { entry, takenAtMs, endsAtMs: takenAtMs + leaseTtlMs });
      }
      return read(key);
    },
    fill(key: string, lease: string, json: string, ttlMs: number): boolean {
      if (!stands(key, lease)) return false;
      const { takenAtMs } = kept.get(key)!;
      kept.set(key, { entry: { state: "HIT", json }, takenAtMs, endsAtMs: takenAtMs + ttlMs });
      return read(key).state === "HIT";
    },
    release(key: string, lease: string): void {
      if (stands(key, lease)) kept.delete(key);
    },
    evict(keys: readonly string[]): void {
      for (const key of keys) kept.delete(key);
    },
  };
}

/** What a broken cache does: the act never happens, or it does and nobody hears of it. */
export type Outage = "DEAF" | "MUTE";

/** The cache with the model at its side: each answer is compared, and either may break down. */
export function watchedCache(
  cache: Cache,
  nowMs: () => number,
  filled: (key: string, json: string) => void,
  evicted: (keys: readonly string[]) => void,
) {
  const model = cacheModel(nowMs);
  let outage: Outage | null = null;
  /** Kept here, because read-through takes what the cache throws for a miss. */
  const faults: unknown[] = [];

  async function act<Answer>(
    law: string,
    real: () => Promise<Answer>,
    modelled: () => Answer,
    done: () => void = () => {},
  ): Promise<Answer> {
    if (outage === "DEAF") throw new Error("the cache is deaf");
    const answer = await real();
    try {
      agree(law, answer ?? null, modelled() ?? null);
      done();
    } catch (fault) {
      faults.push(fault);
    }
    if (outage === "MUTE") throw new Error("the cache is mute");
    return answer;
  }

  const watched: Cache = {
    read: (key) => act("what is read", () => cache.read(key), () => model.read(key)),
    lease: (key, lease, ttlMs) =>
      act(
        "the first lease stays",
        () => cache.lease(key, lease, ttlMs),
        () => model.lease(key, lease, ttlMs),
      ),
    fill: (key, lease, json, ttlMs) => {
      let stood = false;
      return act(
        "only the lease that stands may fill",
        () => cache.fill(key, lease, json, ttlMs),
        () => stood = model.fill(key, lease, json, ttlMs),
        () => stood && filled(key, json),
      );
    },
    put: cache.put,
    release: (key, lease) =>
      act("a lease is released", () => cache.release(key, lease), () => model.release(key, lease)),
    evict: (keys) =>
      act(
        "keys are evicted",
        () => cache.evict(keys),
        () => model.evict(keys),
        () => evicted(keys),
      ),
  };
  return {
    watched,
    breakDown(as: Outage | null): void {
      outage = as;
    },
    standingLease(key: string): string | null {
      const entry = model.read(key);
      return entry.state === "LEASED" ? entry.lease : null;
    },
    /** Throws what a call has done wrong since it was last asked. */
    assertNoFault(): void {
      if (faults.length > 0) throw faults.shift();
    },
  };
}
