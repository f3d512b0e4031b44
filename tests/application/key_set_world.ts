import { memoryCache } from "../../src/adapters/memory/cache.ts";
import { createKeySet, type KeySet } from "../../src/application/key_set.ts";
import { createSharedKeySet } from "../../src/application/shared_key_set.ts";
import type { KeySetDocument } from "../../src/domain/key_set.ts";
import type { Cache } from "../../src/ports/cache.ts";
import type { ReportedEvent } from "../../src/ports/report.ts";
import { type TestClock, testClock } from "../support/test_clock.ts";

export const keySetOf = (...kids: string[]): KeySetDocument => ({
  keys: kids.map((kid) => ({ kty: "EC", kid })),
});

/** An identity provider, a cache that isolates share, and the time. */
export interface KeySetWorld {
  readonly clock: TestClock;
  readonly cache: Cache;
  readonly reports: ReportedEvent[];
  readonly fetches: () => number;
  /** What the provider answers from now on; null: it is down. */
  serve(document: KeySetDocument | null): void;
  /** What the provider answers only when the result is called. */
  hold(document: KeySetDocument): () => void;
  isolate(options?: { readonly cache?: Cache; readonly secrets?: readonly string[] }): Isolate;
}

export interface Isolate extends KeySet {
  readonly context: { keepAlive(task: Promise<unknown>): void };
  /** Waits for all that follows the answers so far. */
  settle(): Promise<void>;
}

export function keySetWorld(): KeySetWorld {
  const clock = testClock();
  const shared = memoryCache({ clock });
  const reports: ReportedEvent[] = [];
  let fetches = 0;
  let answer: () => Promise<KeySetDocument> = () => Promise.reject(new Error("down"));
  return {
    clock,
    cache: shared,
    reports,
    fetches: () => fetches,
    serve(document) {
      answer = () => document ? Promise.resolve(document) : Promise.reject(new Error("down"));
    },
    hold(document) {
      const { promise, resolve } = Promise.withResolvers<KeySetDocument>();
      answer = () => promise;
      return () => resolve(document);
    },
    isolate({ cache = shared, secrets = ["secret"] } = {}) {
      const report = (event: ReportedEvent) => void reports.push(event);
      const tasks: Promise<unknown>[] = [];
      const keySet = createKeySet({
        source: { fetch: () => (fetches++, answer()) },
        shared: createSharedKeySet({ cache, url: "https://id.test/jwks", secrets, report }),
        clock,
        report,
      });
      return {
        ...keySet,
        context: { keepAlive: (task) => void tasks.push(task) },
        async settle() {
          while (tasks.length > 0) await Promise.all(tasks.splice(0));
        },
      };
    },
  };
}
