import assert from "node:assert/strict";
import { type ContractTest, MINUTE_MS } from "./harness.ts";

export function countsContract(test: ContractTest): void {
  test("a room that nobody joined is empty, and has an epoch", {}, async (line) => {
    const counted = await line.counts();
    const { epoch, ...empty } = counted;
    assert.ok(epoch.length > 0);
    assert.deepEqual(empty, {
      gathered: 0,
      waiting: 0,
      admitted: 0,
      parked: 0,
      admittedLastMinute: 0,
      lastTickAtMs: null,
      rules: line.snapshot(),
      rulesVersion: line.rules.version,
    });
    line.clock.advance(MINUTE_MS);
    assert.deepEqual(await line.promote(), {
      expired: 0,
      admitted: 0,
      more: false,
      lastActiveAtMs: null,
      hasOpened: false,
      countStock: false,
    });
    assert.deepEqual(await line.counts(), { ...counted, lastTickAtMs: line.clock() });
  });

  test("the epoch comes with the rules and stays", {}, async (line) => {
    const { epoch } = await line.counts();
    const [ann] = await line.arrive("ann");
    assert.equal(ann!.epoch, epoch);
    await line.queue.leave(ann!);
    line.clock.advance(line.settings.waitingTtlMs * 2);
    await line.changeRules({ capacity: 3 });
    const [bob] = await line.arrive("bob");
    assert.equal(bob!.epoch, epoch);
    assert.equal((await line.counts()).epoch, epoch);
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
