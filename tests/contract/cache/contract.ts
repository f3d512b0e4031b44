import assert from "node:assert/strict";
import type { Cache } from "../../../src/ports/cache.ts";

export interface CacheHarness {
  readonly cache: Cache;
  /** Lets time pass for all that the cache keeps. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

const KEY = "concerts:v1";
const OTHER = "schedules:v1:1";
/** Redis expires keys by its own clock, so they are far longer than any test takes. */
const LEASE_MS = 300_000;
const TTL_MS = 6_000_000;
const EMPTY = { state: "EMPTY" };

/** What every adapter of the Cache port does. The name of each test begins with `name`. */
export function cacheContract(name: string, harness: () => Promise<CacheHarness>): void {
  function test(what: string, act: (made: CacheHarness) => Promise<void>): void {
    Deno.test(`${name}: ${what}`, async () => {
      const made = await harness();
      try {
        await act(made);
      } finally {
        await made.close();
      }
    });
  }
  async function fillKey(cache: Cache, key: string, json: string): Promise<void> {
    await cache.lease(key, "filler", LEASE_MS);
    assert.equal(await cache.fill(key, "filler", json, TTL_MS), true);
  }

  test("an unknown key is empty", async ({ cache }) => {
    assert.deepEqual(await cache.read(KEY), EMPTY);
  });

  test("`lease()` takes an empty key, and the first lease stays", async ({ cache }) => {
    const mine = { state: "LEASED", lease: "mine" };
    assert.deepEqual(await cache.lease(KEY, "mine", LEASE_MS), mine);
    assert.deepEqual(await cache.lease(KEY, "theirs", LEASE_MS), mine);
    assert.deepEqual(await cache.lease(KEY, "mine", LEASE_MS), mine);
    assert.deepEqual(await cache.read(KEY), mine);
    assert.deepEqual(await cache.read(OTHER), EMPTY);
  });

  test("one of many concurrent callers gets the lease", async ({ cache }) => {
    const leases = Array.from({ length: 50 }, (_, i) => `lease-${i}`);
    const entries = await Promise.all(leases.map((lease) => cache.lease(KEY, lease, LEASE_MS)));
    const standing = new Set(entries.map((entry) => JSON.stringify(entry)));
    assert.deepEqual([...standing], [JSON.stringify(await cache.read(KEY))]);
  });

  test("`put()` sets a value over whatever the key has, until its TTL", async ({ cache, pass }) => {
    await cache.lease(KEY, "mine", LEASE_MS);
    for (const json of ["[1]", "[2]"]) {
      await cache.put(KEY, json, TTL_MS);
      assert.deepEqual(await cache.read(KEY), { state: "HIT", json });
    }
    assert.equal(await cache.fill(KEY, "mine", "[3]", TTL_MS), false);
    await pass(TTL_MS);
    assert.deepEqual(await cache.read(KEY), EMPTY);
  });

  test("`fill()` replaces the lease by the value", async ({ cache }) => {
    await cache.lease(KEY, "mine", LEASE_MS);
    assert.equal(await cache.fill(KEY, "mine", "[1]", TTL_MS), true);
    const hit = { state: "HIT", json: "[1]" };
    assert.deepEqual(await cache.read(KEY), hit);
    assert.deepEqual(await cache.lease(KEY, "late", LEASE_MS), hit);
    assert.equal(await cache.fill(KEY, "mine", "[2]", TTL_MS), false);
    assert.deepEqual(await cache.read(KEY), hit);
  });

  test("`fill()` needs the current lease", async ({ cache }) => {
    assert.equal(await cache.fill(KEY, "mine", "[1]", TTL_MS), false);
    assert.deepEqual(await cache.read(KEY), EMPTY);
    await cache.lease(KEY, "mine", LEASE_MS);
    assert.equal(await cache.fill(KEY, "theirs", "[2]", TTL_MS), false);
    assert.deepEqual(await cache.read(KEY), { state: "LEASED", lease: "mine" });
  });

  test("no value text is taken for a lease", async ({ cache }) => {
    await fillKey(cache, KEY, '"mine"');
    for (const lease of ['"mine"', "mine", ""]) {
      assert.equal(await cache.fill(KEY, lease, "[2]", TTL_MS), false);
      await cache.release(KEY, lease);
    }
    assert.deepEqual(await cache.read(KEY), { state: "HIT", json: '"mine"' });
  });

  test("the TTL of a value starts when its lease is taken", async ({ cache, pass }) => {
    await cache.lease(KEY, "mine", LEASE_MS);
    await pass(200_000);
    assert.equal(await cache.fill(KEY, "mine", "[1]", TTL_MS), true);
    await pass(TTL_MS - 250_000);
    assert.equal((await cache.read(KEY)).state, "HIT");
    await pass(50_000);
    assert.deepEqual(await cache.read(KEY), EMPTY);
  });

  test("a value whose TTL is over on arrival is not kept", async ({ cache, pass }) => {
    await cache.lease(KEY, "mine", LEASE_MS);
    await pass(200_000);
    assert.equal(await cache.fill(KEY, "mine", "[1]", 200_000), false);
    assert.deepEqual(await cache.read(KEY), EMPTY);
  });

  test("a value lives as long as it was given", async ({ cache, pass }) => {
    await fillKey(cache, KEY, "[1]");
    await pass(TTL_MS - LEASE_MS);
    assert.equal((await cache.read(KEY)).state, "HIT");
    await pass(LEASE_MS);
    assert.deepEqual(await cache.read(KEY), EMPTY);
    assert.equal((await cache.lease(KEY, "next", LEASE_MS)).state, "LEASED");
  });

  test("a lease lapses, and its load can no longer fill", async ({ cache, pass }) => {
    await cache.lease(KEY, "slow", LEASE_MS);
    await pass(LEASE_MS);
    assert.deepEqual(await cache.read(KEY), EMPTY);
    assert.equal(await cache.fill(KEY, "slow", "[1]", TTL_MS), false);
    const next = { state: "LEASED", lease: "next" };
    assert.deepEqual(await cache.lease(KEY, "next", LEASE_MS), next);
    assert.equal(await cache.fill(KEY, "slow", "[1]", TTL_MS), false);
    assert.deepEqual(await cache.read(KEY), next);
  });

  test("`lease()` of a leased key does not prolong the lease", async ({ cache, pass }) => {
    await cache.lease(KEY, "mine", LEASE_MS);
    await pass(LEASE_MS / 2);
    await cache.lease(KEY, "theirs", LEASE_MS);
    await pass(LEASE_MS / 2);
    assert.deepEqual(await cache.read(KEY), EMPTY);
  });

  test("`evict()` removes values and leases, of every key named", async ({ cache }) => {
    await fillKey(cache, KEY, "[1]");
    await cache.lease(OTHER, "mine", LEASE_MS);
    await fillKey(cache, "kept", "[3]");
    await cache.evict([KEY, OTHER, "unknown"]);
    await cache.evict([]);
    assert.deepEqual(await cache.read(KEY), EMPTY);
    assert.deepEqual(await cache.read(OTHER), EMPTY);
    assert.deepEqual(await cache.read("kept"), { state: "HIT", json: "[3]" });
  });

  test("a load begun before an eviction cannot fill after it", async ({ cache }) => {
    await cache.lease(KEY, "before", LEASE_MS);
    await cache.evict([KEY]);
    assert.equal(await cache.fill(KEY, "before", "[1]", TTL_MS), false);
    assert.deepEqual(await cache.read(KEY), EMPTY);
    await cache.lease(KEY, "after", LEASE_MS);
    assert.equal(await cache.fill(KEY, "before", "[1]", TTL_MS), false);
    assert.equal(await cache.fill(KEY, "after", "[2]", TTL_MS), true);
    assert.deepEqual(await cache.read(KEY), { state: "HIT", json: "[2]" });
  });

  test("`release()` removes that lease and no other", async ({ cache }) => {
    await cache.release(KEY, "mine");
    await cache.lease(KEY, "mine", LEASE_MS);
    await cache.release(KEY, "theirs");
    assert.deepEqual(await cache.read(KEY), { state: "LEASED", lease: "mine" });
    await cache.release(KEY, "mine");
    assert.deepEqual(await cache.read(KEY), EMPTY);
  });

  test("values are texts and are returned byte for byte", async ({ cache }) => {
    const texts = [
      "[]",
      "0",
      '""',
      '"é 🎫 \\u0000"',
      '{ "a" : [ 1.50, null ] }',
      "9007199254740993",
    ];
    for (const [i, json] of texts.entries()) {
      await fillKey(cache, `text-${i}`, json);
      assert.deepEqual(await cache.read(`text-${i}`), { state: "HIT", json });
    }
  });
}
