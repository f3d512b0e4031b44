import assert from "node:assert/strict";
import { type FanId, MAIN_ROOM, type RoomId } from "../../../src/domain/ids.ts";
import { type ContractTest, LINE_RESET, MINUTE_MS } from "./harness.ts";

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
      await line.queue.endPlaces([place]);
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

  test(
    "`applyRules()` alone begins no epoch, and the counts contain the rules",
    {},
    async (line) => {
      assert.equal((await line.counts()).epoch, null);
      await line.changeRules({ capacity: 7, admissionsPerMinute: 20, holdTtlMs: 77_000 });
      const { epoch, rules } = await line.counts();
      assert.deepEqual({ epoch, rules }, { epoch: null, rules: line.snapshot() });
      assert.deepEqual([rules.capacity, rules.admissionsPerMinute, rules.holdTtlMs], [
        7,
        20,
        77_000,
      ]);
    },
  );

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
    assert.deepEqual((await queue.activeRooms()).toSorted(), [MAIN_ROOM, SIDE]);
    assert.equal((await queue.join(SIDE, ANN, null)).refused, "CLOSED");
    await queue.applyRules(SIDE, { ...line.rules, version: 2 });
    const side = await queue.join(SIDE, ANN, null);
    if (side.refused !== undefined) assert.fail("the room is open");
    assert.deepEqual([side.created, side.place.room], [true, SIDE]);
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

  for (const call of ["status()", "promote()", "join()", "counts()"]) {
    test(`a raised capacity admits with the next \`${call}\``, {}, async (line) => {
      const [house, ann, bob, cat] = await line.arrive("house", "ann", "bob", "cat");
      for (const place of [house!, ann!, bob!, cat!]) await line.queue.status(place);
      await line.changeRules({ capacity: 3 });
      if (call === "status()") await line.queue.status(cat!);
      if (call === "promote()") await line.promote();
      if (call === "join()") await line.join("dan");
      if (call === "counts()") await line.counts();
      // Only who was promoted by that very call has missed the turn by now.
      line.clock.advance(line.windowMs);
      assert.equal((await line.counts()).parked, 2);
    });
  }

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
    assert.deepEqual(await line.queue.status(place), { ...standing, rules: line.snapshot() });
  });
}

/** Of the time that a promoted fan has to show up, when the poll bound changes. */
export function pollBoundContract(test: ContractTest): void {
  const polls = { pollMaxSeconds: 60, showUpMs: 30_000 };

  /** The house leaves; who is promoted has exactly so long. */
  async function assertWindow(line: Parameters<Parameters<typeof test>[2]>[0], windowMs: number) {
    await line.queue.leave((await line.join("house")).place);
    line.clock.advance(windowMs - 1);
    assert.equal((await line.counts()).parked, 0);
    line.clock.advance(1);
    assert.equal((await line.counts()).parked, 1);
  }

  test("a longer poll bound gives a longer window at once", polls, async (line) => {
    await line.arrive("house", "ann");
    await line.changeRules({ pollMaxSeconds: 120 });
    await assertWindow(line, 150_000);
  });

  test(
    "a shorter poll bound keeps the window of fans who were answered with the longer",
    polls,
    async (line) => {
      await line.arrive("house", "ann");
      await line.changeRules({ pollMaxSeconds: 10 });
      line.clock.advance(59_999);
      await assertWindow(line, 90_000);
    },
  );

  test("after the fan's next call the shorter window counts", polls, async (line) => {
    await line.arrive("house", "ann");
    await line.changeRules({ pollMaxSeconds: 10 });
    line.clock.advance(60_000);
    await assertWindow(line, 40_000);
  });

  test("another change does not prolong the longer window", polls, async (line) => {
    await line.arrive("house", "ann");
    await line.changeRules({ pollMaxSeconds: 10 });
    line.clock.advance(59_999);
    await line.changeRules({ holdTtlMs: MINUTE_MS });
    line.clock.advance(1);
    await assertWindow(line, 40_000);
  });

  test("of several shorter bounds the longest that was answered counts", polls, async (line) => {
    await line.arrive("house", "ann");
    await line.changeRules({ pollMaxSeconds: 30 });
    line.clock.advance(10_000);
    await line.changeRules({ pollMaxSeconds: 10 });
    line.clock.advance(49_999);
    await assertWindow(line, 90_000);
  });

  test("a fan promoted before the change keeps the earlier window", polls, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    await line.queue.leave(house!);
    await line.changeRules({ pollMaxSeconds: 10 });
    line.clock.advance(89_999);
    assert.equal(await line.state(ann!), "ADMITTED");
  });
}
