import assert from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import { ticketOf } from "../../../src/domain/queue.ts";
import {
  crowd,
  drawAll,
  gather,
  type Gathered,
  inDrawOrder,
  published,
  ticketNumberOf,
} from "./drawing.ts";
import { type ContractTest, ended, MINUTE_MS, TEST_DRAW } from "./harness.ts";

const LOBBY = { state: "LOBBY", draw: TEST_DRAW } as const;
const FANS = ["ann", "bob", "cat", "dan", "eve", "fay", "gus", "hal"];
const names = (gathered: readonly Gathered[]) => gathered.map(({ fan }) => fan);

/** What the draw gives. How it drains a crowd is of `drainingContract`. */
export function drawContract(test: ContractTest): void {
  for (const state of ["HELD", "DRAINING", "OPEN"] as const) {
    test(`${state}: the tickets are drawn in the order of the seed`, LOBBY, async (line) => {
      const inOrder = inDrawOrder(TEST_DRAW, await gather(line, ...FANS));
      assert.notDeepEqual(names(inOrder), FANS);
      await line.changeRules({ state });
      for (const [rank, { place }] of inOrder.entries()) {
        assert.equal(await ticketNumberOf(line, place), rank + 1);
        const ahead = state === "HELD" ? rank : rank - 1;
        if (ahead >= 0) assert.equal(await line.ahead(place), ahead);
        else assert.equal(await line.state(place), "ADMITTED");
      }
      const { gathered, waiting } = await line.counts();
      assert.deepEqual([gathered, waiting], [0, state === "HELD" ? 8 : 7]);
    });
  }

  test("the clock alone opens a lobby, to the millisecond", LOBBY, async (line) => {
    await line.changeRules({ opensAtMs: line.clock() + 5_000 });
    const [first, second] = inDrawOrder(TEST_DRAW, await gather(line, ...FANS));
    line.clock.advance(4_999);
    assert.equal(await line.state(first!.place), "GATHERED");
    line.clock.advance(1);
    assert.equal(await line.ahead(second!.place), 0);
    assert.equal(await line.state(first!.place), "ADMITTED");
  });

  test(
    "who joins with the very call that opens the room is behind the lobby",
    LOBBY,
    async (line) => {
      await line.changeRules({ opensAtMs: line.clock() + 5_000 });
      const inOrder = inDrawOrder(TEST_DRAW, await gather(line, ...FANS));
      line.clock.advance(5_000);
      const { place, standing } = await line.join("fresh");
      assert.equal(standing.state === "WAITING" && standing.ahead, FANS.length - 1);
      assert.equal(ticketOf(place.order), FANS.length + 1);
      assert.equal(await line.state(inOrder[0]!.place), "ADMITTED");
    },
  );

  test("fans are admitted in the order drawn, in any order of polls", LOBBY, async (line) => {
    const inOrder = inDrawOrder(TEST_DRAW, await gather(line, ...FANS));
    await line.changeRules({ state: "OPEN" });
    for (const [rank, { place }] of inOrder.entries()) {
      for (const [ahead, behind] of inOrder.slice(rank + 1).entries()) {
        assert.equal(await line.ahead(behind.place), ahead);
      }
      assert.equal(await line.state(place), "ADMITTED");
      await line.queue.leave(place);
    }
  });

  test("joining early, late, twice or again gives no advantage", LOBBY, async (line) => {
    const expected = names(inDrawOrder(TEST_DRAW, await gather(line, ...FANS)));
    const crowds = [FANS.toReversed(), [...FANS, ...FANS, "ann"], ["hal", "ann", ...FANS]];
    for (const arriving of crowds) {
      await line.wipe();
      const latest = new Map((await gather(line, ...arriving)).map((one) => [one.fan, one]));
      for (const fan of [arriving[0]!, arriving[3]!]) {
        await line.queue.leave(latest.get(fan)!.place);
        latest.set(fan, (await gather(line, fan))[0]!);
      }
      await line.changeRules({ state: "HELD" });
      const tickets = [];
      for (const one of latest.values()) {
        tickets.push({ ...one, ticket: await ticketNumberOf(line, one.place) });
      }
      assert.deepEqual(names(tickets.toSorted((a, b) => a.ticket! - b.ticket!)), expected);
      await line.changeRules({ state: "LOBBY" });
    }
  });

  test("a fan who joins after the opening is behind all who gathered", LOBBY, async (line) => {
    const inOrder = inDrawOrder(TEST_DRAW, await gather(line, ...FANS));
    await line.changeRules({ state: "HELD" });
    const [fresh, later] = await line.arrive("fresh", "later");
    assert.deepEqual([await line.ahead(fresh!), await line.ahead(later!)], [8, 9]);
    assert.deepEqual([ticketOf(fresh!.order), ticketOf(later!.order)], [9, 10]);
    assert.equal(await line.ahead(inOrder[7]!.place), 7);
  });

  test("a fan who waited before the lobby is in front of all who gather", {}, async (line) => {
    const [, ann] = await line.arrive("house", "ann");
    await line.changeRules(LOBBY);
    const inOrder = inDrawOrder(TEST_DRAW, await gather(line, "bob", "cat"));
    await line.changeRules({ state: "HELD" });
    assert.equal(await line.ahead(ann!), 0);
    for (const [rank, { place }] of inOrder.entries()) {
      assert.equal(await line.ahead(place), rank + 1);
      assert.equal(await ticketNumberOf(line, place), rank + 3);
    }
  });

  test(
    "the published list is complete, in order and equal to the answers to fans",
    LOBBY,
    async (line) => {
      const gathered = await gather(line, ...crowd(450));
      assert.deepEqual(await published(line), []);
      await line.changeRules({ state: "HELD" });
      await drawAll(line);
      const list = await published(line);
      const inOrder = inDrawOrder(TEST_DRAW, gathered);
      const expected = inOrder.map(({ pseudonym }, rank) => ({ pseudonym, ticket: rank + 1 }));
      assert.deepEqual(list, expected);
      for (const pageSize of [1_000, 201, 200, 199, 7]) {
        assert.deepEqual(await published(line, pageSize), list);
      }
      for (const ticket of [0, 1, 199, 200, 201, 399, 400, 449]) {
        assert.deepEqual(
          await line.queue.listDraw(MAIN_ROOM, ticket, 3),
          list.slice(ticket, ticket + 3),
        );
      }
      assert.deepEqual(await line.queue.listDraw(MAIN_ROOM, 450, 3), []);
      for (const rank of [0, 255, 256, 449]) {
        assert.equal(await ticketNumberOf(line, inOrder[rank]!.place), rank + 1);
      }
    },
  );

  test(
    "the list of a room that had a queue before starts at the first drawn ticket",
    {},
    async (line) => {
      await line.arrive("house", "porter", "clerk");
      await line.changeRules(LOBBY);
      const inOrder = inDrawOrder(TEST_DRAW, await gather(line, ...FANS));
      await line.changeRules({ state: "HELD" });
      await drawAll(line);
      const expected = inOrder.map(({ pseudonym }, rank) => ({ pseudonym, ticket: rank + 4 }));
      assert.deepEqual(await published(line), expected);
      assert.deepEqual(await line.queue.listDraw(MAIN_ROOM, 4, 2), expected.slice(1, 3));
    },
  );

  test("a fan who left before the opening is not in the list", LOBBY, async (line) => {
    const gathered = await gather(line, ...FANS);
    await line.queue.leave(gathered[3]!.place);
    await line.changeRules({ state: "OPEN" });
    await drawAll(line);
    const listed = (await published(line)).map(({ pseudonym }) => pseudonym);
    const stayed = inDrawOrder(TEST_DRAW, gathered.toSpliced(3, 1));
    assert.deepEqual(listed, stayed.map(({ pseudonym }) => pseudonym));
  });

  test("a lobby without fans opens as an empty queue", LOBBY, async (line) => {
    await line.changeRules({ state: "OPEN" });
    await line.promote();
    const { place, standing } = await line.join("ann");
    assert.deepEqual([ticketOf(place.order), standing.state], [1, "ADMITTED"]);
    assert.deepEqual(await published(line), []);
  });

  test(
    "a token of the lobby is good in line, while admitted, and to leave",
    LOBBY,
    async (line) => {
      const [ann] = inDrawOrder(TEST_DRAW, await gather(line, ...FANS));
      const tokens = [ann!.place, (await line.join(ann!.fan)).place];
      await line.changeRules({ state: "HELD" });
      await drawAll(line);
      tokens.push((await line.join(ann!.fan)).place);
      for (const token of tokens) assert.equal(await line.ahead(token), 0);
      await line.changeRules({ state: "OPEN" });
      for (const token of tokens) assert.equal(await line.state(token), "ADMITTED");
      const again = await line.join(ann!.fan);
      assert.deepEqual([again.created, again.standing.state], [false, "ADMITTED"]);
      assert.deepEqual(await line.queue.leave(tokens[0]!), ended("LEFT"));
      for (const token of [...tokens, again.place]) {
        assert.deepEqual(await line.queue.status(token), ended("LEFT"));
      }
    },
  );

  for (const stage of ["WAITING", "ADMITTED"]) {
    test(
      `\`endPlaces()\` with a lobby's token ends a place that is ${stage}`,
      LOBBY,
      async (line) => {
        const [first, second, third] = inDrawOrder(TEST_DRAW, await gather(line, ...FANS));
        await line.changeRules({ state: "OPEN" });
        const ends = stage === "WAITING" ? second! : first!;
        assert.equal(await line.state(ends.place), stage);
        await line.queue.endPlaces([ends.place, ends.place], "PAID");
        const because = stage === "ADMITTED" ? "PAID" : null;
        assert.deepEqual(await line.queue.status(ends.place), ended(because));
        const { admitted, waiting } = await line.counts();
        assert.deepEqual([admitted, waiting], [1, 6]);
        assert.equal(await line.ahead(third!.place), 0);
      },
    );
  }

  test(
    "when a drawn place has ended its fan may join at the end of the line",
    LOBBY,
    async (line) => {
      const gathered = await gather(line, ...FANS);
      await line.changeRules({ state: "HELD" });
      const old = gathered[0]!.place;
      await line.queue.leave(old);
      const anew = await line.join(gathered[0]!.fan);
      assert.deepEqual([anew.created, ticketOf(anew.place.order)], [true, 9]);
      assert.deepEqual(await line.queue.status(old), ended());
      await line.queue.endPlaces([old], "PAID");
      assert.deepEqual(await line.queue.leave(old), ended());
      assert.equal(await line.ahead(anew.place), 7);
      assert.deepEqual((await line.join(gathered[0]!.fan)).place, anew.place);
    },
  );

  test("a drawn place ages out from the draw on, unless its fan calls", {
    ...LOBBY,
    waitingTtlMs: 20 * MINUTE_MS,
  }, async (line) => {
    const [first, second] = inDrawOrder(TEST_DRAW, await gather(line, "ann", "bob"));
    line.clock.advance(2 * line.settings.waitingTtlMs);
    await line.changeRules({ state: "HELD" });
    await line.promote();
    await line.elapse(line.settings.waitingTtlMs - 1, second!.place);
    assert.equal(await line.ahead(second!.place), 1);
    await line.elapse(line.settings.waitingTtlMs / 32 + MINUTE_MS, second!.place);
    assert.equal(await line.ahead(second!.place), 0);
    assert.deepEqual(await line.queue.status(first!.place), ended("SILENT"));
  });

  test("a drawn turn can be missed, and is regained with the token", LOBBY, async (line) => {
    const [first, second] = inDrawOrder(TEST_DRAW, await gather(line, "ann", "bob"));
    await line.changeRules({ state: "OPEN" });
    await line.promote();
    await line.elapse(line.windowMs, second!.place);
    assert.equal(await line.state(second!.place), "ADMITTED");
    assert.equal((await line.counts()).parked, 1);
    assert.equal(await line.ahead(first!.place), 0);
    await line.queue.leave(second!.place);
    assert.equal(await line.state(first!.place), "ADMITTED");
  });

  test(
    "`findPlace()` finds a drawn fan, with the ticket and a token's order",
    LOBBY,
    async (line) => {
      const [first] = inDrawOrder(TEST_DRAW, await gather(line, ...FANS));
      await line.changeRules({ state: "HELD" });
      await drawAll(line);
      const { fan, place } = first!;
      const seen = await line.queue.findPlace(MAIN_ROOM, fan as FanId);
      assert.deepEqual([seen?.state, seen?.ticket, seen?.ahead], ["WAITING", 1, 0]);
      assert.equal(seen?.epoch, place.epoch);
      await line.queue.endPlaces([{ ...place, order: seen!.order }], "PAID");
      assert.deepEqual(await line.queue.status(place), ended());
    },
  );
}
