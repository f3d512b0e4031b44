import type { Clock } from "../../ports/clock.ts";
import type { Cache, CacheEntry } from "../../ports/cache.ts";

/** Beyond this many keys the oldest goes. */
const MAX_KEYS = 10_000;

interface Kept {
  readonly entry: Exclude<CacheEntry, { state: "EMPTY" }>;
  /** When the lease was taken under which the entry stands. */
  readonly takenAtMs: number;
  readonly expiresAtMs: number;
}

/** The cache in this process's memory. It keeps texts, so nothing that is handed out is shared. */
export function memoryCache({ clock }: { clock: Clock }): Cache {
  const kept = new Map<string, Kept>();

  function stands(key: string): CacheEntry {
    const found = kept.get(key);
    if (!found) return { state: "EMPTY" };
    if (found.expiresAtMs > clock()) return found.entry;
    kept.delete(key);
    return { state: "EMPTY" };
  }

  function put(key: string, entry: Kept["entry"], takenAtMs: number, ttlMs: number): void {
    if (!kept.has(key) && kept.size >= MAX_KEYS) kept.delete(kept.keys().next().value!);
    kept.set(key, { entry, takenAtMs, expiresAtMs: takenAtMs + ttlMs });
  }

  function holds(key: string, lease: string): boolean {
    const entry = stands(key);
    return entry.state === "LEASED" && entry.lease === lease;
  }

  return {
    async read(key) {
      return stands(key);
    },
    async lease(key, lease, leaseTtlMs) {
      if (stands(key).state === "EMPTY") put(key, { state: "LEASED", lease }, clock(), leaseTtlMs);
      return stands(key);
    },
    async fill(key, lease, json, ttlMs) {
      if (!holds(key, lease)) return false;
      put(key, { state: "HIT", json }, kept.get(key)!.takenAtMs, ttlMs);
      return stands(key).state === "HIT";
    },
    async release(key, lease) {
      if (holds(key, lease)) kept.delete(key);
    },
    async evict(keys) {
      for (const key of keys) kept.delete(key);
    },
  };
}
