import assert from "node:assert/strict";
import { HISTORY_MS, HISTORY_STEP_MS } from "../../../src/domain/queue_bounds.ts";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import { type ContractTest, MINUTE_MS, type Scene, TEST_DRAW } from "./harness.ts";

async function samplesOf(line: Scene) {
  const samples = await line.queue.history(MAIN_ROOM);
  assert.ok(samples);
  return samples;
}

export function historyContract(test: ContractTest): void {
  test("`promote()` samples the line", { capacity: 2 }, async (line) => {
    assert.deepEqual(await samplesOf(line), []);
    await line.arrive("a", "b", "c", "d", "e");
    await line.promote();
    const [sample, ...others] = await samplesOf(line);
    const { front, tickets, ...counted } = sample!;
    assert.deepEqual(others, []);
    assert.deepEqual(counted, {
      gathered: 0,
      parked: 0,
      admittedTotal: 2,
      missedTotal: 0,
      seatsAvailable: null,
    });
    assert.equal(tickets - front.first, 5);
    assert.deepEqual(
      [front.takenAtMs, front.called - front.first, front.waiting, front.speed.admitted],
      [line.clock(), 2, 3, 2],
    );
    assert.deepEqual(front.rules, line.snapshot());
    assert.equal(front.epoch, (await line.counts()).epoch);
  });

  test("the line is sampled once in a while, however often it is promoted", {}, async (line) => {
    await line.arrive("a");
    const began = line.clock();
    for (let tick = 0; tick < 4; tick++) {
      await line.promote();
      line.clock.advance(HISTORY_STEP_MS / 2);
    }
    const times = (await samplesOf(line)).map(({ front }) => front.takenAtMs);
    assert.deepEqual(times.map((at) => at - began), [0, HISTORY_STEP_MS]);
  });

  test(
    "a sample may come early, and samples come no more often than the steps",
    {},
    async (line) => {
      await line.arrive("a");
      const began = line.clock();
      const SECOND_MS = 1_000;
      for (let second = 0; second < 600; second += 5) {
        await line.promote();
        line.clock.advance(5 * SECOND_MS);
      }
      const times = (await samplesOf(line)).map(({ front }) => front.takenAtMs - began);
      assert.deepEqual(times.slice(0, 4), [0, 50, 110, 170].map((seconds) => seconds * SECOND_MS));
      assert.equal(times.length, 600 * SECOND_MS / HISTORY_STEP_MS + 1);
    },
  );

  test("samples are of the last hour", {}, async (line) => {
    await line.arrive("a");
    const ofAnHour = HISTORY_MS / HISTORY_STEP_MS;
    for (let tick = 0; tick < ofAnHour + 5; tick++) {
      await line.promote();
      line.clock.advance(HISTORY_STEP_MS);
    }
    const kept = await samplesOf(line);
    const ages = kept.map(({ front }) => line.clock() - front.takenAtMs);
    assert.deepEqual([ages.length, ages[0], ages.at(-1)], [
      ofAnHour - 1,
      HISTORY_MS - HISTORY_STEP_MS,
      HISTORY_STEP_MS,
    ]);
    line.clock.advance(HISTORY_MS);
    assert.deepEqual(await samplesOf(line), []);
  });

  test("missed turns are counted, the second one of a fan too", {
    admissionTtlMs: 60 * MINUTE_MS,
  }, async (line) => {
    const missed = async () => {
      line.clock.advance(HISTORY_STEP_MS);
      await line.promote();
      const { missedTotal, parked } = (await samplesOf(line)).at(-1)!;
      return { missedTotal, parked };
    };
    const [house, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.missTurn(house!, [bob!]);
    assert.equal(await line.state(bob!), "ADMITTED");
    assert.deepEqual(await missed(), { missedTotal: 1, parked: 1 });
    assert.equal(await line.state(ann!), "WAITING");
    await line.missTurn(bob!, []);
    assert.deepEqual(await missed(), { missedTotal: 2, parked: 0 });
  });

  test("seats at the last count, and fans who gathered", {
    state: "LOBBY",
    draw: TEST_DRAW,
  }, async (line) => {
    await line.arrive("a", "b");
    const asOfMs = line.clock();
    await line.queue.updateStock(MAIN_ROOM, { available: 7, returnsAtMs: null, asOfMs });
    await line.promote();
    const { gathered, seatsAvailable, front } = (await samplesOf(line)).at(-1)!;
    assert.deepEqual([gathered, seatsAvailable, front.waiting], [2, 7, 0]);
    await line.changeRules({ state: "OPEN" });
    line.clock.advance(MINUTE_MS);
    await line.promote();
    const opened = (await samplesOf(line)).at(-1)!;
    assert.deepEqual([opened.gathered, opened.front.waiting], [0, 1]);
  });

  test("a removed room keeps no samples, and one without rules has none", {}, async (line) => {
    await line.promote();
    assert.equal((await samplesOf(line)).length, 1);
    await line.queue.removeRoom(MAIN_ROOM, line.rules.version);
    assert.equal(await line.queue.history(MAIN_ROOM), null);
    await line.changeRules({ capacity: 3 });
    assert.deepEqual(await samplesOf(line), []);
  });
}
