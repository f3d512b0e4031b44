import type { memoryCache } from "../../../src/adapters/memory/cache.ts";
import type { Cache } from "../../../src/ports/cache.ts";
import type { TestClock } from "../../support/test_clock.ts";

/** A cache that can be brought back to an earlier moment, as a replica that lags is. */
export interface LoggedCache extends Cache {
  forget(): void;
  save(): () => Promise<void>;
}

interface Done {
  readonly atMs: number;
  readonly act: (cache: Cache) => Promise<unknown>;
}

export function loggedCache(make: typeof memoryCache, clock: TestClock): LoggedCache {
  let cache = make({ clock });
  let log: Done[] = [];

  async function logged<Answer>(act: (cache: Cache) => Promise<Answer>): Promise<Answer> {
    log.push({ atMs: clock(), act });
    return await act(cache);
  }
  return {
    read: (key) => cache.read(key),
    lease: (...args) => logged((one) => one.lease(...args)),
    fill: (...args) => logged((one) => one.fill(...args)),
    put: (...args) => logged((one) => one.put(...args)),
    release: (...args) => logged((one) => one.release(...args)),
    evict: (...args) => logged((one) => one.evict(...args)),
    forget() {
      cache = make({ clock });
      log = [];
    },
    save() {
      const saved = [...log];
      return async () => {
        const nowMs = clock();
        cache = make({ clock });
        for (const { atMs, act } of saved) {
          clock.advance(atMs - clock());
          await act(cache);
        }
        clock.advance(nowMs - clock());
        log = [...saved];
      };
    },
  };
}
