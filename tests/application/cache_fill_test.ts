import { deepEqual, equal } from "node:assert/strict";
import { createCacheFill } from "../../src/application/cache_fill.ts";
import type { Cache } from "../../src/ports/cache.ts";

function scene({ fails = false } = {}) {
  const acts: unknown[] = [];
  const reports: string[] = [];
  async function act(...what: unknown[]): Promise<true> {
    if (fails) throw new Error("the cache is down");
    acts.push(what);
    return true;
  }
  const cache = {
    fill: (key, lease, json, ttlMs) => act("fill", key, lease, json, ttlMs),
    release: async (key, lease) => void await act("release", key, lease),
  } as Pick<Cache, "fill" | "release"> as Cache;
  const { fill, orElse } = createCacheFill({ cache, report: ({ what }) => reports.push(what) });
  const filled = async (loaded: { value: number; ttlMs: number } | null) => {
    await fill("key", "lease", Promise.resolve(loaded), (value) => `<${value}>`);
    return acts.pop();
  };
  return { acts, reports, fill, filled, orElse };
}

Deno.test("a loaded value fills the key under its lease, for whole milliseconds", async () => {
  const { filled } = scene();
  deepEqual(await filled({ value: 7, ttlMs: 300 }), ["fill", "key", "lease", "<7>", 300]);
  deepEqual(await filled({ value: 7, ttlMs: 1.9 }), ["fill", "key", "lease", "<7>", 1]);
});

Deno.test("nothing, a value without a time and a failed load release the lease", async () => {
  const { acts, fill, filled } = scene();
  for (
    const loaded of [null, { value: 7, ttlMs: 0 }, { value: 7, ttlMs: 0.9 }, {
      value: 7,
      ttlMs: -5,
    }]
  ) {
    deepEqual(await filled(loaded), ["release", "key", "lease"]);
  }
  await fill("key", "lease", Promise.reject(new Error("not loaded")), String);
  deepEqual(acts, [["release", "key", "lease"]]);
});

Deno.test("a failure of the cache is reported and is no failure of the caller", async () => {
  const { filled, orElse, reports } = scene({ fails: true });
  equal(await filled({ value: 7, ttlMs: 300 }), undefined);
  equal(await filled(null), undefined);
  equal(await orElse(() => Promise.reject(new Error("down")), "fallback"), "fallback");
  deepEqual(reports, ["cache_failed", "cache_failed", "cache_failed"]);
  equal(await orElse(async () => "found", "fallback"), "found");
});
