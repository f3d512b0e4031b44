import { deepEqual, equal, rejects } from "node:assert/strict";
import {
  KEY_SET_ATTEMPT_INTERVAL_MS,
  KEY_SET_REFRESH_MS,
  KEY_SET_USABLE_MS,
} from "../../src/domain/key_set.ts";
import { DependencyError } from "../../src/domain/failures.ts";
import type { Cache } from "../../src/ports/cache.ts";
import { settled } from "../support/virtual_time.ts";
import { type Isolate, keySetOf, keySetWorld } from "./key_set_world.ts";

const MINUTE_MS = 60_000;
const A = keySetOf("a");
const B = keySetOf("b");
const AB = keySetOf("a", "b");

const latest = (isolate: Isolate) => isolate.latest(isolate.context);
const laterThan = (isolate: Isolate, known = A) => isolate.laterThan(isolate.context, known);

Deno.test("the last good key set serves through an hour of outage, and follows its end", async () => {
  const { clock, serve, fetches, isolate } = keySetWorld();
  serve(A);
  const here = isolate();
  deepEqual(await latest(here), A);
  serve(null);
  for (let minute = 0; minute < 60; minute++) {
    clock.advance(MINUTE_MS);
    deepEqual(await latest(here), A, `minute ${minute}`);
    await here.settle();
  }
  equal(fetches() > 40, true, "it goes on trying");
  serve(AB);
  clock.advance(KEY_SET_ATTEMPT_INTERVAL_MS);
  await latest(here);
  await here.settle();
  deepEqual(await latest(here), AB);
});

Deno.test("a fresh isolate in the outage finds the keys that another one shared", async () => {
  const { clock, serve, isolate } = keySetWorld();
  serve(A);
  const before = isolate();
  await latest(before);
  await before.settle();
  serve(null);
  clock.advance(60 * MINUTE_MS);
  deepEqual(await latest(isolate()), A);
  await rejects(latest(isolate({ secrets: ["another"] })), DependencyError);
  deepEqual(await latest(isolate({ secrets: ["another", "secret"] })), A, "secrets rotate");
});

Deno.test("keys in the cache that the deployment did not write verify nothing", async () => {
  const { cache, clock, isolate } = keySetWorld();
  const text = JSON.stringify({ document: keySetOf("evil"), fetchedAtMs: clock() });
  for (const json of [JSON.stringify({ text, mac: "00".repeat(32) }), text, "no JSON", "null"]) {
    await cache.put("key_set:v1:https://id.test/jwks", json, 1_000);
    await rejects(latest(isolate()), DependencyError, json);
  }
});

Deno.test("a broken cache is a miss", async () => {
  const { serve, isolate, reports } = keySetWorld();
  serve(A);
  const fail = () => Promise.reject(new Error("broken"));
  const broken: Cache = {
    read: fail,
    put: fail,
    lease: fail,
    fill: fail,
    release: fail,
    evict: fail,
  };
  const here = isolate({ cache: broken });
  deepEqual(await latest(here), A);
  await here.settle();
  deepEqual(reports.map(({ what }) => what), ["cache_failed", "cache_failed"]);
});

Deno.test("attempts have a distance of an interval, failures included", async () => {
  const { clock, fetches, isolate } = keySetWorld();
  const here = isolate();
  for (let second = 0; second < 120; second++) {
    await rejects(latest(here), DependencyError);
    clock.advance(1_000);
  }
  equal(fetches(), 4);
});

Deno.test("unknown keys cause at most one fetch an interval, whatever comes", async () => {
  const { clock, serve, fetches, isolate } = keySetWorld();
  for (const provider of [A, null]) {
    serve(provider);
    const here = isolate();
    const before = fetches();
    for (let second = 0; second < 300; second++) {
      const known = await latest(here).catch(() => A);
      await Promise.all(Array.from({ length: 20 }, () => laterThan(here, known)));
      await here.settle();
      clock.advance(1_000);
    }
    equal(fetches() - before <= 10, true, `${fetches() - before} fetches in ten intervals`);
  }
});

Deno.test("a rotation is followed by the first token with the new key, an interval later at most", async () => {
  const { clock, serve, isolate } = keySetWorld();
  serve(A);
  const here = isolate();
  const known = await latest(here);
  await here.settle();
  serve(AB);
  equal(await laterThan(here, known), null, "the interval has not ended");
  clock.advance(KEY_SET_ATTEMPT_INTERVAL_MS);
  deepEqual(await laterThan(here, known), AB);
  await here.settle();
  deepEqual(await isolate().latest(here.context), AB, "another isolate adopts it");
});

Deno.test("the key set is fetched anew when it is old, and a token never waits for it in an outage", async () => {
  const { clock, serve, hold, fetches, isolate } = keySetWorld();
  serve(A);
  const here = isolate();
  await latest(here);
  clock.advance(KEY_SET_REFRESH_MS - 1);
  await latest(here);
  equal(fetches(), 1);
  serve(null);
  clock.advance(1);
  await latest(here);
  equal(fetches(), 2);
  const answer = hold(AB);
  clock.advance(KEY_SET_ATTEMPT_INTERVAL_MS);
  let served: unknown;
  void latest(here).then((document) => served = document);
  await settled();
  deepEqual(served, A);
  answer();
  await here.settle();
  deepEqual(await latest(here), AB);
});

Deno.test("keys that are a day old verify nothing", async () => {
  const { clock, serve, isolate } = keySetWorld();
  serve(A);
  const here = isolate();
  await latest(here);
  serve(null);
  clock.advance(KEY_SET_USABLE_MS - 1);
  deepEqual(await latest(here), A);
  clock.advance(1);
  await rejects(latest(here), DependencyError);
  await rejects(latest(isolate()), DependencyError);
});

Deno.test("callers at once share a load", async () => {
  const { hold, fetches, isolate } = keySetWorld();
  const answer = hold(A);
  const here = isolate();
  const callers = Array.from({ length: 100 }, () => latest(here));
  await settled();
  answer();
  deepEqual(new Set(await Promise.all(callers)), new Set([A]));
  equal(fetches(), 1);
});

Deno.test("a clock that is set back does not stop the attempts", async () => {
  const { clock, serve, isolate } = keySetWorld();
  const here = isolate();
  await rejects(latest(here), DependencyError);
  serve(A);
  clock.advance(-3_600_000);
  deepEqual(await latest(here), A);
});

Deno.test("an outage is reported, and is forgotten when the provider answers again", async () => {
  const { clock, serve, reports, isolate } = keySetWorld();
  serve(A);
  const here = isolate();
  await latest(here);
  await here.settle();
  clock.advance(KEY_SET_REFRESH_MS);
  serve(null);
  deepEqual(await latest(here), A);
  await here.settle();
  deepEqual(reports.map(({ what }) => what), ["dependency_failed"]);
  clock.advance(KEY_SET_ATTEMPT_INTERVAL_MS);
  serve(B);
  await latest(here);
  await here.settle();
  deepEqual(await latest(here), B);
  clock.advance(KEY_SET_REFRESH_MS);
  serve(AB);
  deepEqual(await latest(here), AB, "the caller waits for the new key set, as before the outage");
});

Deno.test("an outage is forgotten when another isolate has fetched the key set", async () => {
  const { clock, serve, isolate } = keySetWorld();
  serve(A);
  const [here, there] = [isolate(), isolate()];
  await latest(here);
  await here.settle();
  clock.advance(KEY_SET_REFRESH_MS);
  serve(null);
  await latest(here);
  await here.settle();
  clock.advance(KEY_SET_ATTEMPT_INTERVAL_MS);
  serve(B);
  await latest(there);
  await there.settle();
  clock.advance(1);
  await latest(here);
  await here.settle();
  deepEqual(await latest(here), B);
  clock.advance(KEY_SET_REFRESH_MS);
  serve(AB);
  deepEqual(await latest(here), AB);
});
