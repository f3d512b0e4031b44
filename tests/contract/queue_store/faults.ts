import assert from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import { ticketOf } from "../../../src/domain/queue.ts";
import { drawAll, gather, inDrawOrder, ticketNumberOf } from "./drawing.ts";
import {
  type ContractTest,
  ended,
  type MakeQueue,
  MINUTE_MS,
  scene,
  TEST_DRAW,
} from "./harness.ts";

const LOBBY = { state: "LOBBY", draw: TEST_DRAW } as const;
const NEXT_DRAW = { id: "draw-2", seed: "face".repeat(16), salt: "another grain" };

/** Of rules that may be out of date. */
export function checkedRulesContract(test: ContractTest): void {
  test("an empty room lets nobody join whose rules were not checked in the last minute", {
    capacity: 2,
  }, async (line) => {
    line.clock.advance(MINUTE_MS);
    assert.equal((await line.tryJoin("ann")).refused, undefined);
    await line.queue.leave((await line.join("ann")).place);
    line.clock.advance(1);
    assert.deepEqual(await line.tryJoin("ann"), { refused: "UNCHECKED_RULES" });
    const accepted = await line.queue.join(MAIN_ROOM, "bob" as FanId, null, {
      acceptUncheckedRules: true,
    });
    assert.equal(accepted.refused, undefined);
    // Now somebody is there, whom other calls serve by these rules.
    assert.equal((await line.tryJoin("ann")).refused, undefined);
  });

  test("rules of any version count as checked, and older ones change nothing", {}, async (line) => {
    const old = line.rules;
    await line.changeRules({ capacity: 3 });
    line.clock.advance(10 * MINUTE_MS);
    assert.deepEqual(await line.tryJoin("ann"), { refused: "UNCHECKED_RULES" });
    await line.queue.applyRules(MAIN_ROOM, { ...old, state: "CLOSED" });
    assert.equal((await line.counts()).rulesVersion, line.rules.version);
    assert.equal((await line.join("ann")).standing.state, "ADMITTED");
  });

  test(
    "a fan who gathers, waits or is admitted keeps the place with unchecked rules",
    {},
    async (line) => {
      await line.arrive("house", "ann");
      line.clock.advance(10 * MINUTE_MS);
      for (const fan of ["house", "ann"]) assert.equal((await line.join(fan)).created, false);
      assert.equal((await line.join("bob")).standing.state, "WAITING");
    },
  );

  test(
    "rooms are active with their fans, and idle some time after the last one",
    {},
    async (line) => {
      const { queue } = line;
      const tick = () => queue.promote(MAIN_ROOM, { idleAfterMs: 5 * MINUTE_MS });
      assert.deepEqual(await queue.activeRooms(), [], "rules alone need no upkeep");
      const [ann] = await line.arrive("ann");
      assert.deepEqual(await queue.activeRooms(), [MAIN_ROOM]);
      await line.queue.leave(ann!);
      line.clock.advance(5 * MINUTE_MS - 1);
      await tick();
      assert.deepEqual(await queue.activeRooms(), [MAIN_ROOM]);
      line.clock.advance(1);
      await tick();
      assert.deepEqual(await queue.activeRooms(), []);
      await line.changeRules({ capacity: 2 });
      assert.deepEqual(await queue.activeRooms(), []);
      await line.arrive("bob");
      assert.deepEqual(await queue.activeRooms(), [MAIN_ROOM]);
    },
  );
}

/** Of what was issued twice, late or in vain. */
export function lobbyFaultsContract(test: ContractTest): void {
  test("a lobby that is postponed after its opening has opened", LOBBY, async (line) => {
    await line.changeRules({ opensAtMs: line.clock() + MINUTE_MS });
    const inOrder = inDrawOrder(TEST_DRAW, await gather(line, "ann", "bob", "cat"));
    line.clock.advance(MINUTE_MS);
    // No call has come since the opening, and the seed may be public.
    await line.changeRules({ opensAtMs: line.clock() + MINUTE_MS });
    assert.equal((await line.counts()).gathered, 0);
    const late = await line.join("late");
    assert.ok(late.place.order > 0, "nobody gathers for a known seed");
    assert.equal(ticketOf(late.place.order), 4);
    for (const [rank, { place }] of inOrder.entries()) {
      assert.equal(await ticketNumberOf(line, place), rank + 1);
    }
    assert.equal(late.standing.state === "WAITING" && late.standing.rules.state, "LOBBY");
    line.clock.advance(MINUTE_MS);
    await line.checkRules();
    assert.equal(await line.ahead(late.place), 2);
  });

  test(
    "a lobby that opened with nobody in it gathers nobody for the known seed",
    LOBBY,
    async (line) => {
      await line.changeRules({ opensAtMs: line.clock() + MINUTE_MS });
      line.clock.advance(MINUTE_MS);
      await line.changeRules({ opensAtMs: line.clock() + MINUTE_MS });
      const { place, standing } = await line.join("late");
      assert.deepEqual([standing.state, ticketOf(place.order)], ["WAITING", 1]);
    },
  );

  test("a lobby that is postponed before its opening goes on", LOBBY, async (line) => {
    await line.changeRules({ opensAtMs: line.clock() + MINUTE_MS });
    await gather(line, "ann");
    line.clock.advance(MINUTE_MS - 1);
    await line.changeRules({ opensAtMs: line.clock() + MINUTE_MS });
    line.clock.advance(1);
    await gather(line, "bob");
    assert.equal((await line.counts()).gathered, 2);
  });

  test(
    "a room that is held after its draw gathers nobody for the known seed",
    LOBBY,
    async (line) => {
      await gather(line, "ann");
      await line.changeRules({ state: "HELD" });
      await line.changeRules({ state: "LOBBY" });
      const late = await line.join("late");
      assert.deepEqual([late.standing.state, ticketOf(late.place.order)], ["WAITING", 2]);
      await line.changeRules({ draw: NEXT_DRAW });
      assert.equal((await line.join("dan")).standing.state, "GATHERED");
    },
  );

  test(
    "tokens of a fan who left and gathered again end with their own places",
    LOBBY,
    async (line) => {
      const [first] = await line.arrive("ann");
      await line.queue.leave(first!);
      const [second] = await line.arrive("ann");
      await line.queue.leave(second!);
      const [third] = await line.arrive("ann");
      const over = [first!, second!];
      for (const place of over) assert.deepEqual(await line.queue.status(place), ended());
      await line.changeRules({ state: "HELD" });
      await drawAll(line);
      for (const place of over) {
        assert.deepEqual(await line.queue.leave(place), ended());
        await line.queue.endPlaces([place], "PAID");
      }
      assert.equal(await line.ahead(third!), 0);
      await line.queue.leave(third!);
      const [fresh] = await line.arrive("ann");
      for (const place of [...over, third!]) assert.equal(await line.state(place), "GONE");
      assert.equal(await line.ahead(fresh!), 0);
      await line.changeRules({ state: "LOBBY", draw: NEXT_DRAW });
      await line.queue.leave(fresh!);
      const [again] = await line.arrive("ann");
      assert.equal(await line.state(again!), "GATHERED");
      for (const place of [...over, third!, fresh!]) assert.equal(await line.state(place), "GONE");
    },
  );
}

/** Of a failover to a replica that has lost the last acts: both gave the same tickets. */
export function failoverContract(suite: string, make: MakeQueue): void {
  Deno.test(`${suite}: a token of a lost place acts on no other fan's place`, async () => {
    const [lost, kept] = [await make({ capacity: 1 }), await make({ capacity: 1 })];
    try {
      const [before, after] = [scene(lost), scene(kept)];
      const [, ann] = await before.arrive("house", "ann");
      const [house, bob] = await after.arrive("house", "bob");
      assert.deepEqual([ann!.order, ann!.epoch], [bob!.order, bob!.epoch], "the same ticket");
      for (const token of [ann!, { ...ann!, order: bob!.order + 1 }]) {
        assert.deepEqual(await after.queue.status(token), ended());
        assert.deepEqual(await after.queue.leave(token), ended());
        await after.queue.endPlaces([token], "PAID");
      }
      assert.equal(await after.ahead(bob!), 0);
      await after.queue.leave(house!);
      assert.deepEqual(await after.queue.status(ann!), ended());
      assert.equal(await after.state(bob!), "ADMITTED");
      await after.queue.leave(ann!);
      assert.equal(await after.state(bob!), "ADMITTED");
      const back = await after.join("ann", ann!);
      assert.deepEqual([back.created, ticketOf(back.place.order)], [true, 3]);
    } finally {
      await lost.close();
      await kept.close();
    }
  });

  Deno.test(`${suite}: a token of a lost gathering acts on no other fan's place`, async () => {
    const [lost, kept] = [await make(LOBBY), await make(LOBBY)];
    try {
      const [before, after] = [scene(lost), scene(kept)];
      const [ann] = await before.arrive("ann");
      const [bob] = await after.arrive("bob");
      assert.deepEqual([ann!.order, ann!.epoch], [bob!.order, bob!.epoch], "the same number");
      assert.deepEqual(await after.queue.status(ann!), ended());
      assert.deepEqual(await after.queue.leave(ann!), ended());
      assert.equal(await after.state(bob!), "GATHERED");
      await after.changeRules({ state: "OPEN" });
      assert.equal(await after.state(bob!), "ADMITTED");
      assert.deepEqual(await after.queue.leave(ann!), ended());
      assert.equal(await after.state(bob!), "ADMITTED");
    } finally {
      await lost.close();
      await kept.close();
    }
  });
}
