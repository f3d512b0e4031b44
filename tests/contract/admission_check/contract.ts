import { deepEqual, equal, fail } from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import type { AdmissionCheck } from "../../../src/ports/admission_check.ts";
import type { Cache } from "../../../src/ports/cache.ts";
import type { QueueStore } from "../../../src/ports/queue_store.ts";
import { firstRules, TEST_SETTINGS } from "../queue_store/harness.ts";

export interface AdmissionCheckHarness {
  readonly queue: QueueStore;
  readonly cache: Cache;
  readonly check: AdmissionCheck;
  close(): Promise<void>;
}

type Scene = AdmissionCheckHarness & { readonly place: PlaceRef };

const TTL_MS = 600_000;
const EMPTY = { state: "EMPTY" };
const KNOWN = { state: "KNOWN" };

/** What every adapter of the AdmissionCheck port does. The name of each test begins with `name`. */
export function admissionCheckContract(
  name: string,
  harness: () => Promise<AdmissionCheckHarness>,
): void {
  function test(what: string, act: (scene: Scene) => Promise<void>): void {
    Deno.test(`${name}: ${what}`, async () => {
      const made = await harness();
      try {
        await made.queue.applyRules(MAIN_ROOM, firstRules(TEST_SETTINGS));
        const joined = await made.queue.join(MAIN_ROOM, "ann" as FanId, null);
        if (joined.refused !== undefined) fail("the room is open");
        await act({ ...made, place: joined.place });
      } finally {
        await made.close();
      }
    });
  }

  test("`check()` gives the standing and the entry", async ({ cache, check, place }) => {
    await cache.put("a", "[1]", TTL_MS);
    const { standing, cached } = await check.check(place, "a");
    deepEqual([standing.state, cached], ["ADMITTED", { state: "HIT", json: "[1]" }]);
  });

  test("`checkKnown()` gives the entry of each key, in their order", async (scene) => {
    const { cache, check, place } = scene;
    await cache.put("a", "[1]", TTL_MS);
    await cache.lease("b", "mine", TTL_MS);
    const reads = ["c", "b", "a"].map((key) => ({ key, known: null }));
    const { standing, cached } = await check.checkKnown(place, reads);
    equal(standing.state, "ADMITTED");
    deepEqual(cached, [EMPTY, { state: "LEASED", lease: "mine" }, { state: "HIT", json: "[1]" }]);
  });

  test("a value that begins as the caller says is known, and no other", async (scene) => {
    const { cache, check, place } = scene;
    await cache.put("a", '{"lease":"1","x":2}', TTL_MS);
    await cache.lease("b", '{"lease":"1"', TTL_MS);
    const hit = { state: "HIT", json: '{"lease":"1","x":2}' };
    const ask = async (key: string, known: string) =>
      (await check.checkKnown(place, [{ key, known }])).cached[0];
    deepEqual(await ask("a", '{"lease":"1",'), KNOWN);
    deepEqual(await ask("a", hit.json), KNOWN);
    for (const other of ['{"lease":"2",', `${hit.json} `, '"lease"', "K"]) {
      deepEqual(await ask("a", other), hit, other);
    }
    deepEqual(await ask("b", '{"lease":"1"'), { state: "LEASED", lease: '{"lease":"1"' });
    deepEqual(await ask("c", '{"lease":"1",'), EMPTY);
  });

  test("a fan whose place is gone gets GONE", async ({ queue, check, place }) => {
    await queue.leave(place);
    const { standing } = await check.checkKnown(place, [{ key: "a", known: null }]);
    equal(standing.state === "GONE" && standing.reason, "ENDED");
  });
}
