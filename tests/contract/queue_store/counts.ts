import assert from "node:assert/strict";
import { type ContractTest, MINUTE_MS } from "./harness.ts";

export function countsContract(test: ContractTest): void {
  test("a room that nobody joined is empty and has no epoch", {}, async (line) => {
    const empty = {
      gathered: 0,
      waiting: 0,
      admitted: 0,
      parked: 0,
      admittedLastMinute: 0,
      lastTickAtMs: null,
      epoch: null,
      rules: line.snapshot(),
    };
    assert.deepEqual(await line.counts(), empty);
    assert.deepEqual(await line.promote(), {
      expired: 0,
      admitted: 0,
      more: false,
      lastActiveAtMs: null,
      hasOpened: false,
      countStock: false,
    });
    assert.deepEqual(await line.counts(), { ...empty, lastTickAtMs: line.clock() });
  });

  test("the epoch comes with the first place and stays", {}, async (line) => {
    const [ann] = await line.arrive("ann");
    assert.equal((await line.counts()).epoch, ann!.epoch);
    await line.queue.leave(ann!);
    line.clock.advance(line.settings.waitingTtlMs * 2);
    const [bob] = await line.arrive("bob");
    assert.equal(bob!.epoch, ann!.epoch);
    assert.equal((await line.counts()).epoch, ann!.epoch);
  });

  test("the last tick is the last `promote()`", {}, async (line) => {
    const [ann] = await line.arrive("ann");
    await line.queue.status(ann!);
    assert.equal((await line.counts()).lastTickAtMs, null);
    await line.promote();
    const tickedAtMs = line.clock();
    line.clock.advance(1);
    assert.equal((await line.counts()).lastTickAtMs, tickedAtMs);
    await line.promote();
    assert.equal((await line.counts()).lastTickAtMs, tickedAtMs + 1);
  });

  test("everybody admitted within the last minute is counted", { capacity: 3 }, async (line) => {
    const [a] = await line.arrive("a", "b", "c", "d");
    assert.equal((await line.counts()).admittedLastMinute, 3);
    line.clock.advance(30_000);
    await line.queue.leave(a!);
    assert.equal((await line.counts()).admittedLastMinute, 4);
    // Counting may be in coarse steps, but never reaches back beyond the minute.
    line.clock.advance(30_000);
    assert.equal((await line.counts()).admittedLastMinute, 1);
    line.clock.advance(30_000);
    assert.equal((await line.counts()).admittedLastMinute, 0);
  });

  test("the pace counts fans who had to wait, not those admitted at once", {
    capacity: 10,
  }, async (line) => {
    const house = Array.from({ length: 10 }, (_, i) => `house-${i}`);
    const admitted = await line.arrive(...house);
    const waiting = await line.arrive("a", "b", "c", "d", "e");
    line.clock.advance(MINUTE_MS);
    assert.deepEqual(await pace(waiting[4]!), { promoted: 0, overMs: MINUTE_MS });

    await line.queue.endPlaces(admitted.slice(0, 3));
    line.clock.advance(MINUTE_MS);
    assert.deepEqual(await pace(waiting[4]!), { promoted: 3, overMs: 2 * MINUTE_MS });

    async function pace(place: Parameters<typeof line.queue.status>[0]) {
      const standing = await line.queue.status(place);
      return standing.state === "WAITING" ? standing.pace : null;
    }
  });

  test("a fan who rejoins into a free slot did not wait", {}, async (line) => {
    const [, ann] = await line.arrive("house", "ann");
    await line.wipe();
    const [, bob] = await line.arrive("house", "bob");
    line.clock.advance(line.settings.admissionTtlMs);
    assert.equal((await line.join("ann", ann!)).standing.state, "ADMITTED");
    const standing = await line.queue.status(bob!);
    assert.equal(standing.state === "WAITING" && standing.pace.promoted, 0);
  });

  test("the pace is measured again with each queue", {}, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    line.clock.advance(MINUTE_MS);
    await line.queue.leave(house!);
    assert.equal(await line.state(ann!), "ADMITTED");
    line.clock.advance(MINUTE_MS);
    const { standing } = await line.join("bob");
    const measured = standing.state === "WAITING" && standing.pace;
    assert.deepEqual(measured, { promoted: 0, overMs: 0 });
  });

  test("`promote()` returns the time of the last activity in the room", {}, async (line) => {
    const [ann] = await line.arrive("ann");
    const joinedAtMs = line.clock();
    assert.equal((await line.promote()).lastActiveAtMs, joinedAtMs);
    line.clock.advance(10 * MINUTE_MS);
    await line.queue.leave(ann!);
    const leftAtMs = line.clock();
    line.clock.advance(60 * MINUTE_MS);
    assert.equal((await line.promote()).lastActiveAtMs, leftAtMs);
  });

  test("a room with anybody in it is active", { capacity: 1 }, async (line) => {
    await line.arrive("house", "ann");
    for (let minute = 0; minute < 10; minute++) {
      line.clock.advance(MINUTE_MS);
      assert.equal((await line.promote()).lastActiveAtMs, line.clock());
    }
  });
}
