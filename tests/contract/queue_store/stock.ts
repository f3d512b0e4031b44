import assert from "node:assert/strict";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import { COUNT_ORDER_MS } from "../../../src/domain/queue_bounds.ts";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import { type ContractTest, MINUTE_MS, type Scene } from "./harness.ts";

/** So many seats are counted as plenty. */
export const PLENTY = 1_000;
export const RECOUNT_MS = 5_000;
const COUNT_TAKES_MS = 3_000;

/** Tells the line what was counted just now. */
export async function tell(line: Scene, available: number, returnsInMs: number | null = null) {
  const asOfMs = line.clock();
  const returnsAtMs = returnsInMs === null ? null : asOfMs + returnsInMs;
  await line.queue.updateStock(MAIN_ROOM, { available, returnsAtMs, asOfMs });
}

/** The stock outlook in the answer to a waiting fan. */
async function seats(line: Scene, place: PlaceRef): Promise<string> {
  const standing = await line.queue.status(place);
  assert.equal(standing.state, "WAITING");
  return standing.seats;
}

/** Whether the fan who polls now is to have the seats counted. */
export async function counts(line: Scene, place: PlaceRef): Promise<boolean> {
  const standing = await line.queue.status(place);
  assert.equal(standing.state, "WAITING");
  return standing.countStock;
}

export function stockContract(test: ContractTest): void {
  for (
    const { returnsInMs, hope } of [
      { returnsInMs: null, hope: "NONE" },
      { returnsInMs: 90_000, hope: "HELD" },
    ]
  ) {
    test(`${hope}: with no seat left nobody is admitted, and every answer says so`, {
      capacity: 2,
    }, async (line) => {
      const [house, porter, ann, bob] = await line.arrive("house", "porter", "ann", "bob");
      assert.equal(await seats(line, ann!), "SOME");
      await tell(line, 0, returnsInMs);
      await line.queue.leave(house!);
      await line.promote();
      assert.deepEqual([await seats(line, ann!), await seats(line, bob!)], [hope, hope]);
      assert.deepEqual([await line.ahead(ann!), await line.ahead(bob!)], [0, 1]);
      assert.equal(await line.state(porter!), "ADMITTED");
      const { admitted, waiting } = await line.counts();
      assert.deepEqual([admitted, waiting], [1, 2]);
    });
  }

  test("when seats return, as many heads are admitted, in order", { capacity: 4 }, async (line) => {
    const house = await line.arrive("h1", "h2", "h3", "h4");
    const [ann, bob, cat, dan] = await line.arrive("ann", "bob", "cat", "dan");
    await tell(line, 0, MINUTE_MS);
    await line.queue.endPlaces(house, "PAID");
    line.clock.advance(MINUTE_MS);
    assert.equal((await line.counts()).admitted, 0);
    await tell(line, 2);
    assert.deepEqual([await seats(line, dan!), await seats(line, cat!)], ["SOME", "SOME"]);
    assert.deepEqual([await line.state(ann!), await line.state(bob!)], ["ADMITTED", "ADMITTED"]);
    assert.deepEqual([await line.ahead(cat!), await line.ahead(dan!)], [0, 1]);
    assert.equal((await line.promote()).admitted, 0);
    line.clock.advance(RECOUNT_MS);
    await tell(line, 1);
    assert.equal(await line.ahead(cat!), 0, "ann or bob may take it");
    await line.queue.endPlaces([ann!, bob!], "PAID");
    line.clock.advance(COUNT_TAKES_MS);
    await tell(line, 1);
    assert.equal(await line.ahead(dan!), 0);
    assert.equal(await line.state(cat!), "ADMITTED");
  });

  test("a seat that was counted admits one fan, also after that fan has paid", {
    capacity: 3,
  }, async (line) => {
    const [house, , , ann, bob] = await line.arrive("house", "porter", "clerk", "ann", "bob");
    await tell(line, 0);
    await line.queue.leave(house!);
    line.clock.advance(1);
    await tell(line, 1);
    assert.equal(await line.state(ann!), "ADMITTED");
    await line.queue.endPlaces([ann!], "PAID");
    await line.elapse(MINUTE_MS, bob!);
    assert.equal(await line.ahead(bob!), 0);
  });

  test(
    "a count does not contain what was paid while it was made",
    { capacity: 2 },
    async (line) => {
      const [house, , ann, bob] = await line.arrive("house", "porter", "ann", "bob");
      await tell(line, 0);
      await line.queue.leave(house!);
      line.clock.advance(1);
      await tell(line, 1);
      assert.equal(await line.state(ann!), "ADMITTED");
      await line.queue.endPlaces([ann!], "PAID");
      line.clock.advance(COUNT_TAKES_MS - 1);
      await tell(line, 1);
      assert.equal(await line.ahead(bob!), 0, "that seat is ann's");
      line.clock.advance(1);
      await tell(line, 1);
      assert.equal(await line.state(bob!), "ADMITTED");
    },
  );

  test("seats that return go to returned fans first", { capacity: 1 }, async (line) => {
    const [house, ann, bob, cat] = await line.arrive("house", "ann", "bob", "cat");
    await line.missTurn(house!, [bob!, cat!]);
    await tell(line, 0, MINUTE_MS);
    await line.queue.leave(bob!);
    assert.equal(await line.ahead(ann!), 0);
    line.clock.advance(1);
    await tell(line, 1);
    assert.equal(await line.ahead(cat!), 0);
    assert.equal(await line.state(ann!), "ADMITTED");
  });

  test("plenty of seats admits as many as there are slots", { capacity: 3 }, async (line) => {
    const house = await line.arrive("h1", "h2", "h3");
    const waiting = await line.arrive("a", "b", "c", "d");
    await tell(line, 0);
    await line.queue.endPlaces(house, "PAID");
    line.clock.advance(1);
    await tell(line, PLENTY);
    assert.equal((await line.counts()).admitted, 3);
    await line.queue.leave(waiting[0]!);
    assert.equal(await line.state(waiting[3]!), "ADMITTED");
  });

  test(
    "a queue that was never sold out is not limited by the count",
    { capacity: 3 },
    async (line) => {
      const house = await line.arrive("h1", "h2", "h3");
      const waiting = await line.arrive("a", "b", "c", "d");
      await tell(line, 1);
      await line.queue.endPlaces(house, "PAID");
      assert.equal((await line.counts()).admitted, 3);
      assert.equal(await seats(line, waiting[3]!), "SOME");
      line.clock.advance(10 * RECOUNT_MS);
      assert.equal(await counts(line, waiting[3]!), false);
    },
  );

  test(
    "of two counts the newer one is used, in either order of arrival",
    { capacity: 1 },
    async (line) => {
      const [house, ann] = await line.arrive("house", "ann");
      const asOfMs = line.clock();
      await line.queue.updateStock(MAIN_ROOM, { available: 0, returnsAtMs: null, asOfMs });
      for (const older of [asOfMs - 1, asOfMs]) {
        await line.queue.updateStock(MAIN_ROOM, {
          available: PLENTY,
          returnsAtMs: null,
          asOfMs: older,
        });
        assert.equal(await seats(line, ann!), "NONE");
      }
      await line.queue.leave(house!);
      assert.equal(await line.state(ann!), "WAITING");
      await line.queue.updateStock(MAIN_ROOM, {
        available: 1,
        returnsAtMs: null,
        asOfMs: asOfMs + 1,
      });
      assert.equal(await line.state(ann!), "ADMITTED");
    },
  );

  test(
    "a clock of the counts that was an hour ahead, or goes back, stops them for seconds only",
    { capacity: 1 },
    async (line) => {
      const [house, ann] = await line.arrive("house", "ann");
      const count = (available: number, aheadMs: number) =>
        line.queue.updateStock(MAIN_ROOM, {
          available,
          returnsAtMs: null,
          asOfMs: line.clock() + aheadMs,
        });
      await count(0, 60 * MINUTE_MS);
      assert.equal(await seats(line, ann!), "NONE");
      // Refused counts do not make the time longer.
      for (let waitedMs = 0; waitedMs < COUNT_ORDER_MS; waitedMs += 1_000) {
        await count(1, 0);
        assert.equal(await seats(line, ann!), "NONE");
        line.clock.advance(1_000);
      }
      await count(1, 0);
      assert.equal(await seats(line, ann!), "SOME");
      await line.queue.leave(house!);
      assert.equal(await line.state(ann!), "ADMITTED");
      line.clock.advance(COUNT_ORDER_MS);
      const [bob] = await line.arrive("bob");
      await count(0, -60 * MINUTE_MS);
      assert.equal(await seats(line, bob!), "NONE");
    },
  );

  test(
    "with an empty queue a fan is admitted at once, with any stock",
    { capacity: 2 },
    async (line) => {
      const [house] = await line.arrive("house");
      await tell(line, 0);
      assert.equal((await line.join("ann")).standing.state, "ADMITTED");
      const bob = await line.join("bob");
      assert.equal(bob.standing.state === "WAITING" && bob.standing.seats, "NONE");
      await line.queue.leave(house!);
      // Now a slot is free, and another fan waits for a seat.
      assert.equal((await line.join("cat")).standing.state, "WAITING");
      assert.deepEqual(await line.state(bob.place), "WAITING");
    },
  );

  test("a count made while nobody waited is used", { capacity: 1 }, async (line) => {
    await tell(line, 0);
    const [house, ann] = await line.arrive("house", "ann");
    assert.equal(await line.state(house!), "ADMITTED");
    await line.queue.leave(house!);
    assert.equal(await seats(line, ann!), "NONE");
  });

  test("a release admits heads with any stock", { capacity: 3 }, async (line) => {
    const house = await line.arrive("h1", "h2", "h3");
    const [ann, bob] = await line.arrive("ann", "bob");
    await tell(line, 0);
    await line.changeRules({ state: "HELD" });
    await line.queue.endPlaces(house, "PAID");
    assert.equal((await line.promote(1)).admitted, 1);
    assert.equal(await line.state(ann!), "ADMITTED");
    assert.equal(await line.ahead(bob!), 0);
  });

  test("a sold-out queue keeps its places, and they age as usual", {
    capacity: 1,
    admissionTtlMs: MINUTE_MS,
    waitingTtlMs: 10 * MINUTE_MS,
  }, async (line) => {
    const [house, ann, bob] = await line.arrive("house", "ann", "bob");
    await tell(line, 0);
    await line.elapse(10 * MINUTE_MS - 1, bob!);
    assert.equal(await line.ahead(bob!), 1);
    await line.elapse(2 * MINUTE_MS, bob!);
    assert.equal(await line.ahead(bob!), 0);
    assert.equal(await line.state(ann!), "GONE");
    assert.equal(await line.state(house!), "GONE");
  });

  test("a wiped queue knows nothing of the stock", { capacity: 1 }, async (line) => {
    await line.arrive("house", "ann");
    await tell(line, 0);
    await line.wipe();
    const [house, ann] = await line.arrive("house", "ann");
    assert.equal(await seats(line, ann!), "SOME");
    await line.queue.leave(house!);
    assert.equal(await line.state(ann!), "ADMITTED");
  });
}
