import assert from "node:assert/strict";
import { type FanId, MAIN_ROOM, type RoomId } from "../../../src/domain/ids.ts";
import { SEAL_MS } from "../../../src/domain/queue_bounds.ts";
import { type ContractTest, LINE_RESET, type Scene, TEST_DRAW } from "./harness.ts";

const [ANN, SIDE] = ["ann" as FanId, "side-door" as RoomId];
const REMOVED = 9;

/** The names that the store knows, in order. */
async function namesOf({ queue }: Scene): Promise<readonly string[]> {
  return (await queue.knownRooms()).names.toSorted();
}

/** Of rooms that are deleted, and of the names of rooms. */
export function removingContract(test: ContractTest): void {
  test("`removeRoom()` removes the places, the rules and the name of one room", {
    capacity: 2,
  }, async (line) => {
    const { queue } = line;
    await queue.applyRules(SIDE, line.rules);
    const [house] = await line.arrive("house", "porter", "ann");
    const side = await queue.join(SIDE, ANN, null);
    await queue.removeRoom(MAIN_ROOM, REMOVED);
    assert.deepEqual(await queue.status(house!), LINE_RESET);
    assert.equal(await queue.counts(MAIN_ROOM), null);
    assert.equal(await queue.front(MAIN_ROOM), null);
    assert.equal(await queue.findPlace(MAIN_ROOM, ANN), null);
    assert.deepEqual(await line.tryJoin("ann"), { refused: "NO_RULES" });
    assert.deepEqual([await namesOf(line), await queue.activeRooms()], [[SIDE], [SIDE]]);
    assert.ok(!side.refused && (await queue.status(side.place)).state === "ADMITTED");
    await queue.removeRoom(MAIN_ROOM, REMOVED);
    assert.equal(await queue.counts(MAIN_ROOM), null);
  });

  test(
    "rules from before a removal do not bring the room back, later ones do",
    {},
    async (line) => {
      const { queue, rules } = line;
      const [house] = await line.arrive("house");
      await queue.removeRoom(MAIN_ROOM, REMOVED);
      for (const version of [1, REMOVED]) {
        await queue.applyRules(MAIN_ROOM, { ...rules, version });
        assert.equal(await queue.counts(MAIN_ROOM), null);
        assert.deepEqual(await namesOf(line), []);
      }
      line.clock.advance(1_000);
      const again = { ...rules, version: REMOVED + 1, madeAtMs: line.clock() };
      await queue.applyRules(MAIN_ROOM, again);
      assert.equal((await line.counts()).rulesVersion, REMOVED + 1);
      assert.deepEqual(await namesOf(line), [MAIN_ROOM]);
      // The old token brings nothing: the place is one at the end of the line.
      const [porter] = await line.arrive("porter");
      const back = await line.join("house", { ...house!, madeAtMs: line.clock() - 1_000 } as never);
      assert.deepEqual([back.created, back.place.order], [true, porter!.order + 1]);
      assert.deepEqual(await queue.status(house!), LINE_RESET);
    },
  );

  test("a removal does not concern a room that was made again after it", {}, async (line) => {
    const [house] = await line.arrive("house");
    await line.queue.applyRules(MAIN_ROOM, { ...line.rules, version: REMOVED + 1 });
    await line.queue.removeRoom(MAIN_ROOM, REMOVED);
    assert.equal(await line.queue.sealRoom(MAIN_ROOM, REMOVED), false);
    assert.equal(await line.state(house!), "ADMITTED");
    assert.deepEqual(await namesOf(line), [MAIN_ROOM]);
  });

  test(
    "nobody joins a sealed room, whose rules come back when the seal has ended",
    {},
    async (line) => {
      const { queue } = line;
      const [house] = await line.arrive("house");
      await queue.leave(house!);
      assert.equal(await queue.sealRoom(MAIN_ROOM, REMOVED), true);
      assert.deepEqual([await namesOf(line), await queue.activeRooms()], [[MAIN_ROOM], []]);
      for (const waitMs of [0, SEAL_MS - 1]) {
        line.clock.advance(waitMs);
        await line.checkRules();
        assert.deepEqual(await line.tryJoin("ann"), { refused: "NO_RULES" });
      }
      line.clock.advance(1);
      await line.checkRules();
      assert.equal((await line.join("ann")).standing.state, "ADMITTED");
    },
  );

  test("`sealRoom()` does nothing while somebody gathers, waits, is inside or is parked", {
    state: "LOBBY",
    opensAtMs: null,
    draw: TEST_DRAW,
  }, async (line) => {
    const { queue } = line;
    const seal = () => queue.sealRoom(MAIN_ROOM, REMOVED);
    const [ann] = await line.arrive("ann");
    assert.equal(await seal(), false, "ann gathers");
    await line.changeRules({ state: "HELD" });
    assert.equal(await seal(), false, "ann waits");
    await line.changeRules({ state: "OPEN" });
    assert.equal(await line.state(ann!), "ADMITTED");
    assert.equal(await seal(), false, "ann is inside");
    const [bob, cat] = await line.arrive("bob", "cat");
    await line.missTurn(ann!, [cat!]);
    await line.state(cat!);
    for (const place of [cat!]) await queue.leave(place);
    const { waiting, admitted, parked } = await line.counts();
    assert.deepEqual([waiting, admitted, parked], [0, 0, 1]);
    assert.equal(await seal(), false, "bob is parked");
    await queue.leave(bob!);
    assert.equal(await seal(), true);
  });

  test(
    "an admission that has lapsed does not keep the room",
    { admissionTtlMs: 5_000 },
    async (line) => {
      await line.arrive("house");
      await line.state((await line.join("house")).place);
      line.clock.advance(5_000);
      assert.equal(await line.queue.sealRoom(MAIN_ROOM, REMOVED), true);
    },
  );

  test(
    "the store knows all rooms once it was given their names, until it is wiped",
    {},
    async (line) => {
      const { queue } = line;
      assert.deepEqual(await queue.knownRooms(), { names: [MAIN_ROOM], areAll: false });
      await queue.learnRooms([MAIN_ROOM, SIDE]);
      assert.deepEqual([await namesOf(line), (await queue.knownRooms()).areAll], [
        [MAIN_ROOM, SIDE],
        true,
      ]);
      await line.forget();
      assert.deepEqual(await queue.knownRooms(), { names: [], areAll: false });
      // More than a script could unpack at once.
      const many = Array.from({ length: 9_000 }, (_, index) => `room-${index}` as RoomId);
      await queue.applyRules(MAIN_ROOM, line.rules, null, many);
      const known = await queue.knownRooms();
      assert.deepEqual([known.names.length, known.areAll], [many.length + 1, true]);
    },
  );
}
