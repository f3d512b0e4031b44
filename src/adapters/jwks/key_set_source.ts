import { isKeySet, KEY_SET_DEADLINE_MS } from "../../domain/key_set.ts";
import type { KeySetSource } from "../../ports/key_set_source.ts";
import type { Trace } from "../../ports/trace.ts";
import { boundedText } from "../fetch/bounded_text.ts";

/** A longer answer is no key set. */
const MAX_KEY_SET_BYTES = 256 * 1024;

export interface JwksKeySetSourceOptions {
  readonly url: string;
  readonly trace: Pick<Trace, "headers">;
  /** A signal that aborts after so many milliseconds. */
  readonly deadline?: (ms: number) => AbortSignal;
}

/** Fetches the key set of `USER_JWKS_URL`. It follows no redirect. */
export function jwksKeySetSource(
  { url, trace, deadline = (ms) => AbortSignal.timeout(ms) }: JwksKeySetSourceOptions,
): KeySetSource {
  return {
    async fetch() {
      const response = await fetch(url, {
        headers: { Accept: "application/json, application/jwk-set+json", ...trace.headers() },
        redirect: "manual",
        signal: deadline(KEY_SET_DEADLINE_MS),
      });
      if (response.status !== 200) {
        await response.body?.cancel();
        throw new Error(`the key set answered ${response.status}`);
      }
      const value: unknown = JSON.parse(
        await boundedText(response, MAX_KEY_SET_BYTES, "the key set"),
      );
      if (!isKeySet(value)) throw new Error("the answer is no key set with keys");
      return value;
    },
  };
}
