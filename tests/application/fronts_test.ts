import { deepEqual, equal, rejects } from "node:assert/strict";
import type { Front } from "../../src/domain/front.ts";
import { MAIN_ROOM } from "../../src/domain/ids.ts";
import { frontOf } from "../support/fronts.ts";
import { settled } from "../support/virtual_time.ts";
import { ageOf, frontWorld, requestContext } from "./front_isolates.ts";

Deno.test("a document is used at 999 ms and loaded again at 1,000 ms", async () => {
  const { clock, store, advance, isolate } = frontWorld();
  const one = isolate();
  equal(await ageOf(one, clock), "0 ms");
  await advance(999);
  equal(await ageOf(one, clock), "999 ms");
  equal(store.loads, 1);
  await advance(1);
  equal(await ageOf(one, clock), "0 ms");
  equal(store.loads, 2);
});

Deno.test("the age counts from before the request, by the clock of the isolate", async () => {
  const { clock, store, advance, isolate } = frontWorld();
  const one = isolate();
  store.repliesAfterMs = 400;
  const asked = ageOf(one, clock);
  await advance(400);
  equal(await asked, "400 ms");
  await advance(599);
  equal(await ageOf(one, clock), "999 ms");
  store.repliesAfterMs = 0;
  await advance(1);
  equal(await ageOf(one, clock), "0 ms");
  equal(store.loads, 2);
});

Deno.test("a document of the future, after a step back of the clock, is not used", async () => {
  const { clock, store, isolate } = frontWorld();
  const one = isolate();
  await ageOf(one, clock);
  clock.advance(-1);
  equal(await ageOf(one, clock), "0 ms");
  equal(store.loads, 2);
});

Deno.test("a store that replies after more than a second counts as one that does not answer", async () => {
  const { clock, store, advance, isolate } = frontWorld();
  store.repliesAfterMs = 1_000;
  const asked = ageOf(isolate(), clock);
  await advance(1_000);
  equal(await asked, "1000 ms, outage");
});

Deno.test("a document that came along with an answer is used, and none is loaded", async () => {
  const { clock, store, advance, isolate } = frontWorld();
  const one = isolate();
  one.keptFronts.keep(MAIN_ROOM, frontOf({ takenAtMs: clock() }));
  await advance(999);
  equal(await ageOf(one, clock), "999 ms");
  equal(store.loads, 0);
});

Deno.test("while the store does not answer a document is used until 30 s, and then none", async () => {
  const { clock, store, advance, isolate, reports } = frontWorld();
  const one = isolate();
  await ageOf(one, clock);
  store.isDown = true;
  await advance(999);
  equal(await ageOf(one, clock), "999 ms");
  await advance(1);
  equal(await ageOf(one, clock), "1000 ms, outage");
  await advance(28_999);
  equal(await ageOf(one, clock), "29999 ms, outage");
  deepEqual(reports.map(({ what }) => what), ["dependency_failed", "dependency_failed"]);
  await advance(1);
  equal(await ageOf(one, clock), "no answer");
  store.isDown = false;
  equal(await ageOf(one, clock), "0 ms");
});

Deno.test("with short polls an old document is used no longer than a turn lasts", async () => {
  const { clock, store, advance, isolate } = frontWorld();
  const rules = { ...frontOf().rules, pollMinSeconds: 5, pollMaxSeconds: 5 };
  store.front = frontOf({ rules });
  const one = isolate();
  await ageOf(one, clock);
  store.isDown = true;
  await advance(19_999);
  equal(await ageOf(one, clock), "19999 ms, outage");
  await advance(1);
  equal(await ageOf(one, clock), "no answer");
});

Deno.test("an isolate that has no document gets the failure of the store", async () => {
  const { clock, store, isolate } = frontWorld();
  store.isDown = true;
  equal(await ageOf(isolate(), clock), "no answer");
});

Deno.test("a fault that is no failure of a store is not hidden by an old document", async () => {
  const { clock, advance, isolate, store } = frontWorld();
  const one = isolate();
  await ageOf(one, clock);
  await advance(1_000);
  Object.defineProperty(store, "front", {
    get: () => {
      throw new TypeError("a fault");
    },
  });
  await rejects(ageOf(one, clock), TypeError);
});

Deno.test("a room without rules has no document, and is asked for again", async () => {
  const { clock, store, isolate } = frontWorld();
  const one = isolate();
  store.front = null;
  equal(await ageOf(one, clock), "no rules");
  store.front = frontOf();
  equal(await ageOf(one, clock), "0 ms");
});

Deno.test("many who ask at once make one load", async () => {
  const { clock, store, advance, isolate } = frontWorld();
  const one = isolate();
  store.repliesAfterMs = 100;
  const asked = Array.from({ length: 50 }, () => ageOf(one, clock));
  await advance(100);
  deepEqual(new Set(await Promise.all(asked)), new Set(["100 ms"]));
  equal(store.loads, 1);
});

Deno.test("followers of a load that does not end make one load after 200 ms", async () => {
  const { clock, store, advance, isolate } = frontWorld();
  const one = isolate();
  store.repliesAfterMs = 60_000;
  void ageOf(one, clock);
  await settled();
  store.repliesAfterMs = 50;
  const followers = Array.from({ length: 20 }, () => ageOf(one, clock));
  await advance(199);
  equal(store.loads, 1);
  await advance(51);
  deepEqual(new Set(await Promise.all(followers)), new Set(["50 ms"]));
  equal(store.loads, 2);
});

Deno.test("a load outlives the request that began it", async () => {
  const { isolate } = frontWorld();
  const context = requestContext();
  await isolate().fronts.present(context, MAIN_ROOM);
  equal(context.followed.length, 1);
});

Deno.test("whoever loads when a count is due has the stock counted after the answer", async () => {
  const { store, recounts, isolate } = frontWorld();
  store.countsStock = true;
  await isolate().fronts.present(requestContext(), MAIN_ROOM);
  deepEqual(recounts, [MAIN_ROOM]);
});

/** What the isolates of one location share. */
function location() {
  const documents = new Map<string, Front>();
  const frontDocuments = {
    read: (room: string) => Promise.resolve(documents.get(room) ?? null),
    write: (room: string, front: Front) => Promise.resolve(void documents.set(room, front)),
  };
  return { documents, frontDocuments };
}

Deno.test("isolates of a location share documents, and one of them renews for all", async () => {
  const { frontDocuments } = location();
  const { clock, store, advance, isolate } = frontWorld({ frontDocuments });
  // They renew after 600, 800 and 999 ms.
  const [one, two, three] = [isolate(0), isolate(0.5), isolate(0.9975)];
  await ageOf(two, clock);
  await advance(599);
  for (const each of [one, two, three]) equal(await ageOf(each, clock), "599 ms");
  equal(store.loads, 1);
  await advance(1);
  equal(await ageOf(two, clock), "600 ms");
  equal(await ageOf(one, clock), "0 ms");
  equal(store.loads, 2);
  await advance(200);
  equal(await ageOf(two, clock), "200 ms", "the one that the first one wrote");
  equal(await ageOf(three, clock), "800 ms");
  equal(store.loads, 2);
});

Deno.test("nobody else renewed: each isolate loads before the document is 1,000 ms old", async () => {
  const { frontDocuments } = location();
  const { clock, store, advance, isolate } = frontWorld({ frontDocuments });
  const last = isolate(0.9975);
  await ageOf(last, clock);
  await advance(998);
  equal(await ageOf(last, clock), "998 ms");
  await advance(1);
  equal(await ageOf(last, clock), "0 ms");
  equal(store.loads, 2);
});

Deno.test("a shared document that is too old helps nobody, not even during an outage", async () => {
  const { documents, frontDocuments } = location();
  const { clock, store, isolate } = frontWorld({ frontDocuments });
  documents.set(MAIN_ROOM, frontOf({ takenAtMs: clock() - 1_000 }));
  store.isDown = true;
  equal(await ageOf(isolate(), clock), "no answer");
});
