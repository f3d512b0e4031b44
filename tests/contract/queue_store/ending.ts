import assert from "node:assert/strict";
import { type ContractTest, ended, LINE_RESET } from "./harness.ts";

export function endingContract(test: ContractTest): void {
  test("`leave()` ends a place for good, and repeats its answer", {}, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    assert.deepEqual(await line.queue.leave(ann!), ended());
    assert.deepEqual(await line.queue.leave(ann!), ended());
    assert.deepEqual(await line.queue.status(ann!), ended());
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
      assert.deepEqual(await line.queue.status(old), ended());
      assert.equal(await line.ahead(anew.place), 0);
    },
  );

  for (const call of ["leave()", "endPlaces()"]) {
    test(`\`${call}\` ends that place and no later one`, { capacity: 2 }, async (line) => {
      const old = (await line.join("ann")).place;
      await line.queue.leave(old);
      const anew = await line.join("ann");
      assert.equal(anew.standing.state, "ADMITTED");
      if (call === "endPlaces()") await line.queue.endPlaces([old], "PAID");
      else assert.deepEqual(await line.queue.leave(old), ended());
      assert.deepEqual(await line.queue.status(anew.place), anew.standing);
      assert.deepEqual(await line.queue.status(old), ended());
    });
  }

  test("an old token is not a call of the new place", {}, async (line) => {
    const [house, old] = await line.arrive("house", "ann");
    await line.queue.leave(old!);
    await line.arrive("ann");
    await line.queue.leave(house!);
    await line.elapse(line.windowMs, old!);
    assert.deepEqual(await line.queue.status(old!), ended());
    assert.equal((await line.counts()).parked, 1);
  });

  test("`endPlaces()` frees the slots of all its places", { capacity: 3 }, async (line) => {
    const [a, b, c, d, e, f] = await line.arrive("a", "b", "c", "d", "e", "f");
    await line.queue.endPlaces([a!, a!, c!, e!], "PAID");
    const { admitted, waiting } = await line.counts();
    assert.deepEqual({ admitted, waiting }, { admitted: 3, waiting: 0 });
    const over = await Promise.all([a!, c!, e!].map(line.queue.status));
    assert.deepEqual(over, [ended("PAID"), ended("PAID"), ended()]);
    assert.deepEqual(await Promise.all([b!, d!, f!].map(line.state)), Array(3).fill("ADMITTED"));
  });

  test("`endPlaces()` again, and of nothing, changes nothing", { capacity: 2 }, async (line) => {
    const [a, , c] = await line.arrive("a", "b", "c", "d");
    await line.queue.endPlaces([a!], "PAID");
    await line.queue.endPlaces([a!], "PAID");
    await line.queue.endPlaces([], "PAID");
    assert.equal(await line.state(c!), "ADMITTED");
    const { admitted, waiting } = await line.counts();
    assert.deepEqual({ admitted, waiting }, { admitted: 2, waiting: 1 });
  });

  for (const call of ["leave()", "endPlaces()"]) {
    test(`\`${call}\` ends a parked place`, {}, async (line) => {
      const [house, ann] = await line.arrive("house", "ann");
      await line.missTurn(house!, []);
      assert.equal((await line.counts()).parked, 1);
      await (call === "endPlaces()"
        ? line.queue.endPlaces([ann!], "PAID")
        : line.queue.leave(ann!));
      assert.equal((await line.counts()).parked, 0);
      const because = call === "endPlaces()" ? "PAID" : "LEFT";
      assert.deepEqual(await line.queue.status(ann!), ended(because));
    });

    test(`\`${call}\` of a place of another epoch ends nothing`, {}, async (line) => {
      const { place, standing } = await line.join("ann");
      const foreign = { ...place, epoch: `${place.epoch}x` };
      if (call === "endPlaces()") await line.queue.endPlaces([foreign], "PAID");
      else assert.deepEqual(await line.queue.leave(foreign), LINE_RESET);
      assert.deepEqual(await line.queue.status(place), standing);
    });
  }

  test("`endPlaces()` of several places admits none of them on the way", {}, async (line) => {
    const [house, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.queue.endPlaces([house!, ann!], "PAID");
    assert.equal(await line.state(bob!), "ADMITTED");
    assert.equal((await line.counts()).admittedLastMinute, 2, "house and bob, never ann");
  });
}
