import assert from "node:assert/strict";
import { settled } from "../support/virtual_time.ts";
import { heldLoad, isolates, KEY, TTL_MS } from "./isolates.ts";

/** Longer than a follower of another isolate waits for the leader, shorter than a lease lasts. */
const PATIENCE_MS = 1_000;
const LEASE_IS_OVER_MS = 10_000;

Deno.test("a follower in another isolate waits for the value and loads nothing", async () => {
  const { advance, isolate, fills } = isolates();
  const leader = heldLoad<string>();
  const follower = heldLoad<string>();
  const led = isolate().ask(leader.load);
  await settled();
  const followed = isolate().ask(follower.load);
  await advance(20);
  leader.land("a");
  await advance(PATIENCE_MS);
  assert.equal(await led, "a");
  assert.equal(await followed, "a");
  assert.equal(follower.begun(), 0);
  assert.deepEqual(fills, ['"a"']);
});

Deno.test("followers whose leader never fills make one load for their isolate, without filling", async () => {
  const { advance, cache, isolate, fills } = isolates();
  const leader = heldLoad<string>();
  const follower = heldLoad<string>();
  const led = isolate().ask(leader.load);
  await settled();
  const elsewhere = isolate();
  const followed = Array.from({ length: 50 }, () => elsewhere.ask(follower.load));
  await advance(300); // beyond that they would trust it no longer
  assert.equal(follower.begun(), 1);
  follower.land("theirs");
  assert.deepEqual(new Set(await Promise.all(followed)), new Set(["theirs"]));
  await settled();
  assert.deepEqual(fills, []);
  assert.equal((await cache.read(KEY)).state, "LEASED");

  leader.land("ours");
  assert.equal(await led, "ours");
  await settled();
  assert.deepEqual(fills, ['"ours"']);
});

Deno.test("a follower does not wait for a leader that found nothing", async () => {
  const { advance, isolate, fills } = isolates();
  const leader = heldLoad<string>();
  const follower = heldLoad<string>();
  void isolate().ask(leader.load);
  await settled();
  const followed = isolate().ask(follower.load);
  await settled();
  leader.landEmpty();
  await settled();
  // The first look at the cache is enough to see it.
  await advance(25);
  assert.equal(follower.begun(), 1);
  follower.landEmpty();
  assert.equal(await followed, null);
  assert.deepEqual(fills, []);
});

Deno.test("a follower who sees the lease evicted takes no older value", async () => {
  const { advance, cache, isolate, fills } = isolates();
  const before = heldLoad<string>();
  const after = heldLoad<string>();
  const early = isolate().ask(before.load);
  await settled();
  const followed = isolate().ask(after.load);
  await settled();
  await cache.evict([KEY]);
  before.land("old");
  assert.equal(await early, "old");
  await advance(PATIENCE_MS);
  after.land("new");
  assert.equal(await followed, "new");
  assert.deepEqual(fills, []);
});

Deno.test("a follower reports a cache that cannot be read, and loads", async () => {
  const error = new Error("no cache");
  const { advance, isolate, reports } = isolates({ broken: { read: () => Promise.reject(error) } });
  const follower = heldLoad<string>();
  const followed = isolate().askAfter({ state: "LEASED", lease: "elsewhere" }, follower.load);
  await advance(PATIENCE_MS);
  follower.land("a");
  assert.equal(await followed, "a");
  assert.deepEqual(reports, [{ what: "cache_failed", error }]);
});

Deno.test("a leader that hangs does not hang its own isolate", async () => {
  const { advance, isolate, fills } = isolates();
  const here = isolate();
  const cutOff = heldLoad<string>();
  const again = heldLoad<string>();
  void here.ask(cutOff.load);
  await settled();
  const followed = Array.from({ length: 100 }, () => here.ask(again.load));
  await advance(PATIENCE_MS / 5);
  assert.equal(again.begun(), 1);
  again.land("a");
  assert.deepEqual(new Set(await Promise.all(followed)), new Set(["a"]));
  await settled();
  assert.deepEqual(fills, []);
});

Deno.test("no caller hangs for ever, even if one load after the other hangs", async () => {
  const { advance, isolate } = isolates();
  const here = isolate();
  const hangs = heldLoad<string>();
  const lands = heldLoad<string>();
  let loads = 0;
  const load = () => ++loads <= 3 ? hangs.load() : lands.load();
  // The caller that starts a load hangs with it; all others get the first value that lands.
  const answers = Array.from({ length: 20 }, () => here.ask(load));
  let answered = 0;
  for (const answer of answers) void answer.then(() => answered++);
  lands.land("a");
  await advance(PATIENCE_MS);
  assert.equal(answered, 17);
});

Deno.test("concurrent callers whose leader never fills make one load, with any spread of waits", async () => {
  let drawn = 0;
  const { advance, sleep, isolate } = isolates({ random: () => (drawn++ % 100) / 100 });
  const cutOff = heldLoad<string>();
  void isolate().ask(cutOff.load);
  await settled();
  const elsewhere = isolate();
  let loads = 0;
  const followed = Array.from({ length: 100 }, () =>
    elsewhere.ask(async () => {
      loads++;
      await sleep(5);
      return { value: "a", ttlMs: TTL_MS };
    }));
  await advance(PATIENCE_MS);
  assert.deepEqual(new Set(await Promise.all(followed)), new Set(["a"]));
  assert.equal(loads, 1);
});

Deno.test("a leader that hangs does not hang another isolate, and its lease lapses", async () => {
  const { advance, cache, isolate, fills } = isolates();
  const cutOff = heldLoad<string>();
  const elsewhere = isolate();
  const hung = isolate().ask(cutOff.load);
  await settled();
  const followed = elsewhere.ask(async () => ({ value: "a", ttlMs: TTL_MS }));
  await advance(PATIENCE_MS);
  assert.equal(await followed, "a");

  await advance(LEASE_IS_OVER_MS);
  assert.equal(await elsewhere.ask(async () => ({ value: "b", ttlMs: TTL_MS })), "b");
  await settled();
  assert.deepEqual(fills, ['"b"']);
  cutOff.land("too late");
  assert.equal(await hung, "too late");
  await settled();
  assert.deepEqual(await cache.read(KEY), { state: "HIT", json: '"b"' });
});
