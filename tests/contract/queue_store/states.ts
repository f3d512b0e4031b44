import assert from "node:assert/strict";
import { ticketOf } from "../../../src/domain/queue.ts";
import { ROOM_STATES, type RoomState } from "../../../src/domain/room.ts";
import { type ContractTest, ended, MINUTE_MS, TEST_DRAW } from "./harness.ts";

/** What a new fan finds, and whether the heads of the line go in. */
const STATES: Record<RoomState, { joins: "REFUSED" | "GATHERED" | "WAITING"; promotes: boolean }> =
  {
    CLOSED: { joins: "REFUSED", promotes: false },
    LOBBY: { joins: "GATHERED", promotes: false },
    OPEN: { joins: "WAITING", promotes: true },
    HELD: { joins: "WAITING", promotes: false },
    DRAINING: { joins: "REFUSED", promotes: true },
  };
const LATER_MS = 10 * MINUTE_MS;

export function statesContract(test: ContractTest): void {
  const draw = TEST_DRAW;

  for (const state of ROOM_STATES) {
    const { joins, promotes } = STATES[state];
    const outcome = joins === "REFUSED" ? "is refused" : joins === "GATHERED" ? "gathers" : "waits";

    test(`${state}: a new fan ${outcome}`, {}, async (line) => {
      await line.arrive("house");
      await line.changeRules({ state, draw });
      const joined = await line.tryJoin("ann");
      if (joined.refused !== undefined) {
        assert.deepEqual(joined, { refused: "CLOSED", state, opensAtMs: null });
      }
      assert.equal(joined.refused ? "REFUSED" : joined.standing.state, joins);
      const { waiting, gathered } = await line.counts();
      assert.deepEqual([waiting, gathered], [+(joins === "WAITING"), +(joins === "GATHERED")]);
    });

    test(`${state}: a fan with a place keeps it on joining`, {}, async (line) => {
      const [house, ann] = await line.arrive("house", "ann");
      await line.changeRules({ state, draw });
      for (const [place, expected] of [[house!, "ADMITTED"], [ann!, "WAITING"]] as const) {
        const again = await line.join(place.fan);
        assert.deepEqual([again.created, again.place], [false, place]);
        assert.equal(again.standing.state, expected);
        assert.deepEqual(await line.queue.status(place), again.standing);
      }
    });

    test(`${state}: ${promotes ? "the heads" : "nobody"} of the queue are admitted`, {
      capacity: 2,
    }, async (line) => {
      const [house, porter, ann, bob] = await line.arrive("house", "porter", "ann", "bob", "cat");
      await line.changeRules({ state, draw });
      await line.queue.leave(house!);
      await line.queue.endPlaces([porter!], "PAID");
      await line.promote();
      const { admitted, waiting } = await line.counts();
      assert.deepEqual([admitted, waiting], promotes ? [2, 1] : [0, 3]);
      assert.equal(await line.state(ann!), promotes ? "ADMITTED" : "WAITING");
      await line.queue.leave(ann!);
      assert.equal(await line.state(bob!), promotes ? "ADMITTED" : "WAITING");
    });

    test(`${state}: ${state === "HELD" ? "a release" : "no release"} admits heads`, {
      capacity: 3,
    }, async (line) => {
      const [a, b, c, d, e] = await line.arrive("a", "b", "c", "d", "e", "f");
      await line.changeRules({ state, draw });
      await line.queue.endPlaces([a!, b!, c!], "PAID");
      const { admitted } = await line.promote(2);
      // Where the heads go in by themselves, they went in when the slots came free.
      assert.equal(admitted, state === "HELD" ? 2 : 0);
      const total = promotes ? 3 : admitted;
      assert.equal((await line.counts()).admitted, total);
      assert.equal((await line.counts()).admitted, total, "a release is of its own act only");
      const states = [await line.state(d!), await line.state(e!)];
      assert.deepEqual(states, Array(2).fill(total > 0 ? "ADMITTED" : "WAITING"));
    });

    test(`${state}: an admission ends at its time`, {}, async (line) => {
      const [house] = await line.arrive("house");
      await line.changeRules({ state, draw });
      line.clock.advance(line.settings.admissionTtlMs - 1);
      assert.equal(await line.state(house!), "ADMITTED");
      line.clock.advance(1);
      assert.deepEqual(await line.queue.status(house!), ended("ADMISSION_LAPSED"));
      assert.equal((await line.promote()).hasOpened, false);
    });

    test(`${state}: a turn is missed, and the parked fan may come back`, {}, async (line) => {
      const [house, ann] = await line.arrive("house", "ann");
      await line.queue.leave(house!);
      await line.changeRules({ state, draw });
      await line.elapse(line.windowMs);
      const { admitted, parked } = await line.counts();
      assert.deepEqual([admitted, parked], [0, 1]);
      assert.equal(await line.state(ann!), promotes ? "ADMITTED" : "WAITING");
      await line.changeRules({ state: "OPEN" });
      assert.equal(await line.state(ann!), "ADMITTED");
    });

    test(`${state}: a silent fan ages out, and one who polls does not`, {
      admissionTtlMs: 60 * MINUTE_MS,
      waitingTtlMs: 10 * MINUTE_MS,
    }, async (line) => {
      const [, ann, bob] = await line.arrive("house", "ann", "bob");
      await line.changeRules({ state, draw });
      await line.elapse(10 * MINUTE_MS - 1, bob!);
      assert.equal(await line.ahead(bob!), 1);
      await line.elapse(2 * MINUTE_MS, bob!);
      assert.equal(await line.ahead(bob!), 0);
      assert.deepEqual(await line.queue.status(ann!), ended("SILENT"));
      assert.equal((await line.counts()).waiting, 1);
    });

    test(`${state}: a place can be left, and is lost`, {}, async (line) => {
      const [house, ann, bob] = await line.arrive("house", "ann", "bob");
      await line.changeRules({ state, draw });
      assert.deepEqual(await line.queue.leave(ann!), ended());
      assert.equal(await line.ahead(bob!), 0);
      await line.queue.leave(house!);
      const again = await line.tryJoin("ann");
      assert.equal(again.refused === undefined, joins !== "REFUSED");
      assert.deepEqual(await line.queue.status(ann!), ended());
    });
  }

  test("HELD: a free slot and an empty queue admit nobody at once", {
    state: "HELD",
  }, async (line) => {
    const { place, standing } = await line.join("ann");
    assert.equal(standing.state === "WAITING" && standing.ahead, 0);
    await line.promote();
    assert.equal(await line.ahead(place), 0);
    await line.changeRules({ state: "OPEN" });
    assert.equal(await line.state(place), "ADMITTED");
  });

  test("HELD: a release is in order, and returned fans go first", {}, async (line) => {
    const [house, ann, bob, cat] = await line.arrive("house", "ann", "bob", "cat");
    await line.missTurn(house!, [bob!, cat!]);
    await line.changeRules({ state: "HELD" });
    await line.queue.leave(bob!);
    assert.equal(await line.state(ann!), "WAITING");
    assert.equal((await line.promote(5)).admitted, 1, "within the capacity");
    assert.equal(await line.state(ann!), "ADMITTED");
    await line.queue.leave(ann!);
    assert.equal(await line.ahead(cat!), 0);
    assert.equal((await line.promote(1)).admitted, 1);
    assert.equal(await line.state(cat!), "ADMITTED");
  });

  test("HELD: a release respects the rate", {
    state: "HELD",
    capacity: 9,
    admissionsPerMinute: 6,
  }, async (line) => {
    await line.arrive("a", "b", "c");
    assert.equal((await line.promote(3)).admitted, 1);
    line.clock.advance(9_999);
    assert.equal((await line.promote(3)).admitted, 0);
    line.clock.advance(1);
    assert.equal((await line.promote(3)).admitted, 1);
    assert.equal((await line.promote(0)).admitted, 0);
  });
}

/** Of the opening that nobody but the clock brings. */
export function openingContract(test: ContractTest): void {
  for (const state of ["CLOSED", "LOBBY"] as const) {
    test(
      `${state}: fans in line go in at the opening time, to the millisecond`,
      {},
      async (line) => {
        const [house, ann] = await line.arrive("house", "ann");
        const opensAtMs = line.clock() + LATER_MS;
        await line.changeRules({ state, opensAtMs, draw: TEST_DRAW });
        await line.queue.leave(house!);
        line.clock.advance(LATER_MS - 1);
        const before = await line.queue.status(ann!);
        assert.equal(before.state === "WAITING" && before.rules.state, state);
        line.clock.advance(1);
        const after = await line.queue.status(ann!);
        assert.equal(after.state === "ADMITTED" && after.rules.state, "OPEN");
      },
    );

    test(
      `${state}: answers contain the opening until the rules say it is open`,
      { state },
      async (line) => {
        const opensAtMs = line.clock() + LATER_MS;
        await line.changeRules({ opensAtMs, draw: TEST_DRAW });
        assert.equal((await line.promote()).hasOpened, false);
        line.clock.advance(LATER_MS);
        for (let tick = 0; tick < 3; tick++) {
          assert.equal((await line.promote()).hasOpened, true);
          line.clock.advance(MINUTE_MS);
        }
        assert.equal((await line.counts()).rules.state, "OPEN");
        await line.changeRules({ state: "OPEN" });
        assert.equal((await line.promote()).hasOpened, false);
      },
    );

    test(`${state}: a postponed opening does not happen`, { state }, async (line) => {
      await line.changeRules({ opensAtMs: line.clock() + LATER_MS, draw: TEST_DRAW });
      await line.changeRules({ opensAtMs: line.clock() + 2 * LATER_MS });
      line.clock.advance(LATER_MS);
      assert.equal((await line.counts()).rules.state, state);
      await line.changeRules({ opensAtMs: null });
      line.clock.advance(LATER_MS);
      assert.equal((await line.counts()).rules.state, state);
      assert.equal((await line.promote()).hasOpened, false);
    });
  }

  test(
    "a closed room lets fans join from the opening time on",
    { state: "CLOSED" },
    async (line) => {
      const opensAtMs = line.clock() + LATER_MS;
      await line.changeRules({ opensAtMs });
      line.clock.advance(LATER_MS - 1);
      await line.checkRules();
      assert.deepEqual(await line.tryJoin("ann"), {
        refused: "CLOSED",
        state: "CLOSED",
        opensAtMs,
      });
      line.clock.advance(1);
      const { place, standing } = await line.join("ann");
      assert.equal(ticketOf(place.order), 1);
      assert.deepEqual(standing, line.admitted(place.order, line.clock() + 15 * MINUTE_MS));
    },
  );

  for (const state of ["HELD", "DRAINING"] as const) {
    test(`${state}: a time that is set changes nothing`, { state }, async (line) => {
      await line.changeRules({ opensAtMs: line.clock() + LATER_MS });
      line.clock.advance(LATER_MS);
      assert.equal((await line.counts()).rules.state, state);
      assert.equal((await line.promote()).hasOpened, false);
    });
  }
}
