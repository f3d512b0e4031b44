/** A JSON Web Key Set (RFC 7517): the public keys that verify user tokens. */
export interface KeySetDocument {
  readonly keys: readonly Readonly<Record<string, unknown>>[];
}

/** A key set and when the identity provider gave it. */
export interface DatedKeySet {
  readonly document: KeySetDocument;
  readonly fetchedAtMs: number;
}

/** A key set older than this is fetched anew. */
export const KEY_SET_REFRESH_MS = 10 * 60_000;
/** Two attempts to fetch it have at least this distance, whether they succeed or not. */
export const KEY_SET_ATTEMPT_INTERVAL_MS = 30_000;
/** While it cannot be fetched, the last good key set verifies tokens up to this age. */
export const KEY_SET_USABLE_MS = 24 * 3600_000;
/** The longest time that a fetch may take, and that a request waits for one. */
export const KEY_SET_DEADLINE_MS = 3_000;

/** Whether this is a key set with a key. An empty one would refuse every token. */
export function isKeySet(value: unknown): value is KeySetDocument {
  if (typeof value !== "object" || value === null) return false;
  const { keys } = value as { keys?: unknown };
  return Array.isArray(keys) && keys.length > 0 &&
    keys.every((key) => typeof key === "object" && key !== null && !Array.isArray(key));
}
