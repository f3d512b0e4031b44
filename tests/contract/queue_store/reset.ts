import assert from "node:assert/strict";
import { ticketOf } from "../../../src/domain/queue.ts";
import { type ContractTest, LINE_RESET, MINUTE_MS, TEST_DRAW } from "./harness.ts";

export function resetContract(test: ContractTest): void {
  test("tokens from before a wipe read LINE_RESET", {}, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    await line.wipe();
    assert.deepEqual(await line.queue.status(ann!), LINE_RESET);
    assert.deepEqual(await line.queue.leave(house!), LINE_RESET);
    await line.queue.endPlaces([ann!]);
    assert.equal((await line.counts()).epoch, null);
    const anew = await line.join("ann");
    assert.notEqual(anew.place.epoch, ann!.epoch);
    assert.deepEqual(await line.queue.status(ann!), LINE_RESET);
    assert.deepEqual(await line.queue.leave(ann!), LINE_RESET);
    assert.deepEqual(await line.queue.status(anew.place), anew.standing);
  });

  test("fans rejoin in old order, ahead of those who join fresh", {}, async (line) => {
    const [, ann, bob, cat] = await line.arrive("house", "ann", "bob", "cat");
    await line.wipe();
    const [house, fresh] = await line.arrive("house", "fresh");
    const back = [];
    for (const earlier of [cat!, ann!, bob!]) back.push(await line.join(earlier.fan, earlier));
    assert.deepEqual(back.map(({ created }) => created), [true, true, true]);
    assert.deepEqual(back.map(({ place }) => ticketOf(place.order)), [4, 2, 3]);

    const [newCat, newAnn, newBob] = back.map(({ place }) => place);
    let holder = house!;
    const admitted = [];
    for (let round = 0; round < 4; round++) {
      await line.queue.leave(holder);
      await line.promote();
      for (const place of [fresh!, newCat!, newBob!, newAnn!]) {
        if (await line.state(place) === "ADMITTED") admitted.push(holder = place);
      }
    }
    assert.deepEqual(admitted.map(({ fan }) => fan), ["ann", "bob", "cat", "fresh"]);
  });

  test("a position does not rise when others rejoin in front", {}, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.wipe();
    const [, , fresh] = await line.arrive("house", "first", "fresh");
    assert.equal(await line.ahead(fresh!), 1);
    const newBob = await line.join("bob", bob!);
    await line.join("ann", ann!);
    assert.equal(await line.ahead(fresh!), 1);
    assert.equal(await line.ahead(newBob.place), 0);
    const standing = await line.queue.status(fresh!);
    assert.equal(standing.state === "WAITING" && standing.aheadIsExact, false);
  });

  test("a rejoin sent twice gives one place", {}, async (line) => {
    const [, ann] = await line.arrive("house", "ann");
    await line.wipe();
    await line.arrive("house", "fresh");
    const first = await line.join("ann", ann!);
    assert.deepEqual(await line.join("ann", ann!), { ...first, created: false });
    assert.equal((await line.counts()).waiting, 2);
  });

  test("an old ticket counts once per fan", {}, async (line) => {
    const [, ann] = await line.arrive("house", "ann");
    await line.wipe();
    const [, fresh] = await line.arrive("house", "fresh");
    const first = await line.join("ann", ann!);
    await line.queue.leave(first.place);
    const second = await line.join("ann", ann!);
    assert.equal(second.created, true);
    assert.ok(second.place.order > fresh!.order);
    assert.equal(await line.ahead(second.place), 1);
  });

  test("a fan with many old tickets has one that counts", {}, async (line) => {
    const [, first] = await line.arrive("house", "ann");
    await line.queue.leave(first!);
    const [second] = await line.arrive("ann");
    await line.wipe();
    const [, fresh] = await line.arrive("house", "fresh");
    await line.queue.leave((await line.join("ann", first!)).place);
    const again = await line.join("ann", second!);
    assert.ok(again.place.order > fresh!.order);
    assert.equal(await line.ahead(again.place), 1);
  });

  for (const { late, ahead } of [{ late: false, ahead: 0 }, { late: true, ahead: 1 }]) {
    const when = late ? "no more when it is over" : "until it is over";
    test(`old tickets count for the waiting time after a reset, ${when}`, {
      admissionTtlMs: 60 * MINUTE_MS,
      waitingTtlMs: 10 * MINUTE_MS,
    }, async (line) => {
      const [, ann] = await line.arrive("house", "ann");
      await line.wipe();
      const [, fresh] = await line.arrive("house", "fresh");
      line.clock.advance(10 * MINUTE_MS - 1);
      await line.queue.status(fresh!);
      if (late) line.clock.advance(1);
      const back = await line.join("ann", ann!);
      assert.equal(back.place.order < fresh!.order, !late);
      assert.equal(await line.ahead(back.place), ahead);
    });
  }

  test(
    "two tickets of the same number, from two epochs of the same moment, are two places",
    {},
    async (line) => {
      const [, ann] = await line.arrive("house", "ann");
      await line.wipe();
      const [, bob] = await line.arrive("house", "bob");
      assert.equal(ann!.order, bob!.order);
      await line.wipe();
      await line.arrive("house", "fresh");
      const back = [await line.join("ann", ann!), await line.join("bob", bob!)];
      assert.deepEqual(back.map(({ created }) => created), [true, true]);
      assert.notEqual(back[0]!.place.order, back[1]!.place.order);
      assert.deepEqual(await Promise.all(back.map(({ place }) => line.ahead(place))), [0, 2]);
    },
  );

  test("a fan who joins after others have rejoined counts them as ahead", {}, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.wipe();
    await line.arrive("house");
    await line.join("ann", ann!);
    const [fresh] = await line.arrive("fresh");
    assert.equal(await line.ahead(fresh!), 1);
    await line.join("bob", bob!);
    assert.equal(await line.ahead(fresh!), 1);
  });

  test("a token of the current epoch does not restore an ended place", {}, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.queue.leave(ann!);
    const anew = await line.join("ann", ann!);
    assert.equal(anew.created, true);
    assert.ok(anew.place.order > bob!.order);
    assert.equal(await line.ahead(anew.place), 1);
  });

  test("a live place is kept with any earlier token", {}, async (line) => {
    const [, ann] = await line.arrive("house", "ann");
    await line.wipe();
    await line.arrive("house", "fresh");
    const live = await line.join("ann");
    assert.deepEqual(await line.join("ann", ann!), { ...live, created: false });
  });

  test("the order outlives two resets", {}, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.wipe();
    const [, cat] = await line.arrive("house", "cat");
    const annTwice = (await line.join("ann", ann!)).place;
    const bobTwice = (await line.join("bob", bob!)).place;
    line.clock.advance(MINUTE_MS);
    await line.wipe();
    await line.arrive("house", "fresh");
    const third = [];
    for (const earlier of [cat!, bobTwice, annTwice]) {
      third.push((await line.join(earlier.fan, earlier)).place);
    }
    const inOrder = third.toSorted((a, b) => a.order - b.order).map(({ fan }) => fan);
    assert.deepEqual(inOrder, ["ann", "bob", "cat"]);
    assert.equal((await line.counts()).waiting, 4);
  });

  for (const state of ["CLOSED", "DRAINING"] as const) {
    test(
      `${state} gives back the places that a wipe took, in old order, and no others`,
      {},
      async (line) => {
        const [, ann, bob] = await line.arrive("house", "ann", "bob");
        await line.changeRules({ state });
        await line.wipe();
        assert.equal((await line.tryJoin("fresh")).refused, "CLOSED");
        const newBob = await line.join("bob", bob!);
        const newAnn = await line.join("ann", ann!);
        assert.deepEqual([newBob, newAnn].map(({ place }) => ticketOf(place.order)), [3, 2]);
        assert.equal((await line.tryJoin("fresh", null)).refused, "CLOSED");
        assert.equal((await line.join("ann", ann!)).created, false);
        await line.changeRules({ state: "DRAINING", capacity: 1 });
        await line.promote();
        const states = [await line.state(newAnn.place), await line.state(newBob.place)];
        // Fans who came back while it drained, with a slot free, were admitted at once.
        assert.deepEqual(
          states,
          state === "CLOSED" ? ["ADMITTED", "WAITING"] : ["WAITING", "ADMITTED"],
        );
      },
    );
  }

  test(
    "in a LOBBY a fan who had a ticket before the wipe gets it back, ahead of the draw",
    {},
    async (line) => {
      const [, ann] = await line.arrive("house", "ann");
      await line.changeRules({ state: "LOBBY", draw: TEST_DRAW });
      await line.wipe();
      const gathered = await line.join("fresh");
      assert.equal(gathered.standing.state, "GATHERED");
      const back = await line.join("ann", ann!);
      assert.deepEqual([back.standing.state, ticketOf(back.place.order)], ["WAITING", 2]);
      await line.changeRules({ state: "OPEN" });
      await line.promote();
      assert.equal(await line.state(back.place), "ADMITTED");
      assert.equal(await line.state(gathered.place), "WAITING");
    },
  );
}
