import assert from "node:assert/strict";
import type { Loaded } from "../../src/application/singleflight.ts";
import { settled } from "../support/virtual_time.ts";
import { heldLoad, isolates, KEY, TTL_MS } from "./isolates.ts";

const EMPTY = { state: "EMPTY" };

function loaded<Value>(value: Value, ttlMs = TTL_MS): () => Promise<Loaded<Value>> {
  return async () => ({ value, ttlMs });
}
async function unexpected(): Promise<never> {
  throw new Error("nothing should be loaded");
}

Deno.test("a hit is answered from the cache alone", async () => {
  const { cache, isolate } = isolates();
  await cache.lease(KEY, "filler", 1_000);
  await cache.fill(KEY, "filler", '{"seats":[1,2]}', TTL_MS);
  assert.deepEqual(await isolate().ask(unexpected), { seats: [1, 2] });
});

Deno.test("a miss loads, answers and fills", async () => {
  const { cache, isolate, fills } = isolates();
  const here = isolate();
  assert.deepEqual(await here.ask(loaded(["a"])), ["a"]);
  await settled();
  assert.deepEqual(await cache.read(KEY), { state: "HIT", json: '["a"]' });
  assert.deepEqual(await here.ask(unexpected), ["a"]);
  assert.deepEqual(fills, ['["a"]']);
});

Deno.test("an empty list is a value", async () => {
  const { isolate } = isolates();
  assert.deepEqual(await isolate().ask(loaded([])), []);
  await settled();
  assert.deepEqual(await isolate().ask(unexpected), []);
});

Deno.test("a value that was found just now by another caller is not loaded again", async () => {
  const { isolate } = isolates();
  const here = isolate();
  await here.ask(loaded("a"));
  await settled();
  // The request had read an empty cache before the other one filled it.
  assert.equal(await here.askAfter({ state: "EMPTY" }, unexpected), "a");
});

Deno.test("1,000 callers at once make one load and one fill", async () => {
  const { isolate, fills } = isolates();
  const here = isolate();
  const { load, begun, land } = heldLoad<string>();
  const answers = Array.from({ length: 1_000 }, () => here.ask(load));
  await settled();
  assert.equal(begun(), 1);
  land("a");
  assert.deepEqual(new Set(await Promise.all(answers)), new Set(["a"]));
  await settled();
  assert.equal(begun(), 1);
  assert.deepEqual(fills, ['"a"']);
});

Deno.test("a missing value is never cached", async () => {
  const { cache, isolate, fills } = isolates();
  const here = isolate();
  const { load, begun, landEmpty } = heldLoad<string>();
  const answers = [here.ask(load), here.ask(load)];
  await settled();
  landEmpty();
  assert.deepEqual(await Promise.all(answers), [null, null]);
  assert.equal(begun(), 1);
  await settled();
  assert.deepEqual(await cache.read(KEY), EMPTY);
  assert.deepEqual(fills, []);
  assert.equal(await here.ask(loaded("there now")), "there now");
});

Deno.test("a load that fails rejects for its callers, and releases its lease", async () => {
  const { cache, isolate, reports } = isolates();
  const here = isolate();
  const { load, begun, fail } = heldLoad<string>();
  const answers = [here.ask(load), here.ask(load)];
  await settled();
  fail(new Error("no database"));
  const outcomes = await Promise.allSettled(answers);
  assert.deepEqual(outcomes.map(({ status }) => status), ["rejected", "rejected"]);
  assert.equal(begun(), 1);
  await settled();
  assert.deepEqual(await cache.read(KEY), EMPTY);
  assert.deepEqual(reports, []);
  assert.equal(await here.ask(loaded("back")), "back");
});

Deno.test("the TTL of a value starts with its load", async () => {
  const { advance, cache, isolate } = isolates();
  const { load, land } = heldLoad<string>();
  const answer = isolate().ask(load);
  await advance(400);
  land("a", 1_000);
  assert.equal(await answer, "a");
  await settled();
  await advance(599);
  assert.deepEqual(await cache.read(KEY), { state: "HIT", json: '"a"' });
  await advance(1);
  assert.deepEqual(await cache.read(KEY), EMPTY);
});

Deno.test("a value that changed while it was loaded is answered and not kept", async () => {
  const { advance, cache, isolate, fills } = isolates();
  const { load, land } = heldLoad<string>();
  const answer = isolate().ask(load);
  await advance(1_000);
  land("a", 1_000);
  assert.equal(await answer, "a");
  await settled();
  assert.deepEqual(fills, []);
  assert.deepEqual(await cache.read(KEY), EMPTY);
});

Deno.test("a load begun before an eviction never fills", async () => {
  const { cache, isolate, fills } = isolates();
  const here = isolate();
  const before = heldLoad<string>();
  const answer = here.ask(before.load);
  await settled();
  await cache.evict([KEY]);
  before.land("old");
  assert.equal(await answer, "old");
  await settled();
  assert.deepEqual(fills, []);
  assert.deepEqual(await cache.read(KEY), EMPTY);
});

Deno.test("no caller after an eviction joins a load from before it", async () => {
  const { cache, isolate, fills } = isolates();
  const here = isolate();
  const before = heldLoad<string>();
  const after = heldLoad<string>();
  const early = [here.ask(before.load), here.ask(before.load)];
  await settled();
  await cache.evict([KEY]);
  const late = [here.ask(after.load), here.ask(after.load)];
  await settled();
  assert.equal(after.begun(), 1);
  after.land("new");
  assert.deepEqual(await Promise.all(late), ["new", "new"]);
  before.land("old");
  assert.deepEqual(await Promise.all(early), ["old", "old"]);
  await settled();
  assert.deepEqual(fills, ['"new"']);
  assert.deepEqual(await cache.read(KEY), { state: "HIT", json: '"new"' });
});

Deno.test("a cache that fails to lease is a miss, and is reported", async () => {
  const error = new Error("no cache");
  const { isolate, reports, fills } = isolates({ broken: { lease: () => Promise.reject(error) } });
  assert.equal(await isolate().ask(loaded("a")), "a");
  await settled();
  assert.deepEqual(reports, [{ what: "cache_failed", error }]);
  assert.deepEqual(fills, []);
});

for (const [method, load] of [["fill", loaded("a")], ["release", async () => null]] as const) {
  Deno.test(`a cache that fails to ${method} is reported, and the answer is unchanged`, async () => {
    const error = new Error("no cache");
    const { isolate, reports } = isolates({ broken: { [method]: () => Promise.reject(error) } });
    assert.equal(await isolate().ask(load), (await load())?.value ?? null);
    await settled();
    assert.deepEqual(reports, [{ what: "cache_failed", error }]);
  });
}

Deno.test("a text that is not a value is a miss, and is reported", async () => {
  const { isolate, cache, reports } = isolates();
  await cache.lease(KEY, "other", TTL_MS);
  await cache.fill(KEY, "other", "not JSON", TTL_MS);
  const answer = await isolate().ask(() => Promise.resolve({ value: ["loaded"], ttlMs: TTL_MS }));
  assert.deepEqual(answer, ["loaded"]);
  assert.deepEqual(reports.map(({ what }) => what), ["cache_failed"]);
});

Deno.test("concurrent callers make one load also when the cache is broken", async () => {
  const { isolate } = isolates({ broken: { lease: () => Promise.reject(new Error("no cache")) } });
  const here = isolate();
  const { load, begun, land } = heldLoad<string>();
  const answers = Array.from({ length: 100 }, () => here.ask(load));
  await settled();
  land("a");
  assert.deepEqual(new Set(await Promise.all(answers)), new Set(["a"]));
  assert.equal(begun(), 1);
});
