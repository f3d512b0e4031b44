import assert from "node:assert/strict";
import { type QueueToken, ticketOf } from "../../../src/domain/queue.ts";
import { tokenOf as tokenOfStanding } from "../../../src/domain/queue_token.ts";
import { drawAll, gather, inDrawOrder } from "./drawing.ts";
import { type ContractTest, TEST_DRAW } from "./harness.ts";
import { tokenOf } from "./reset.ts";

/** Of fans who gather, or gathered, when the line is wiped. */
export function resetOfDrawsContract(test: ContractTest): void {
  test(
    "in a LOBBY a fan who had a ticket before the wipe gathers like everybody",
    {},
    async (line) => {
      const [, ann] = await line.arrive("house", "ann");
      await line.changeRules({ state: "LOBBY", draw: TEST_DRAW });
      await line.wipe();
      const [fresh] = await line.arrive("fresh");
      const back = await line.join("ann", ann!);
      assert.equal(back.standing.state, "GATHERED");
      assert.ok(back.place.order < 0);
      await line.changeRules({ state: "HELD" });
      assert.equal((await line.counts()).waiting, 2);
      const standings = [await line.queue.status(fresh!), await line.queue.status(back.place)];
      const tickets = standings.map((one) => one.state === "WAITING" && ticketOf(one.order!));
      assert.deepEqual(tickets.toSorted(), [1, 2], "both have tickets of the draw");
    },
  );

  test("fans of a draw rejoin in its order, whichever tokens they have", {
    state: "LOBBY",
    draw: TEST_DRAW,
  }, async (line) => {
    const inOrder = inDrawOrder(TEST_DRAW, await gather(line, "ann", "bob", "cat", "dan", "eve"));
    await line.changeRules({ state: "HELD" });
    await drawAll(line);
    const [late] = await line.arrive("late");
    const tokens: QueueToken[] = [];
    for (const [i, { fan, place }] of inOrder.entries()) {
      const old = { ...tokenOf(place), madeAtMs: line.clock() };
      const [standing, again] = [await line.queue.status(place), await line.join(fan)];
      const ofJoin = tokenOfStanding(again.place, again.standing, line.clock());
      const ofPoll = tokenOfStanding(place, standing, line.clock());
      assert.deepEqual(ofJoin, ofPoll);
      tokens.push(i % 2 === 0 ? old : ofJoin);
    }
    await line.wipe();
    await line.arrive("fresh");
    await line.join("late", late!);
    for (const token of tokens.toReversed()) await line.join(token.fan, token);
    for (const [rank, { fan }] of inOrder.entries()) {
      assert.equal(await line.ahead((await line.join(fan)).place), rank);
    }
    assert.equal(await line.ahead((await line.join("late")).place), inOrder.length);
  });

  test("the first draw after a reset ends rejoining: who did not gather comes last", {
    state: "LOBBY",
    draw: TEST_DRAW,
    capacity: 1,
  }, async (line) => {
    const [ann, bob] = await line.arrive("ann", "bob");
    await line.wipe();
    await line.arrive("cat", "dan", "eve");
    const again = await line.join("ann", ann!);
    assert.equal(again.standing.state, "GATHERED");
    await line.changeRules({ state: "HELD" });
    await drawAll(line);
    await line.queue.leave(again.place);
    for (const old of [ann!, bob!]) {
      const { created, place } = await line.join(old.fan, old);
      assert.ok(created && ticketOf(place.order) > 4, `${old.fan} has ${ticketOf(place.order)}`);
    }
  });
}
