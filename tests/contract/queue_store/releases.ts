import assert from "node:assert/strict";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import { QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import type { Upkeep } from "../../../src/ports/queue_store.ts";
import { type ContractTest, MINUTE_MS, type Scene } from "./harness.ts";

const FANS = Array.from({ length: 12 }, (_, i) => `fan-${String(i).padStart(2, "0")}`);

function release({ queue }: Scene, count: number, releaseId: string | null): Promise<Upkeep> {
  return queue.promote(MAIN_ROOM, { release: count, releaseId });
}

/** Releases that an operator may send more than once. */
export function releasesContract(test: ContractTest): void {
  test("a release that is sent again admits nobody more, and gives the same sums", {
    state: "HELD",
    capacity: 20,
  }, async (line) => {
    await line.arrive(...FANS);
    const first = await release(line, 4, "one");
    assert.deepEqual([first.expired, first.admitted, first.more], [0, 4, false]);
    line.clock.advance(MINUTE_MS / 2);
    const again = await release(line, 4, "one");
    assert.deepEqual([again.expired, again.admitted, again.more], [0, 4, false]);
    assert.equal((await line.counts()).admitted, 4);
    assert.equal((await release(line, 4, "another")).admitted, 4, "another id");
    assert.equal((await release(line, 2, null)).admitted, 2);
    assert.equal((await release(line, 2, null)).admitted, 2, "without an id each call counts");
    assert.equal((await line.counts()).admitted, 12);
  });

  test("a release that was cut off goes on to its count", {
    state: "HELD",
    capacity: 20,
    bounds: { ...QUEUE_BOUNDS, promotionBatch: 4 },
  }, async (line) => {
    await line.arrive(...FANS);
    const cutOff = await release(line, 10, "one");
    assert.deepEqual([cutOff.admitted, cutOff.more], [4, true]);
    let last = cutOff;
    for (let call = 0; call < 4; call++) last = await release(line, 10, "one");
    assert.deepEqual([last.admitted, last.more], [10, false]);
    assert.equal((await line.counts()).admitted, 10);
  });

  test("a release that found too few slots is over, also when slots are free later", {
    state: "HELD",
    capacity: 3,
  }, async (line) => {
    const [first] = await line.arrive(...FANS);
    const full = await release(line, 5, "one");
    assert.deepEqual([full.admitted, full.more], [3, false]);
    await line.queue.endPlaces([first!], "PAID");
    assert.equal((await release(line, 5, "one")).admitted, 3);
    assert.equal((await line.counts()).admitted, 2);
  });

  test("a release counts by its room", { state: "HELD", capacity: 20 }, async (line) => {
    await line.arrive(...FANS);
    await release(line, 1, "one");
    await line.wipe();
    await line.changeRules({ state: "HELD" });
    await line.arrive(...FANS);
    assert.equal((await release(line, 1, "one")).admitted, 1, "a wiped line knows no release");
  });
}
