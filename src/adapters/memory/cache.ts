import type { Clock } from "../../ports/clock.ts";
import type { Cache, CacheEntry } from "../../ports/cache.ts";

/** When the cache has this many keys, a new key evicts the oldest. */
const MAX_KEYS = 10_000;

interface StoredEntry {
  readonly entry: Exclude<CacheEntry, { state: "EMPTY" }>;
  /** When the lease of the entry was taken. A value keeps the time of its lease. */
  readonly takenAtMs: number;
  readonly expiresAtMs: number;
}

/** The cache in this process's memory. Values are strings, so callers cannot change them. */
export function memoryCache({ clock }: { clock: Clock }): Cache {
  const stored = new Map<string, StoredEntry>();

  function entryOf(key: string): CacheEntry {
    const found = stored.get(key);
    if (!found) return { state: "EMPTY" };
    if (found.expiresAtMs > clock()) return found.entry;
    stored.delete(key);
    return { state: "EMPTY" };
  }

  function put(key: string, entry: StoredEntry["entry"], takenAtMs: number, ttlMs: number): void {
    if (!stored.has(key) && stored.size >= MAX_KEYS) stored.delete(stored.keys().next().value!);
    stored.set(key, { entry, takenAtMs, expiresAtMs: takenAtMs + ttlMs });
  }

  function isLeasedBy(key: string, lease: string): boolean {
    const entry = entryOf(key);
    return entry.state === "LEASED" && entry.lease === lease;
  }

  return {
    async read(key) {
      return entryOf(key);
    },
    async lease(key, lease, leaseTtlMs) {
      if (entryOf(key).state === "EMPTY") put(key, { state: "LEASED", lease }, clock(), leaseTtlMs);
      return entryOf(key);
    },
    async fill(key, lease, json, ttlMs) {
      if (!isLeasedBy(key, lease)) return false;
      put(key, { state: "HIT", json }, stored.get(key)!.takenAtMs, ttlMs);
      return entryOf(key).state === "HIT";
    },
    async put(key, json, ttlMs) {
      put(key, { state: "HIT", json }, clock(), ttlMs);
    },
    async release(key, lease) {
      if (isLeasedBy(key, lease)) stored.delete(key);
    },
    async evict(keys) {
      for (const key of keys) stored.delete(key);
    },
  };
}
