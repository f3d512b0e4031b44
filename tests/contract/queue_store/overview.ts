import assert from "node:assert/strict";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import { recentlyCalled } from "../../../src/domain/line_history.ts";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import { seededRandom } from "../../support/random.ts";
import { type ContractTest, MINUTE_MS, type Scene, TEST_DRAW } from "./harness.ts";

async function overviewOf(line: Scene) {
  const { activeRooms, rooms: [room, ...others] } = await line.queue.overview(5);
  assert.deepEqual([activeRooms, others], [1, []]);
  const { front, tickets, recentlyCalled, ...numbers } = room!;
  return { front, tickets, recentlyCalled, numbers };
}

export function overviewContract(test: ContractTest): void {
  test("`overview()` has each active room in numbers", { capacity: 2 }, async (line) => {
    const [house, , missing, behind] = await line.arrive("a", "b", "c", "d", "e");
    await line.promote();
    const before = await overviewOf(line);
    assert.deepEqual(before.numbers, {
      room: MAIN_ROOM,
      gathered: 0,
      waiting: 3,
      admitted: 2,
      parked: 0,
      joinedTotal: 5,
      admittedTotal: 2,
      missedTotal: 0,
      returnedTotal: 0,
      seatsAvailable: null,
      lastTickAtMs: line.clock(),
    });
    assert.deepEqual(before.front.rules, line.snapshot());
    assert.deepEqual(
      [before.front.called, before.tickets].map((order) => order - before.front.first),
      [
        2,
        5,
      ],
    );
    assert.equal(before.recentlyCalled, null);
    await line.missTurn(house!, [behind!]);
    await line.queue.status(missing!);
    const asOfMs = line.clock();
    await line.queue.updateStock(MAIN_ROOM, { available: 7, returnsAtMs: null, asOfMs });
    const { numbers } = await overviewOf(line);
    assert.deepEqual([numbers.missedTotal, numbers.returnedTotal], [1, 1]);
    assert.equal(numbers.seatsAvailable, 7);
  });

  test("`overview()` moves nobody, however late it is", { capacity: 1 }, async (line) => {
    await line.arrive("a", "b");
    const { numbers } = await overviewOf(line);
    line.clock.advance(60 * MINUTE_MS);
    assert.deepEqual((await overviewOf(line)).numbers, numbers);
    assert.deepEqual([numbers.admitted, numbers.waiting, numbers.lastTickAtMs], [1, 1, null]);
  });

  test("`overview()` counts fans who gather, and none in an idle room", {
    state: "LOBBY",
    draw: TEST_DRAW,
  }, async (line) => {
    const places = await line.arrive("a", "b");
    const { numbers: { gathered, waiting, joinedTotal } } = await overviewOf(line);
    assert.deepEqual([gathered, waiting, joinedTotal], [2, 0, 0]);
    assert.deepEqual((await line.queue.overview(0)).rooms, []);
    for (const place of places) await line.queue.leave(place);
    await line.queue.promote(MAIN_ROOM, { idleAfterMs: 0 });
    assert.deepEqual(await line.queue.overview(5), { activeRooms: 0, rooms: [] });
  });

  test(
    "`overview()` has of an hour what one sample says of a wait",
    { capacity: 9 },
    async (line) => {
      const { queue } = line;
      const random = seededRandom(18);
      let fans = 0;
      let found = 0;
      const inLine: PlaceRef[] = [];
      for (let minute = 0; minute < 130; minute++) {
        await line.checkRules();
        for (let joins = random() * 6; joins > 1; joins--) {
          inLine.push((await line.join(`fan-${fans++}`)).place);
        }
        // Those in front leave, in bursts: the line is called in bursts, too.
        if (random() < 0.4) await queue.endPlaces(inLine.splice(0, 9 * random()), "PAID");
        if (random() < 0.2) await line.changeRules({ state: "HELD" });
        else if (random() < 0.3) await line.changeRules({ state: "OPEN" });
        const minutes = random() < 0.1 ? 20 : 0.5 + random();
        line.clock.advance(Math.round(minutes * MINUTE_MS));
        if (random() < 0.8) await line.promote();
        const samples = (await queue.history(MAIN_ROOM))!;
        const { recentlyCalled: called } = await overviewOf(line);
        assert.deepEqual(called, recentlyCalled(samples, line.clock()), `minute ${minute}`);
        if (called) found++;
      }
      assert.ok(found > 30, `only ${found} waits were found`);
    },
  );
}
