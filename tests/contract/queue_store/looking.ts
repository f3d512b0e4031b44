import assert from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import { type ContractTest, MINUTE_MS, type Scene } from "./harness.ts";

function look({ queue }: Scene, fan: string) {
  return queue.findPlace(MAIN_ROOM, fan as FanId);
}

export function lookingContract(test: ContractTest): void {
  test("`look()` finds nobody in an empty room, nor a fan who has left", {}, async (line) => {
    assert.equal(await look(line, "ann"), null);
    const [ann] = await line.arrive("ann");
    await line.queue.leave(ann!);
    assert.equal(await look(line, "ann"), null);
  });

  test("`look()` returns the state of waiting and admitted fans", {}, async (line) => {
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

  test(
    "`look()` keeps no waiting place alive",
    { admissionTtlMs: 400 * MINUTE_MS },
    async (line) => {
      await line.arrive("house", "ann");
      for (let minute = 0; minute < 360; minute += 90) {
        await look(line, "ann");
        line.clock.advance(90 * MINUTE_MS);
      }
      assert.equal(await look(line, "ann"), null);
    },
  );

  test("`look()` does not count as a call of a promoted or parked fan", {}, async (line) => {
    const [house] = await line.arrive("house", "ann");
    await line.queue.leave(house!);
    const promoted = await look(line, "ann");
    assert.equal(promoted?.expiresAtMs, line.clock() + line.windowMs);
    line.clock.advance(line.windowMs);
    const parked = await look(line, "ann");
    assert.equal(parked?.state, "PARKED");
    assert.equal((await line.counts()).parked, 1);
    assert.deepEqual(await look(line, "ann"), parked);
  });
}
