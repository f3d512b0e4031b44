import assert from "node:assert/strict";
import { type ContractTest, ENDED, LINE_RESET } from "./harness.ts";

export function endingContract(test: ContractTest): void {
  test("`leave()` ends a place for good, and repeats its answer", {}, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    assert.deepEqual(await line.queue.leave(ann!), ENDED);
    assert.deepEqual(await line.queue.leave(ann!), ENDED);
    assert.deepEqual(await line.queue.status(ann!), ENDED);
    assert.equal(await line.ahead(bob!), 0);
    assert.equal((await line.counts()).waiting, 1);
  });

  test("`leave()` frees one slot, and none when repeated", {}, async (line) => {
    const [house, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.queue.leave(house!);
    await line.queue.leave(house!);
    assert.equal(await line.state(ann!), "ADMITTED");
    assert.equal(await line.ahead(bob!), 0);
  });

  test(
    "an admission that ended reads GONE, also when the fan has joined anew",
    {},
    async (line) => {
      const [, bob] = [await line.join("ann"), await line.join("bob")];
      const old = (await line.join("ann")).place;
      line.clock.advance(line.settings.admissionTtlMs);
      const anew = await line.join("ann");
      assert.equal(anew.created, true);
      assert.ok(anew.place.order > bob.place.order);
      assert.equal(await line.state(bob.place), "ADMITTED");
      assert.deepEqual(await line.queue.status(old), ENDED);
      assert.equal(await line.ahead(anew.place), 0);
    },
  );

  for (const call of ["leave()", "end()"]) {
    test(`\`${call}\` ends that place and no later one`, { capacity: 2 }, async (line) => {
      const old = (await line.join("ann")).place;
      await line.queue.leave(old);
      const anew = await line.join("ann");
      assert.equal(anew.standing.state, "ADMITTED");
      if (call === "end()") await line.queue.endPlaces([old]);
      else assert.deepEqual(await line.queue.leave(old), ENDED);
      assert.deepEqual(await line.queue.status(anew.place), anew.standing);
      assert.deepEqual(await line.queue.status(old), ENDED);
    });
  }

  test("an old token is not a call of the new place", {}, async (line) => {
    const [house, old] = await line.arrive("house", "ann");
    await line.queue.leave(old!);
    await line.arrive("ann");
    await line.queue.leave(house!);
    line.clock.advance(line.windowMs - 1);
    assert.deepEqual(await line.queue.status(old!), ENDED);
    line.clock.advance(1);
    assert.equal((await line.counts()).parked, 1);
  });

  test("`end()` frees the slots of all its places", { capacity: 3 }, async (line) => {
    const [a, b, c, d, e, f] = await line.arrive("a", "b", "c", "d", "e", "f");
    await line.queue.endPlaces([a!, a!, c!, e!]);
    const { admitted, waiting } = await line.counts();
    assert.deepEqual({ admitted, waiting }, { admitted: 3, waiting: 0 });
    assert.deepEqual(await Promise.all([a!, c!, e!].map(line.queue.status)), [ENDED, ENDED, ENDED]);
    assert.deepEqual(await Promise.all([b!, d!, f!].map(line.state)), Array(3).fill("ADMITTED"));
  });

  test("`end()` again, and of nothing, changes nothing", { capacity: 2 }, async (line) => {
    const [a, , c] = await line.arrive("a", "b", "c", "d");
    await line.queue.endPlaces([a!]);
    await line.queue.endPlaces([a!]);
    await line.queue.endPlaces([]);
    assert.equal(await line.state(c!), "ADMITTED");
    const { admitted, waiting } = await line.counts();
    assert.deepEqual({ admitted, waiting }, { admitted: 2, waiting: 1 });
  });

  for (const call of ["leave()", "end()"]) {
    test(`\`${call}\` ends a parked place`, {}, async (line) => {
      const [house, ann] = await line.arrive("house", "ann");
      await line.missTurn(house!, []);
      assert.equal((await line.counts()).parked, 1);
      await (call === "end()" ? line.queue.endPlaces([ann!]) : line.queue.leave(ann!));
      assert.equal((await line.counts()).parked, 0);
      assert.deepEqual(await line.queue.status(ann!), ENDED);
    });

    test(`\`${call}\` of a place of another epoch ends nothing`, {}, async (line) => {
      const { place, standing } = await line.join("ann");
      const foreign = { ...place, epoch: `${place.epoch}x` };
      if (call === "end()") await line.queue.endPlaces([foreign]);
      else assert.deepEqual(await line.queue.leave(foreign), LINE_RESET);
      assert.deepEqual(await line.queue.status(place), standing);
    });
  }

  test("`end()` of several places admits none of them on the way", {}, async (line) => {
    const [house, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.queue.endPlaces([house!, ann!]);
    assert.equal(await line.state(bob!), "ADMITTED");
    assert.equal((await line.counts()).admittedLastMinute, 2, "house and bob, never ann");
  });
}
