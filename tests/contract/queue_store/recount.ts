import assert from "node:assert/strict";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import { type ContractTest, MINUTE_MS } from "./harness.ts";
import { counts, PLENTY, RECOUNT_MS, tell } from "./stock.ts";

const SOLD_OUT_RECOUNT_MS = 60_000;

/** Of who has the seats counted again, and when. */
export function recountContract(test: ContractTest): void {
  test("one of several callers has to count, every five seconds", { capacity: 1 }, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    await tell(line, 0, 10 * MINUTE_MS);
    for (let round = 0; round < 3; round++) {
      line.clock.advance(RECOUNT_MS - 1);
      assert.deepEqual([await counts(line, ann!), await counts(line, bob!)], [false, false]);
      assert.equal((await line.promote()).countStock, false);
      line.clock.advance(1);
      assert.deepEqual([await counts(line, bob!), await counts(line, ann!)], [true, false]);
      assert.equal((await line.promote()).countStock, false);
    }
    line.clock.advance(RECOUNT_MS);
    assert.equal((await line.promote()).countStock, true);
    assert.equal(await counts(line, ann!), false);
    line.clock.advance(RECOUNT_MS);
    assert.equal((await line.queue.front(MAIN_ROOM))?.countStock, true);
    assert.equal(await counts(line, ann!), false);
  });

  test("the seats are counted when the first hold ends, but not at once", {
    capacity: 1,
  }, async (line) => {
    const [, ann] = await line.arrive("house", "ann");
    for (const [returnsInMs, countedInMs] of [[3_000, 3_000], [10, 1_000], [-500, 1_000]]) {
      await tell(line, 0, returnsInMs);
      line.clock.advance(countedInMs! - 1);
      assert.equal(await counts(line, ann!), false);
      line.clock.advance(1);
      assert.equal(await counts(line, ann!), true);
      line.clock.advance(1);
    }
  });

  test("when all is sold the seats are counted every minute", { capacity: 1 }, async (line) => {
    const [, ann] = await line.arrive("house", "ann");
    await tell(line, 0);
    line.clock.advance(SOLD_OUT_RECOUNT_MS - 1);
    assert.equal(await counts(line, ann!), false);
    line.clock.advance(1);
    assert.equal(await counts(line, ann!), true);
  });

  test("a few seats are counted again, plenty are not", { capacity: 1 }, async (line) => {
    const [, ann] = await line.arrive("house", "ann");
    await tell(line, 0);
    line.clock.advance(1);
    await tell(line, 3);
    line.clock.advance(RECOUNT_MS);
    assert.equal(await counts(line, ann!), true);
    await tell(line, PLENTY);
    line.clock.advance(2 * SOLD_OUT_RECOUNT_MS);
    assert.equal(await counts(line, ann!), false);
    assert.equal((await line.promote()).countStock, false);
  });

  test(
    "nobody has to count for an empty queue, and no admitted fan has to",
    { capacity: 1 },
    async (line) => {
      const [house] = await line.arrive("house");
      await tell(line, 0);
      line.clock.advance(2 * SOLD_OUT_RECOUNT_MS);
      assert.equal((await line.promote()).countStock, false);
      assert.equal(await line.state(house!), "ADMITTED");
      const [ann] = await line.arrive("ann");
      assert.equal(await counts(line, ann!), true);
    },
  );
}
