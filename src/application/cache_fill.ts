import type { Cache } from "../ports/cache.ts";
import type { Report } from "../ports/report.ts";
import type { Loaded } from "./singleflight.ts";

/** The steps of every cache that is filled under a lease. A failure of the cache is a miss. */
export interface CacheFill {
  /** Reports a failure of the cache, and gives the fallback. */
  orElse<Value>(act: () => Promise<Value>, fallback: Value): Promise<Value>;
  /** Fills the key with what was loaded under the lease, or releases the lease. */
  fill<Value>(
    key: string,
    lease: string,
    loading: Promise<Loaded<Value>>,
    toJson: (value: Value) => string,
  ): Promise<void>;
}

export function createCacheFill(
  { cache, report }: { readonly cache: Cache; readonly report: Report },
): CacheFill {
  async function orElse<Value>(act: () => Promise<Value>, fallback: Value): Promise<Value> {
    try {
      return await act();
    } catch (error) {
      report({ what: "cache_failed", error });
      return fallback;
    }
  }
  return {
    orElse,
    async fill(key, lease, loading, toJson) {
      const loaded = await loading.catch(() => null);
      const ttlMs = loaded ? Math.floor(loaded.ttlMs) : 0;
      await orElse(async () => {
        if (loaded && ttlMs > 0) await cache.fill(key, lease, toJson(loaded.value), ttlMs);
        else await cache.release(key, lease);
      }, undefined);
    },
  };
}
