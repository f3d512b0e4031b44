/**
 * A cache of JSON texts with a fill lease under the same key. A caller that finds the key empty
 * may take the lease, load, and fill only if the same lease still exists. An eviction removes
 * value or lease, so a load that began before an eviction cannot fill after it.
 */
export interface Cache {
  read(key: string): Promise<CacheEntry>;
  /** Takes the lease if the key is empty; gives the entry of the key afterwards. */
  lease(key: string, lease: string, leaseTtlMs: number): Promise<CacheEntry>;
  /**
   * Replaces exactly this lease by the value; false if it no longer exists. The TTL counts from
   * the time of the lease by the cache's own clock, because the value is as old as its load.
   */
  fill(key: string, lease: string, json: string, ttlMs: number): Promise<boolean>;
  /** Sets a value that no eviction removes, whatever the key has. */
  put(key: string, json: string, ttlMs: number): Promise<void>;
  /** Removes exactly this lease. */
  release(key: string, lease: string): Promise<void>;
  evict(keys: readonly string[]): Promise<void>;
}

export type CacheEntry =
  | { readonly state: "HIT"; readonly json: string }
  | { readonly state: "LEASED"; readonly lease: string }
  | { readonly state: "EMPTY" };

/** A key to read, with the beginning of the value that the caller has, if it has one. */
export interface KnownRead {
  readonly key: string;
  readonly known: string | null;
}

/** KNOWN: the value begins as the caller said. */
export type KnownEntry = CacheEntry | { readonly state: "KNOWN" };
