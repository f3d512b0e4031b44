import assert from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { QueueToken } from "../../../src/domain/queue.ts";
import { type ContractTest, type Scene, TEST_DRAW } from "./harness.ts";

const PASSED = { hasPassedChallenge: true };
const CHALLENGED = { challengeAtJoin: true };
const REFUSED = { refused: "CHALLENGE" };

/** Joins with a passed challenge. */
function pass(line: Scene, fan: string) {
  return line.queue.join(MAIN_ROOM, fan as FanId, null, PASSED);
}

/** A room that gives new places only to fans who passed a challenge. */
export function challengeContract(test: ContractTest): void {
  test("a new place of a challenged room needs the challenge", CHALLENGED, async (line) => {
    // The first fan is admitted, the second is the first in line, the third stands behind others.
    for (const fan of ["house", "ann", "bob"]) {
      assert.deepEqual(await line.tryJoin(fan), REFUSED);
      assert.deepEqual(await line.tryJoin(fan), REFUSED);
      const joined = await pass(line, fan);
      assert.equal(joined.refused === undefined && joined.created, true);
    }
    const { waiting, admitted } = await line.counts();
    assert.deepEqual({ waiting, admitted }, { waiting: 2, admitted: 1 });
  });

  test("a refused fan takes no ticket and no slot", CHALLENGED, async (line) => {
    for (let time = 0; time < 5; time++) await line.tryJoin("bot");
    const ann = await pass(line, "ann");
    assert.equal(ann.refused === undefined && ann.standing.state, "ADMITTED");
    const bob = await pass(line, "bob");
    assert.equal(bob.refused === undefined && bob.standing.state === "WAITING", true);
    assert.equal((await line.counts()).waiting, 1);
  });

  test("whoever has a place gets it again without a challenge", CHALLENGED, async (line) => {
    for (const fan of ["house", "ann"]) {
      const first = await pass(line, fan);
      const again = await line.join(fan);
      assert.deepEqual(again, { ...first, created: false });
    }
  });

  test("fans of before the challenge keep their places", { capacity: 1 }, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    await line.changeRules(CHALLENGED);
    assert.equal((await line.join("ann")).created, false);
    assert.deepEqual(await line.tryJoin("bob"), REFUSED);
    await line.queue.leave(house!);
    await line.promote();
    assert.equal(await line.state(ann!), "ADMITTED");
    await line.changeRules({ challengeAtJoin: false });
    assert.equal((await line.join("bob")).created, true);
  });

  test("a place that has ended is no pass for a new one", CHALLENGED, async (line) => {
    const ann = await pass(line, "ann");
    assert.ok(ann.refused === undefined);
    await line.queue.leave(ann.place);
    assert.deepEqual(await line.tryJoin("ann", ann.place), REFUSED);
  });

  test(
    "a token of before a reset brings the old order without a challenge, once",
    CHALLENGED,
    async (line) => {
      const earlier: QueueToken[] = [];
      for (const fan of ["house", "ann"]) {
        const joined = await pass(line, fan);
        assert.ok(joined.refused === undefined);
        const madeAtMs = line.clock();
        const more = { madeAtMs, isNear: false, pseudonym: null, isDrawn: false };
        earlier.push({ ...joined.place, ...more });
      }
      await line.wipe();
      assert.deepEqual(await line.tryJoin("ann"), REFUSED);
      const back = await line.join("ann", earlier[1]!);
      assert.equal(back.created, true);
      await line.queue.leave(back.place);
      assert.deepEqual(await line.tryJoin("ann", earlier[1]!), REFUSED);
    },
  );

  test("a closed room says so, and asks for no challenge", {
    ...CHALLENGED,
    state: "CLOSED",
  }, async (line) => {
    assert.equal((await line.tryJoin("ann")).refused, "CLOSED");
  });

  test("fans gather in a lobby with a passed challenge alone, and only once", {
    ...CHALLENGED,
    state: "LOBBY",
    draw: TEST_DRAW,
  }, async (line) => {
    for (const fan of ["ann", "bob"]) {
      assert.deepEqual(await line.tryJoin(fan), REFUSED);
      const joined = await pass(line, fan);
      assert.equal(joined.refused === undefined && joined.standing.state, "GATHERED");
      assert.equal((await line.join(fan)).created, false);
    }
    assert.equal((await line.counts()).gathered, 2);
  });
}
