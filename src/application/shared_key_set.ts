import { type DatedKeySet, isKeySet, KEY_SET_USABLE_MS } from "../domain/key_set.ts";
import type { Cache } from "../ports/cache.ts";
import type { Report } from "../ports/report.ts";
import { keySetKey } from "./cache_keys.ts";

/**
 * The last good key set, shared by the isolates of a deployment. Nothing depends on it: a failure
 * is reported and counts as a miss, and neither method throws.
 */
export interface SharedKeySet {
  read(): Promise<DatedKeySet | null>;
  write(keySet: DatedKeySet): Promise<void>;
}

export interface SharedKeySetDependencies {
  readonly cache: Cache;
  /** The address of the key set. A key set of another address is another one. */
  readonly url: string;
  /** Known to the deployment alone. The first authenticates, all verify. */
  readonly secrets: readonly string[];
  readonly report: Report;
}

const HMAC = { name: "HMAC", hash: "SHA-256" };
const encoder = new TextEncoder();

/**
 * The key set in the cache, with a MAC: a writer to the cache who does not know the
 * secrets, must not be able to bring in keys of their own.
 */
export function createSharedKeySet(
  { cache, url, secrets, report }: SharedKeySetDependencies,
): SharedKeySet {
  const key = keySetKey(url);
  const macKey = (secret: string) =>
    crypto.subtle.importKey("raw", encoder.encode(secret), HMAC, false, ["sign", "verify"]);
  const authenticated = (text: string) => encoder.encode(`${key}\n${text}`);

  async function isAuthentic(text: string, mac: string): Promise<boolean> {
    for (const secret of secrets) {
      const signature = Uint8Array.fromHex(mac);
      const data = authenticated(text);
      if (await crypto.subtle.verify("HMAC", await macKey(secret), signature, data)) return true;
    }
    return false;
  }

  async function orElse<Value>(act: () => Promise<Value>, fallback: Value): Promise<Value> {
    try {
      return await act();
    } catch (error) {
      report({ what: "cache_failed", error });
      return fallback;
    }
  }

  return {
    read: () =>
      orElse(async () => {
        const entry = await cache.read(key);
        if (entry.state !== "HIT") return null;
        const { text, mac } = JSON.parse(entry.json);
        if (!await isAuthentic(text, mac)) throw new Error("the shared key set has a wrong MAC");
        const { document, fetchedAtMs } = JSON.parse(text);
        return isKeySet(document) ? { document, fetchedAtMs } : null;
      }, null),
    write: (keySet) =>
      orElse(async () => {
        const text = JSON.stringify(keySet);
        const mac = await crypto.subtle.sign(
          "HMAC",
          await macKey(secrets[0]!),
          authenticated(text),
        );
        const json = JSON.stringify({ text, mac: new Uint8Array(mac).toHex() });
        await cache.put(key, json, KEY_SET_USABLE_MS);
      }, undefined),
  };
}
