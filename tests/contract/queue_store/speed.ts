import assert from "node:assert/strict";
import type { LineSpeed, PlaceRef } from "../../../src/domain/queue.ts";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import { crowd } from "./drawing.ts";
import { type ContractTest, MINUTE_MS, type Scene } from "./harness.ts";

async function speed({ queue }: Scene): Promise<LineSpeed> {
  return (await queue.front(MAIN_ROOM))!.front.speed;
}

/** Each `stepMs` the head is polled, and the one before has left. */
async function serve(line: Scene, places: readonly PlaceRef[], stepMs: number): Promise<void> {
  for (const [i, place] of places.entries()) {
    line.clock.advance(stepMs);
    for (const behind of places.slice(i)) await line.queue.status(behind);
    assert.equal(await line.state(place), "ADMITTED");
    await line.queue.leave(place);
  }
}

/** What answers and documents say of the measured speed of the line. */
export function speedContract(test: ContractTest): void {
  test("nothing is measured before somebody joins", {}, async (line) => {
    const none = { turns: 0, ms: 0 };
    assert.deepEqual(await speed(line), {
      pace: 0,
      admitted: 0,
      ongoingMs: 0,
      ended: { PAID: none, LEFT: none, ADMISSION_LAPSED: none, TURN_MISSED: none },
      called: 0,
      promoted: 0,
    });
  });

  test("the pace is the orders called a second", {}, async (line) => {
    const [house, ...places] = await line.arrive("house", ...crowd(30));
    await line.queue.leave(house!);
    await serve(line, places, 5_000);
    const { pace } = await speed(line);
    assert.ok(pace > 0.15 && pace < 0.25, `${pace} a second`);
  });

  test("the time that fans hold slots is summed up", { capacity: 2 }, async (line) => {
    await line.arrive("ann");
    line.clock.advance(10_000);
    const [, cat] = await line.arrive("bob", "cat");
    line.clock.advance(10_000);
    const standing = await line.queue.status(cat!);
    assert.equal(standing.state, "WAITING");
    const { admitted, ongoingMs } = standing.speed;
    assert.deepEqual([admitted, ongoingMs], [2, 30_000]);
  });

  test("turns are counted by how they ended, with their time", { capacity: 4 }, async (line) => {
    const [ann, bob, cat, dan] = await line.arrive("ann", "bob", "cat", "dan", "eve");
    line.clock.advance(2_000);
    await line.queue.endPlaces([ann!, dan!], "PAID");
    line.clock.advance(1_000);
    await line.queue.leave(bob!);
    await line.queue.endPlaces([cat!], "REMOVED");
    const { ended, admitted } = await speed(line);
    assert.equal(admitted, 1);
    // What ended a moment ago counts nearly in full.
    assertNearly(ended.PAID, { turns: 2, ms: 4_000 });
    assertNearly(ended.LEFT, { turns: 1, ms: 3_000 });
    assertNearly(ended.ADMISSION_LAPSED, { turns: 0, ms: 0 });
    await line.elapse(line.windowMs);
    const later = (await speed(line)).ended;
    assert.ok(later.TURN_MISSED.turns > 0.5 && later.TURN_MISSED.turns <= 1, "eve's");
    assert.ok(later.PAID.turns < 1.6, "earlier turns count less");
    await line.elapse(60 * MINUTE_MS);
    assert.ok((await speed(line)).ended.PAID.turns < 0.01, "and are forgotten");
  });

  test("orders that were called are told from those that got a slot", {}, async (line) => {
    const [house, ann, bob, cat, dan] = await line.arrive("house", "ann", "bob", "cat", "dan");
    await line.queue.leave(ann!);
    await line.queue.leave(cat!);
    const before = await speed(line);
    await line.queue.leave(house!);
    assert.equal(await line.state(bob!), "ADMITTED");
    await line.queue.leave(bob!);
    assert.equal(await line.state(dan!), "ADMITTED");
    const after = await speed(line);
    assert.equal(after.called - before.called, 4);
    assert.equal(after.promoted - before.promoted, 2);
  });

  test("fans who rejoin count for the pace", {}, async (line) => {
    const [, ...places] = await line.arrive("house", ...crowd(20));
    await line.wipe();
    const back = [];
    for (const place of places) back.push((await line.join(place.fan, place)).place);
    await line.elapse(line.windowMs, ...back);
    await serve(line, back, 5_000);
    const { pace } = await speed(line);
    assert.ok(pace > 0.1 && pace < 0.25, `${pace} a second`);
  });
}

function assertNearly(
  found: { readonly turns: number; readonly ms: number },
  expected: { readonly turns: number; readonly ms: number },
): void {
  assert.ok(found.turns <= expected.turns && found.turns >= 0.95 * expected.turns);
  assert.ok(found.ms <= expected.ms && found.ms >= 0.95 * expected.ms);
}
