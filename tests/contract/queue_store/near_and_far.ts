import assert from "node:assert/strict";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import { QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import { seededRandom } from "../../support/random.ts";
import { crowd } from "./drawing.ts";
import { type ContractTest, MINUTE_MS, type Scene, TEST_DRAW } from "./harness.ts";
import { createSale } from "./sale.ts";

/** Of few fans most are far. */
const FEW_NEAR = { ...QUEUE_BOUNDS, leastNear: 3, exactAhead: 2 };
const SALE = { bounds: { ...QUEUE_BOUNDS, leastNear: 20, exactAhead: 10 }, capacity: 10 };
const OUTAGE_MS = 300_000;

async function waiting(line: Scene, place: Parameters<Scene["state"]>[0]) {
  const standing = await line.queue.status(place);
  assert.equal(standing.state, "WAITING");
  return standing;
}

export function nearAndFarContract(test: ContractTest): void {
  test("the fans at the front are near, the first of them are told exactly", {
    bounds: FEW_NEAR,
  }, async (line) => {
    const [, ...places] = await line.arrive("house", "a", "b", "c", "d", "e");
    line.clock.advance(1_000);
    const told = [];
    for (const place of places) {
      const { ahead, positionIs, isNear } = await waiting(line, place);
      told.push([ahead, positionIs, isNear]);
    }
    assert.deepEqual(told, [
      [0, "EXACT", true],
      [1, "EXACT", true],
      [2, "EXACT", true],
      [3, "AT_MOST", false],
      [4, "AT_MOST", false],
    ]);
  });

  test("near never becomes far, and the limit never falls", { bounds: FEW_NEAR }, async (line) => {
    const [house, ...places] = await line.arrive("house", "a", "b", "c", "d", "e", "f");
    let [nearest, holder] = [-Infinity, house!];
    const near = new Set<string>();
    for (const next of places) {
      line.clock.advance(1_000);
      await line.changeRules({ pollMaxSeconds: line.rules.pollMaxSeconds === 60 ? 10 : 60 });
      const front = (await line.queue.front(MAIN_ROOM))!.front;
      assert.ok(front.near >= nearest);
      nearest = front.near;
      for (const place of places) {
        const standing = await line.queue.status(place);
        if (standing.state !== "WAITING") continue;
        assert.equal(standing.isNear, place.order <= front.near);
        assert.ok(standing.isNear || !near.has(place.fan));
        if (standing.isNear) near.add(place.fan);
      }
      await line.queue.leave(holder);
      assert.equal(await line.state(holder = next), "ADMITTED");
    }
  });

  test("the document names the front of the line", { bounds: FEW_NEAR }, async (line) => {
    const [house, a] = await line.arrive("house", "a", "b", "c", "d");
    line.clock.advance(1_000);
    await line.promote();
    const { front, countStock } = (await line.queue.front(MAIN_ROOM))!;
    const standing = await waiting(line, a!);
    assert.deepEqual(front, {
      epoch: house!.epoch,
      takenAtMs: line.clock(),
      first: house!.order - 1,
      called: house!.order,
      near: house!.order + 3,
      waiting: 4,
      rejoined: 0,
      isReforming: false,
      speed: standing.speed,
      rules: line.snapshot(),
      rulesVersion: line.rules.version,
      seats: "SOME",
      drawnGatherings: 0,
      lot: null,
    });
    assert.equal(countStock, false);
    await line.forget();
    assert.equal(await line.queue.front(MAIN_ROOM), null);
  });

  test("a line whose last fan has left is called to its end", { state: "HELD" }, async (line) => {
    const [ann, bob] = await line.arrive("ann", "bob");
    for (const place of [ann!, bob!]) await line.queue.leave(place);
    assert.equal((await line.queue.front(MAIN_ROOM))?.front.called, bob!.order);
    await line.changeRules({ state: "OPEN" });
    assert.equal((await line.join("cat")).standing.state, "ADMITTED");
  });

  test("a silence in which nobody was due to call is no outage", {}, async (line) => {
    const [house] = await line.arrive("house");
    line.clock.advance(10_000);
    await line.arrive("ann");
    await line.queue.leave(house!);
    line.clock.advance(10_000);
    assert.equal((await line.counts()).admitted, 1, "ann was due to call before this one");
    line.clock.advance(line.windowMs - 10_000);
    assert.equal((await line.counts()).parked, 1, "the turn of ann is over");
  });

  // While the room is held, the near limit does not depend on a measured pace.
  const held = { bounds: FEW_NEAR, state: "HELD" } as const;

  test("absent fans who became near a window ago take no slot", held, async (line) => {
    const [house, a, b, c, ...others] = await line.arrive("house", ..."abcghi", "ann");
    const ann = others.at(-1)!;
    await line.promote(1);
    assert.equal(await line.state(house!), "ADMITTED");
    for (const [leaving, next] of [[house!, a!], [a!, b!], [b!, c!]] as const) {
      line.clock.advance(1_000);
      await line.queue.status(next);
      await line.queue.leave(leaving);
      await line.promote(1);
      assert.equal(await line.state(next), "ADMITTED");
    }
    line.clock.advance(1_000);
    await line.promote();
    assert.equal((await line.queue.front(MAIN_ROOM))?.front.near, others[2]!.order);
    await line.elapse(line.windowMs, ann);
    await line.queue.leave(c!);
    await line.promote(1);
    assert.equal(await line.state(ann), "ADMITTED");
    const { parked, admittedLastMinute } = await line.counts();
    assert.deepEqual([parked, admittedLastMinute], [3, 1]);
  });

  test(
    "an absent fan who became near later than that keeps the turn until a window has passed",
    held,
    async (line) => {
      const [house, a, ...others] = await line.arrive("house", ..."abc", "ghost", "ann");
      const ann = others.at(-1)!;
      await line.promote(1);
      assert.equal(await line.state(house!), "ADMITTED");
      line.clock.advance(1_000);
      await line.queue.leave(house!);
      await line.promote(1);
      assert.equal(await line.state(a!), "ADMITTED");
      line.clock.advance(1_000);
      await line.promote();
      assert.equal((await line.queue.front(MAIN_ROOM))?.front.near, others[2]!.order, "since now");
      await line.elapse(line.windowMs - 2, ann, ...others.slice(0, 2));
      await line.queue.endPlaces([a!, ...others.slice(0, 2)], "PAID");
      await line.promote(1);
      assert.equal((await line.counts()).admitted, 1);
      line.clock.advance(1);
      assert.equal((await line.promote(1)).admitted, 0);
      assert.equal(await line.ahead(ann), 0);
      line.clock.advance(1);
      assert.equal((await line.promote(1)).admitted, 1);
      assert.equal(await line.state(ann), "ADMITTED");
    },
  );

  test("a line in which everybody is far keeps moving, and parks nobody", {
    bounds: { ...QUEUE_BOUNDS, leastNear: 1, exactAhead: 0, promotionBatch: 8 },
    capacity: 20,
    state: "HELD",
  }, async (line) => {
    const sale = createSale(line, { random: seededRandom(3), sessionMs: 30_000 });
    await sale.arrive(crowd(100));
    await sale.run(2 * MINUTE_MS);
    assert.ok(sale.answers.far > 2 * sale.answers.near);
    await line.changeRules({ state: "OPEN" });
    await sale.run(20 * MINUTE_MS);
    assert.equal(sale.left, 0);
  });

  for (const [from, to] of [[60, 10], [10, 60], [20, 120]] as const) {
    test(`a longest poll of ${to} s in place of ${from} s parks nobody`, {
      ...SALE,
      pollMaxSeconds: from,
    }, async (line) => {
      const sale = createSale(line, { random: seededRandom(from), sessionMs: 30_000 });
      await sale.arrive(crowd(150));
      await sale.run(MINUTE_MS);
      await line.changeRules({ pollMaxSeconds: to, capacity: 60 });
      await sale.run(10 * MINUTE_MS);
      assert.equal(sale.left, 0);
    });
  }
}

/** Sales with crowds. */
export function saleContract(test: ContractTest): void {
  test("a capacity raised a hundredfold parks nobody who polls as told", {
    ...SALE,
    capacity: 2,
    showUpMs: 10_000,
  }, async (line) => {
    const sale = createSale(line, { random: seededRandom(1), sessionMs: 60_000 });
    await sale.arrive(crowd(300));
    await sale.run(3 * MINUTE_MS);
    await line.changeRules({ capacity: 200 });
    await sale.run(5 * MINUTE_MS);
    assert.deepEqual([sale.left, sale.admitted], [0, 300]);
  });

  test("ghosts cost a line next to nothing", SALE, async (line) => {
    const sale = createSale(line, { random: seededRandom(2), sessionMs: 30_000 });
    for (let group = 0; group < 20; group++) {
      await sale.arrive(crowd(7).map((name) => `${name}-${group}`));
      await sale.arrive(crowd(7).map((name) => `ghost-${name}-${group}`), true);
    }
    // 140 sessions of 30 s in 10 slots take 7 minutes; the ghosts' turns would take 28 more.
    await sale.run(13 * MINUTE_MS);
    assert.equal(sale.left, 0);
  });

  for (const [capacity, drawBatch] of [[10, 20], [100, 20], [10, 300]] as const) {
    test(`a lobby of 250 goes through ${capacity} slots, drawn by ${drawBatch}, and parks nobody`, {
      bounds: { ...SALE.bounds, drawBatch },
      capacity,
      state: "LOBBY",
      draw: TEST_DRAW,
    }, async (line) => {
      const sale = createSale(line, { random: seededRandom(drawBatch), sessionMs: 30_000 });
      await line.changeRules({ opensAtMs: line.clock() + 5 * MINUTE_MS });
      await sale.arrive(crowd(250));
      await sale.run(5 * MINUTE_MS - 1_000);
      assert.equal((await line.counts()).gathered, 250);
      await sale.run(MINUTE_MS);
      await line.checkRules();
      await sale.arrive(["late", "later"]);
      await sale.run(20 * MINUTE_MS);
      assert.deepEqual([sale.left, sale.admitted], [0, 252]);
      assert.ok(sale.answers.far > 1_000, "most of the lobby is answered from documents");
    });
  }

  for (const capacity of [10, 60]) {
    test(`an outage parks nobody and nobody is overtaken, with ${capacity} slots`, {
      ...SALE,
      capacity,
      admissionTtlMs: 30 * MINUTE_MS,
    }, async (line) => {
      const sale = createSale(line, { random: seededRandom(capacity), sessionMs: 45_000 });
      await sale.arrive(crowd(250));
      // The sessions end together: many have a turn and have not shown up when the outage comes.
      await sale.run(45_001);
      sale.failFor(OUTAGE_MS);
      await sale.run(2 * MINUTE_MS);
      sale.failFor(OUTAGE_MS);
      await sale.run(30 * MINUTE_MS);
      assert.deepEqual([sale.left, sale.admitted], [0, 250]);
    });
  }
}
