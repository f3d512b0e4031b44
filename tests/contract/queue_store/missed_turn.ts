import assert from "node:assert/strict";
import { type ContractTest, ended, MINUTE_MS } from "./harness.ts";

export function missedTurnContract(test: ContractTest): void {
  for (const call of ["status()", "join()"]) {
    test(`\`${call}\` of a parked fan takes the next free slot`, {}, async (line) => {
      const [house, ann, bob, cat] = await line.arrive("house", "ann", "bob", "cat");
      await line.missTurn(house!, [bob!, cat!]);
      assert.equal(await line.state(bob!), "ADMITTED");
      const back = call === "join()" ? await line.join("ann") : null;
      if (back) {
        assert.deepEqual({ ...back, standing: 0 }, { created: false, place: ann, standing: 0 });
      }
      assert.equal(await line.ahead(ann!), 0);
      await line.queue.leave(bob!);
      assert.equal(await line.ahead(cat!), 0);
      assert.equal(await line.state(ann!), "ADMITTED");
    });
  }

  test("a parked fan who returns to a free slot is admitted at once", {}, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    await line.missTurn(house!, []);
    assert.equal((await line.counts()).parked, 1);
    const expiresAtMs = line.clock() + line.settings.admissionTtlMs;
    assert.deepEqual(await line.queue.status(ann!), line.admitted(ann!.order, expiresAtMs));
    assert.equal((await line.counts()).parked, 0);
  });

  test("parked fans count in no position, also after they return", {}, async (line) => {
    const [house, ann, bob, cat, dan] = await line.arrive("house", "ann", "bob", "cat", "dan");
    await line.missTurn(house!, [bob!, cat!, dan!]);
    assert.equal(await line.state(bob!), "ADMITTED");
    const { waiting, parked } = await line.counts();
    assert.deepEqual({ waiting, parked }, { waiting: 2, parked: 1 });
    assert.deepEqual([await line.ahead(cat!), await line.ahead(dan!)], [0, 1]);
    assert.equal(await line.ahead(ann!), 0);
    assert.deepEqual([await line.ahead(cat!), await line.ahead(dan!)], [0, 1]);
    assert.deepEqual(pick(await line.counts()), { waiting: 3, admitted: 1, parked: 0 });
  });

  test("of two who return the first back is the first in", {}, async (line) => {
    const [house, ann, bob, cat] = await line.arrive("house", "ann", "bob", "cat");
    await line.missTurn(house!, [cat!]);
    assert.equal(await line.state(cat!), "ADMITTED");
    assert.equal((await line.counts()).parked, 2);
    assert.equal(await line.ahead(bob!), 0);
    assert.equal(await line.ahead(ann!), 1);
    await line.queue.leave(cat!);
    assert.equal(await line.ahead(ann!), 0);
    assert.equal(await line.state(bob!), "ADMITTED");
  });

  test("a returned fan keeps the place by polling, and polling twice is no second turn", {
    admissionTtlMs: 60 * MINUTE_MS,
  }, async (line) => {
    const [house, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.missTurn(house!, [bob!]);
    assert.equal(await line.state(bob!), "ADMITTED");
    const back = await line.queue.status(ann!);
    assert.equal(back.state, "WAITING");
    assert.deepEqual(await line.queue.status(ann!), back);
    for (let minute = 0; minute < 50; minute++) {
      await line.elapse(MINUTE_MS, ann!);
      assert.equal(await line.ahead(ann!), 0);
    }
    await line.queue.leave(bob!);
    assert.equal(await line.state(ann!), "ADMITTED");
  });

  test("a second missed turn ends the place", {}, async (line) => {
    const [house, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.missTurn(house!, [bob!]);
    assert.equal(await line.state(bob!), "ADMITTED");
    assert.equal(await line.ahead(ann!), 0);
    await line.queue.leave(bob!);
    assert.equal((await line.counts()).admitted, 1);
    await line.elapse(line.windowMs);
    assert.deepEqual(pick(await line.counts()), { waiting: 0, admitted: 0, parked: 0 });
    assert.deepEqual(await line.queue.status(ann!), ended("TURN_MISSED"));
  });

  test(
    "a returned fan who is overdue when the turn comes is gone, without a slot",
    {},
    async (line) => {
      const [house, ann, bob, cat] = await line.arrive("house", "ann", "bob", "cat");
      await line.missTurn(house!, [bob!, cat!]);
      assert.equal(await line.ahead(ann!), 0);
      await line.elapse(line.windowMs, cat!);
      await line.queue.leave(bob!);
      assert.deepEqual(await line.queue.status(ann!), ended("TURN_MISSED"));
      assert.equal(await line.state(cat!), "ADMITTED");
    },
  );

  test("a fan who returned and showed up is admitted like any other", {}, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    await line.missTurn(house!, []);
    const answered = await line.queue.status(ann!);
    line.clock.advance(line.settings.admissionTtlMs - 1);
    assert.deepEqual(await line.queue.status(ann!), line.again(answered));
    line.clock.advance(1);
    assert.deepEqual(await line.queue.status(ann!), ended("ADMISSION_LAPSED"));
  });

  test("a parked fan may return for the waiting time", {}, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    await line.missTurn(house!, []);
    assert.equal((await line.counts()).parked, 1);
    line.clock.advance(line.settings.waitingTtlMs - line.windowMs);
    assert.equal(await line.state(ann!), "ADMITTED");
  });

  test("a parked fan may return also when nobody has called since the turn", {}, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    await line.queue.leave(house!);
    line.clock.advance(line.windowMs + line.settings.waitingTtlMs);
    assert.equal(await line.state(ann!), "ADMITTED");
  });

  test("a parked fan who stays away is gone", {}, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    await line.missTurn(house!, []);
    line.clock.advance(line.settings.waitingTtlMs);
    assert.deepEqual(await line.queue.status(ann!), ended("SILENT"));
    assert.equal((await line.counts()).parked, 0);
  });
}

function pick(counts: { waiting: number; admitted: number; parked: number }) {
  return { waiting: counts.waiting, admitted: counts.admitted, parked: counts.parked };
}
