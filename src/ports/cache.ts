/**
 * A cache of JSON texts with a fill lease under the same key: whoever finds a key empty may take
 * its lease, load, and fill only if that very lease still stands. An eviction removes value or
 * lease alike, so a load that began before an eviction can never fill after it.
 */
export interface Cache {
  read(key: string): Promise<CacheEntry>;
  /** Takes the lease if the key is empty, and tells what stands under the key afterwards. */
  lease(key: string, lease: string, leaseTtlMs: number): Promise<CacheEntry>;
  /**
   * Replaces exactly this lease by the value; false if it no longer stands. The TTL counts from
   * when the lease was taken, by the cache's own clock: a load may have taken its time.
   */
  fill(key: string, lease: string, json: string, ttlMs: number): Promise<boolean>;
  /** Removes exactly this lease. */
  release(key: string, lease: string): Promise<void>;
  evict(keys: readonly string[]): Promise<void>;
}

export type CacheEntry =
  | { readonly state: "HIT"; readonly json: string }
  | { readonly state: "LEASED"; readonly lease: string }
  | { readonly state: "EMPTY" };
