import assert from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import { QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import { type ContractTest, MINUTE_MS, type Scene } from "./harness.ts";

function look({ queue }: Scene, fan: string) {
  return queue.findPlace(MAIN_ROOM, fan as FanId);
}

export function lookingContract(test: ContractTest): void {
  test("`findPlace()` finds nobody in an empty room, nor a fan who has left", {}, async (line) => {
    assert.equal(await look(line, "ann"), null);
    const [ann] = await line.arrive("ann");
    await line.queue.leave(ann!);
    assert.equal(await look(line, "ann"), null);
  });

  test("`findPlace()` returns the state of waiting and admitted fans", {}, async (line) => {
    const [house, , bob] = await line.arrive("house", "ann", "bob");
    const { order, epoch } = bob!;
    assert.deepEqual(await look(line, "bob"), {
      state: "WAITING",
      epoch,
      order,
      ticket: 3,
      ahead: 1,
      expiresAtMs: line.clock() + line.settings.waitingTtlMs,
    });
    assert.deepEqual(await look(line, "house"), {
      state: "ADMITTED",
      epoch,
      order: house!.order,
      ticket: 1,
      ahead: null,
      expiresAtMs: line.clock() + line.settings.admissionTtlMs,
    });
  });

  test("`findPlace()` returns when a far place was proven last", {
    bounds: { ...QUEUE_BOUNDS, leastNear: 1 },
  }, async (line) => {
    const [, , , bob] = await line.arrive("house", "ann", "eve", "bob");
    await line.elapse(MINUTE_MS);
    await line.queue.status(bob!);
    const provenAtMs = line.clock();
    await line.elapse(MINUTE_MS);
    const seen = await look(line, "bob");
    assert.equal(seen?.expiresAtMs, provenAtMs + line.settings.waitingTtlMs);
  });

  test(
    "`findPlace()` keeps no waiting place alive",
    { admissionTtlMs: 400 * MINUTE_MS, waitingTtlMs: 60 * MINUTE_MS },
    async (line) => {
      await line.arrive("house", "ann");
      for (let minute = 0; minute < 60; minute += 5) {
        assert.equal((await look(line, "ann"))?.state, "WAITING");
        await line.elapse(5 * MINUTE_MS);
      }
      assert.equal(await look(line, "ann"), null);
    },
  );

  test("`findPlace()` does not count as a call of a promoted or parked fan", {}, async (line) => {
    const [house] = await line.arrive("house", "ann");
    await line.queue.leave(house!);
    const promoted = await look(line, "ann");
    const inTimeMs = promoted!.expiresAtMs! - line.clock();
    assert.ok(inTimeMs > line.settings.showUpMs && inTimeMs <= line.windowMs);
    await line.elapse(inTimeMs - 1);
    assert.deepEqual(await look(line, "ann"), promoted);
    line.clock.advance(1);
    const parked = await look(line, "ann");
    assert.equal(parked?.state, "PARKED");
    assert.equal((await line.counts()).parked, 1);
    assert.deepEqual(await look(line, "ann"), parked);
  });
}
