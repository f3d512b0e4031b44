import assert from "node:assert/strict";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import { type ContractTest, MINUTE_MS, type Scene } from "./harness.ts";

/** Calls of fans who are not the head of the queue. */
const NEXT_CALLS: Record<string, (line: Scene, other: PlaceRef) => Promise<unknown>> = {
  "join()": (line) => line.join("newcomer"),
  "status()": (line, other) => line.queue.status(other),
  "leave()": (line, other) => line.queue.leave(other),
  "endPlaces()": (line, other) => line.queue.endPlaces([other], "PAID"),
  "counts()": (line) => line.counts(),
  "findPlace()": (line, other) => line.queue.findPlace(MAIN_ROOM, other.fan),
  "front()": (line) => line.queue.front(MAIN_ROOM),
  "promote()": (line) => line.promote(),
};

export function promotionContract(test: ContractTest): void {
  for (const [call, act] of Object.entries(NEXT_CALLS)) {
    test(`\`${call}\` gives a free slot to the head of the queue`, {
      showUpMs: 10 * MINUTE_MS,
    }, async (line) => {
      const [, head, next, other] = await line.arrive("house", "head", "next", "other");
      await line.elapse(line.settings.admissionTtlMs - 1, head!, next!, other!);
      line.clock.advance(1);
      await act(line, other!);
      line.clock.advance(MINUTE_MS);
      assert.equal((await line.counts()).admittedLastMinute, 0, "that very call promoted the head");
      assert.equal(await line.state(head!), "ADMITTED");
      assert.equal(await line.ahead(next!), 0);
    });
  }

  test("`status()` admits its own fan when there is room", {}, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    line.clock.advance(line.settings.admissionTtlMs - 1);
    assert.equal(await line.state(ann!), "WAITING");
    line.clock.advance(1);
    const expiresAtMs = line.clock() + line.settings.admissionTtlMs;
    assert.deepEqual(await line.queue.status(ann!), line.admitted(ann!.order, expiresAtMs));
    assert.equal(await line.state(house!), "GONE");
  });

  test("nobody is promoted when no slot is free", { capacity: 3 }, async (line) => {
    const fans = Array.from({ length: 10 }, (_, i) => `fan-${i}`);
    const places = await line.arrive(...fans);
    for (const place of places) await line.queue.status(place);
    await line.promote();
    const { admitted, waiting } = await line.counts();
    assert.deepEqual({ admitted, waiting }, { admitted: 3, waiting: 7 });
    const states = [];
    for (const place of places) states.push(await line.state(place));
    assert.equal(states.lastIndexOf("ADMITTED"), 2);
  });

  test("as many are promoted as there are free slots", { capacity: 3 }, async (line) => {
    const places = await line.arrive("a", "b", "c", "d", "e", "f");
    await line.queue.leave(places[0]!);
    await line.queue.leave(places[2]!);
    const { admitted, waiting } = await line.counts();
    assert.deepEqual({ admitted, waiting }, { admitted: 3, waiting: 1 });
    assert.equal(await line.ahead(places[5]!), 0);
  });

  test("fans are admitted in ticket order, in any order of polls", {}, async (line) => {
    let [holder, ...waiting] = await line.arrive("house", "zoe", "ann", "mia", "bob");
    while (waiting.length > 0) {
      await line.queue.leave(holder!);
      for (const [ahead, place] of waiting.slice(1).entries()) {
        assert.equal(await line.ahead(place), ahead);
      }
      [holder, ...waiting] = waiting;
      assert.equal(await line.state(holder!), "ADMITTED");
    }
  });

  test("a newcomer never overtakes the queue", {}, async (line) => {
    const [, ann] = await line.arrive("house", "ann");
    line.clock.advance(line.settings.admissionTtlMs);
    const { standing } = await line.join("newcomer");
    assert.equal(standing.state === "WAITING" && standing.ahead, 0);
    assert.equal(await line.state(ann!), "ADMITTED");
  });

  test("`promote()` returns what it did", { capacity: 2 }, async (line) => {
    await line.arrive("a", "b", "c");
    assert.deepEqual(pick(await line.promote()), { expired: 0, admitted: 0, more: false });
    line.clock.advance(line.settings.admissionTtlMs);
    assert.deepEqual(pick(await line.promote()), { expired: 2, admitted: 1, more: false });
    assert.deepEqual(pick(await line.promote()), { expired: 0, admitted: 0, more: false });
  });
}

function pick({ expired, admitted, more }: { expired: number; admitted: number; more: boolean }) {
  return { expired, admitted, more };
}
