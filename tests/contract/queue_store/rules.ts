import assert from "node:assert/strict";
import { type FanId, MAIN_ROOM, type RoomId } from "../../../src/domain/ids.ts";
import { QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import { type ContractTest, LINE_RESET, MINUTE_MS, type Scene } from "./harness.ts";

const ANN = "ann" as FanId;
const SIDE = "side-door" as RoomId;

export function rulesContract(test: ContractTest): void {
  test("a room without rules lets nobody join, and has no counts", {}, async (line) => {
    const { queue } = line;
    await line.forget();
    assert.deepEqual(await line.tryJoin("ann"), { refused: "NO_RULES" });
    assert.equal(await queue.counts(MAIN_ROOM), null);
    assert.equal(await queue.findPlace(MAIN_ROOM, ANN), null);
    assert.deepEqual(await queue.listDraw(MAIN_ROOM, 0, 10), []);
    assert.deepEqual(await queue.activeRooms(), []);
    await queue.updateStock(MAIN_ROOM, { available: 0, returnsAtMs: null, asOfMs: line.clock() });
    assert.deepEqual(await line.promote(3), {
      expired: 0,
      admitted: 0,
      more: false,
      lastActiveAtMs: null,
      hasOpened: false,
      countStock: false,
    });
    assert.equal(await queue.counts(MAIN_ROOM), null);
  });

  test("a wiped store admits nobody and lets nobody join until it has rules", {
    capacity: 2,
  }, async (line) => {
    const [house, , ann] = await line.arrive("house", "porter", "ann", "bob");
    await line.forget();
    for (const place of [house!, ann!]) {
      assert.deepEqual(await line.queue.status(place), LINE_RESET);
      assert.deepEqual(await line.queue.leave(place), LINE_RESET);
      await line.queue.endPlaces([place], "PAID");
      assert.deepEqual(await line.tryJoin(place.fan, place), { refused: "NO_RULES" });
    }
    await line.promote();
    assert.equal(await line.queue.counts(MAIN_ROOM), null);
    await line.changeRules({ capacity: 1 });
    await line.arrive("fresh", "late");
    const back = await line.join("ann", ann!);
    assert.equal(back.standing.state === "WAITING" && back.standing.ahead, 0);
  });

  test("a closed sale stays closed when the store is wiped", { state: "CLOSED" }, async (line) => {
    await line.wipe();
    const refusal = { refused: "CLOSED", state: "CLOSED", opensAtMs: null };
    assert.deepEqual(await line.tryJoin("ann"), refusal);
  });

  test("`applyRules()` begins an epoch, and the counts contain the rules", {}, async (line) => {
    const { epoch } = await line.counts();
    await line.changeRules({ capacity: 7, admissionsPerMinute: 20, holdTtlMs: 77_000 });
    const counted = await line.counts();
    assert.deepEqual([counted.epoch, counted.rules], [epoch, line.snapshot()]);
    assert.equal(counted.rulesVersion, line.rules.version);
    const { capacity, admissionsPerMinute, holdTtlMs } = counted.rules;
    assert.deepEqual([capacity, admissionsPerMinute, holdTtlMs], [7, 20, 77_000]);
  });

  test(
    "of two rules those of the higher version count, in either order of arrival",
    {},
    async (line) => {
      const old = line.rules;
      await line.arrive("house", "ann");
      await line.changeRules({ capacity: 2 });
      await line.changeRules({ capacity: 3 });
      for (const version of [1, 2, 3]) {
        await line.queue.applyRules(MAIN_ROOM, { ...old, version, capacity: 50, state: "CLOSED" });
        assert.deepEqual((await line.counts()).rules, line.snapshot());
      }
      await line.queue.applyRules(MAIN_ROOM, { ...line.rules, version: 40, capacity: 9 });
      assert.equal((await line.counts()).rules.capacity, 9);
      assert.equal((await line.join("bob")).standing.state, "ADMITTED");
    },
  );

  test("each room has its own rules and its own queue", { capacity: 2 }, async (line) => {
    const { queue } = line;
    const [main] = await line.arrive("ann");
    await queue.applyRules(SIDE, { ...line.rules, state: "CLOSED" });
    assert.deepEqual(await queue.activeRooms(), [MAIN_ROOM]);
    assert.equal((await queue.join(SIDE, ANN, null)).refused, "CLOSED");
    await queue.applyRules(SIDE, { ...line.rules, version: 2 });
    const side = await queue.join(SIDE, ANN, null);
    if (side.refused !== undefined) assert.fail("the room is open");
    assert.deepEqual([side.created, side.place.room], [true, SIDE]);
    assert.deepEqual((await queue.activeRooms()).toSorted(), [MAIN_ROOM, SIDE]);
    await queue.leave(side.place);
    assert.equal(await line.state(main!), "ADMITTED");
    assert.equal((await queue.counts(SIDE))?.admitted, 0);
  });

  test("standings contain the rules of that moment", {}, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    const changes = [
      { pollMinSeconds: 5, pollMaxSeconds: 20 },
      { admissionsPerMinute: 30, holdTtlMs: 60_000 },
      { state: "HELD", opensAtMs: line.clock() + MINUTE_MS },
    ] as const;
    for (const change of [{}, ...changes]) {
      await line.changeRules(change);
      for (const place of [house!, ann!]) {
        const standing = await line.queue.status(place);
        assert.deepEqual("rules" in standing && standing.rules, line.snapshot());
        assert.deepEqual((await line.join(place.fan)).standing, standing);
      }
    }
  });

  test("a raised capacity admits at once", {}, async (line) => {
    const [, , , cat] = await line.arrive("house", "ann", "bob", "cat");
    await line.changeRules({ capacity: 3 });
    line.clock.advance(MINUTE_MS);
    const { admitted, admittedLastMinute } = await line.counts();
    assert.deepEqual([admitted, admittedLastMinute], [3, 0]);
    assert.equal(await line.ahead(cat!), 0);
  });

  test("a raised capacity admits the fan who asks next", {}, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    assert.equal(await line.state(ann!), "WAITING");
    await line.changeRules({ capacity: 2 });
    assert.equal(await line.state(ann!), "ADMITTED");
    assert.equal(await line.ahead(bob!), 0);
  });

  test("a lowered capacity evicts nobody, and admits nobody until it is reached", {
    capacity: 3,
  }, async (line) => {
    const [a, b, c, d] = await line.arrive("a", "b", "c", "d", "e");
    const before = await line.queue.status(a!);
    await line.changeRules({ capacity: 1 });
    assert.deepEqual(await line.queue.status(a!), { ...before, rules: line.snapshot() });
    assert.equal((await line.counts()).admitted, 3);
    for (const [leaving, admitted] of [[a!, 2], [b!, 1]] as const) {
      await line.queue.leave(leaving);
      assert.equal((await line.counts()).admitted, admitted);
      assert.equal(await line.ahead(d!), 0);
    }
    await line.queue.leave(c!);
    assert.equal(await line.state(d!), "ADMITTED");
    assert.equal((await line.counts()).admitted, 1);
  });

  test("an admission keeps its length; the next one follows the new rules", {
    capacity: 2,
  }, async (line) => {
    const { place, standing } = await line.join("ann");
    await line.changeRules({ admissionTtlMs: MINUTE_MS });
    const next = await line.join("bob");
    assert.deepEqual(next.standing, line.admitted(next.place.order, line.clock() + MINUTE_MS));
    line.clock.advance(MINUTE_MS);
    assert.equal(await line.state(next.place), "GONE");
    const again = { ...line.again(standing), rules: line.snapshot() };
    assert.deepEqual(await line.queue.status(place), again);
  });
}

/** Of the time in which a fan who last called as far must show up, when the poll bound changes. */
export function pollBoundContract(test: ContractTest): void {
  const polls = {
    pollMaxSeconds: 60,
    showUpMs: 30_000,
    bounds: { ...QUEUE_BOUNDS, leastNear: 1 },
  };

  /** A far fan joins, and two seconds later becomes near and has the turn at once. */
  async function callFarFan(line: Scene): Promise<void> {
    const [house, eve] = await line.arrive("house", "eve");
    line.clock.advance(1_000);
    await line.promote();
    const { standing } = await line.join("ann");
    assert.equal(standing.state === "WAITING" && standing.isNear, false);
    line.clock.advance(1_000);
    await line.queue.leave(house!);
    await line.queue.leave(eve!);
    assert.equal((await line.counts()).admitted, 1);
  }

  /** The fan who has the turn since now has exactly so long. */
  async function assertWindow(line: Scene, windowMs: number): Promise<void> {
    await line.elapse(windowMs - 1);
    assert.equal((await line.counts()).parked, 0);
    line.clock.advance(1);
    assert.equal((await line.counts()).parked, 1);
  }

  test("a longer poll bound gives a longer window at once", polls, async (line) => {
    await line.changeRules({ pollMaxSeconds: 120 });
    await callFarFan(line);
    await assertWindow(line, 150_000);
  });

  // Fans who were answered with the longer bound may have called 60 s later, as far, and again.
  for (const [changedForMs, windowMs] of [[89_999, 90_000], [90_000, 40_000]] as const) {
    test(
      `${changedForMs} ms after a shorter poll bound the window is ${windowMs} ms`,
      polls,
      async (line) => {
        await line.changeRules({ pollMaxSeconds: 10 });
        await line.elapse(changedForMs - 2_000);
        await line.checkRules();
        await callFarFan(line);
        await assertWindow(line, windowMs);
      },
    );
  }

  test("another change does not prolong the longer window", polls, async (line) => {
    await line.changeRules({ pollMaxSeconds: 10 });
    await line.elapse(87_999);
    await line.changeRules({ holdTtlMs: MINUTE_MS });
    line.clock.advance(1);
    await callFarFan(line);
    await assertWindow(line, 40_000);
  });

  test("of several shorter bounds the longest that was answered counts", polls, async (line) => {
    await line.changeRules({ pollMaxSeconds: 30 });
    await line.elapse(10_000);
    await line.changeRules({ pollMaxSeconds: 10 });
    await line.elapse(87_999);
    await line.checkRules();
    await callFarFan(line);
    await assertWindow(line, 90_000);
  });

  test("a fan called before the change keeps the earlier window", polls, async (line) => {
    await callFarFan(line);
    await line.changeRules({ pollMaxSeconds: 10 });
    await assertWindow(line, 90_000);
  });
}
