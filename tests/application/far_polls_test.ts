import { deepEqual, equal, rejects } from "node:assert/strict";
import { DependencyError } from "../../src/domain/failures.ts";
import type { Standing } from "../../src/domain/queue.ts";
import { FIRST, frontOf, RULES, tokenOfFan, UNMEASURED } from "../support/fronts.ts";
import {
  type FrontIsolate,
  frontWorld,
  requestContext,
  WAITING_TTL_QUARTER_MS,
} from "./front_isolates.ts";

const FAR = tokenOfFan();
const NEAR = tokenOfFan({ isNear: true });

function poll({ service }: FrontIsolate, token = FAR) {
  return service.status(requestContext(), token);
}

/** The answer of the queue about a far place, proven at this time. */
function waiting(provenAtMs: number): Standing {
  return {
    state: "WAITING",
    order: FAR.order,
    ahead: 77,
    positionIs: "AT_MOST",
    isNear: false,
    pollAfterSeconds: 20,
    expiresAtMs: provenAtMs,
    provenAtMs,
    speed: UNMEASURED,
    rules: RULES,
    seats: "SOME",
    countStock: false,
  };
}

Deno.test("a far fan is answered from the document, without the queue", async () => {
  const { store, isolate } = frontWorld();
  const line = await poll(isolate());
  deepEqual(line.state === "WAITING" && [line.ahead, line.positionIs, line.newToken], [
    3_999,
    "AT_MOST",
    null,
  ]);
  deepEqual([store.asked, store.loads], [[], 1]);
});

Deno.test("a near token is never answered from a document", async () => {
  const { store, isolate } = frontWorld();
  equal((await poll(isolate(), NEAR)).state, "GONE");
  deepEqual([store.asked, store.loads], [[NEAR], 0]);
});

Deno.test("the queue answers a token that the document says is near, and one of another epoch", async () => {
  const { store, isolate } = frontWorld();
  const one = isolate();
  const almost = tokenOfFan({ order: FIRST + 1_200 });
  const earlier = tokenOfFan({ epoch: "earlier" });
  for (const token of [almost, earlier]) equal((await poll(one, token)).state, "GONE");
  deepEqual(store.asked, [almost, earlier]);
});

Deno.test("the queue answers when it has no rules of the room", async () => {
  const { store, isolate } = frontWorld();
  store.front = null;
  equal((await poll(isolate())).state, "GONE");
  deepEqual(store.asked, [FAR]);
});

Deno.test("a proof that is due asks the queue, and its answer renews the token", async () => {
  const { clock, store, advance, isolate } = frontWorld();
  const one = isolate();
  await advance(WAITING_TTL_QUARTER_MS);
  store.standing = waiting(clock());
  const line = await poll(one);
  const newToken = { ...FAR, madeAtMs: clock() };
  deepEqual(line.state === "WAITING" && [line.ahead, line.newToken], [77, newToken]);
  await poll(one, newToken);
  deepEqual(store.asked, [FAR], "the renewed token is far again");
});

Deno.test("during an outage a far fan is told to wait, without a position, until 30 s", async () => {
  const { store, advance, isolate } = frontWorld();
  const one = isolate();
  await poll(one);
  store.isDown = true;
  await advance(29_999);
  const line = await poll(one);
  deepEqual(line.state === "WAITING" && [line.ahead, line.positionIs, line.wait], [
    null,
    null,
    null,
  ]);
  await advance(1);
  await rejects(poll(one), DependencyError);
  deepEqual(store.asked, []);
});

Deno.test("a proof that is due waits for the end of an outage", async () => {
  const { store, advance, isolate, reports } = frontWorld();
  const one = isolate();
  await advance(WAITING_TTL_QUARTER_MS);
  const fresh = tokenOfFan({ madeAtMs: FAR.madeAtMs + WAITING_TTL_QUARTER_MS });
  await poll(one, fresh);
  store.isDown = true;
  // The document is fresh, and only the proof fails.
  const line = await poll(one);
  deepEqual(line.state === "WAITING" && [line.ahead, line.newToken], [null, null]);
  deepEqual(reports.map(({ what }) => what), ["dependency_failed"]);
  await advance(1_000);
  equal((await poll(one)).state, "WAITING");
  deepEqual(store.asked, [FAR]);
});

Deno.test("during an outage a near fan gets the failure of the queue", async () => {
  const { store, isolate } = frontWorld();
  const one = isolate();
  await poll(one);
  store.isDown = true;
  for (const token of [NEAR, tokenOfFan({ order: FIRST + 1_200 })]) {
    await rejects(poll(one, token), DependencyError);
  }
});

Deno.test("a fan who was left ahead of by no document asks the queue once the line moved", async () => {
  const { store, advance, isolate } = frontWorld();
  const one = isolate();
  await poll(one);
  store.front = frontOf({ called: FIRST + 4_900, near: FIRST + 5_100 });
  await advance(1_000);
  await poll(one);
  deepEqual(store.asked, [FAR]);
});
