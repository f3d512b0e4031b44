import assert from "node:assert/strict";
import { type PlaceRef, type QueueToken, ticketOf } from "../../../src/domain/queue.ts";
import { type ContractTest, LINE_RESET, MINUTE_MS, type Scene } from "./harness.ts";

const STEP_MS = 10_000;

export function resetContract(test: ContractTest): void {
  test("tokens from before a wipe read LINE_RESET", {}, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    await line.wipe();
    assert.deepEqual(await line.queue.status(ann!), LINE_RESET);
    assert.deepEqual(await line.queue.leave(house!), LINE_RESET);
    await line.queue.endPlaces([ann!], "PAID");
    assert.notEqual((await line.counts()).epoch, ann!.epoch);
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
    await line.elapse(line.windowMs, newCat!, newAnn!, newBob!, fresh!);
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

  test("positions count those who rejoin in front, and are AT_LEAST meanwhile", {
    waitingTtlMs: 10 * MINUTE_MS,
  }, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.wipe();
    const [house, early, fresh] = await line.arrive("house", "early", "fresh");
    assert.deepEqual(await position(line, fresh!), [1, "EXACT"]);
    const newBob = await line.join("bob", bob!);
    assert.deepEqual(await position(line, fresh!), [2, "AT_LEAST"]);
    assert.deepEqual(await position(line, newBob.place), [0, "AT_LEAST"]);
    const newAnn = await line.join("ann", ann!);
    assert.deepEqual(await position(line, fresh!), [3, "AT_LEAST"]);
    assert.deepEqual(await position(line, newBob.place), [1, "AT_LEAST"]);
    for (const place of [newAnn.place, newBob.place]) await line.queue.leave(place);
    await line.elapse(10 * MINUTE_MS - 1, house!, early!, fresh!);
    assert.deepEqual(await position(line, fresh!), [1, "AT_LEAST"]);
    // Now nobody can rejoin any more.
    await line.elapse(1, fresh!);
    assert.deepEqual(await position(line, fresh!), [1, "EXACT"]);
  });

  test("while the line re-forms nobody is admitted who has not missed a turn", {
    capacity: 2,
  }, async (line) => {
    const [, , ann] = await line.arrive("house", "porter", "ann");
    await line.wipe();
    assert.equal((await line.join("early")).standing.state, "ADMITTED");
    const back = await line.join("ann", ann!);
    assert.equal(back.standing.state, "WAITING");
    const [fresh] = await line.arrive("fresh");
    await line.elapse(line.windowMs - 1, back.place, fresh!);
    assert.equal((await line.counts()).admitted, 1);
    line.clock.advance(1);
    assert.equal(await line.ahead(fresh!), 0);
    assert.equal(await line.state(back.place), "ADMITTED");
  });

  test(
    "a line that all have left while it re-forms admits whoever joins then",
    {},
    async (line) => {
      const [, ann] = await line.arrive("house", "ann");
      await line.wipe();
      const [house, early] = await line.arrive("house", "early");
      const back = await line.join("ann", ann!);
      await line.queue.endPlaces([house!, early!, back.place], "LEFT");
      const [fresh] = await line.arrive("fresh");
      for (let leftMs = line.windowMs; leftMs > 0; leftMs -= STEP_MS) {
        assert.equal(await line.state(fresh!), "WAITING");
        line.clock.advance(Math.min(leftMs, STEP_MS));
      }
      assert.equal(await line.state(fresh!), "ADMITTED");
    },
  );

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
      const aheadOf = await Promise.all(back.map(({ place }) => line.ahead(place)));
      assert.deepEqual(aheadOf.toSorted(), [0, 1]);
      await line.queue.leave(back[0]!.place);
      assert.equal(await line.ahead(back[1]!.place), 0);
      assert.equal((await line.counts()).waiting, 2);
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
    assert.deepEqual(await position(line, fresh!), [2, "AT_LEAST"]);
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
        await line.elapse(line.windowMs, newAnn.place, newBob.place);
        const states = [await line.state(newAnn.place), await line.state(newBob.place)];
        assert.deepEqual(states, ["ADMITTED", "WAITING"]);
      },
    );
  }

  test(
    "a token that was older than the waiting time at the reset brings nothing",
    {},
    async (line) => {
      const [, ann, bob] = await line.arrive("house", "ann", "bob");
      await line.wipe();
      const [, fresh] = await line.arrive("house", "fresh");
      const oldestMs = line.clock() - line.settings.waitingTtlMs;
      const late = await line.join("ann", { ...tokenOf(ann!), madeAtMs: oldestMs });
      assert.ok(late.place.order > fresh!.order);
      const back = await line.join("bob", { ...tokenOf(bob!), madeAtMs: oldestMs + 1 });
      assert.equal(ticketOf(back.place.order), 3);
      assert.ok(back.place.order < fresh!.order);
    },
  );

  test("a token from before the room was made brings nothing", {}, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    const madeAtMs = line.clock() + MINUTE_MS;
    line.clock.advance(2 * MINUTE_MS);
    await line.forget();
    await line.changeRules({ madeAtMs });
    const [, fresh] = await line.arrive("house", "fresh");
    const late = await line.join("ann", { ...tokenOf(ann!), madeAtMs: madeAtMs - 1 });
    assert.ok(late.place.order > fresh!.order);
    const back = await line.join("bob", { ...tokenOf(bob!), madeAtMs });
    assert.ok(back.place.order < fresh!.order);
  });
}

/** A token of the place, without its time. */
export function tokenOf(place: PlaceRef): Omit<QueueToken, "madeAtMs"> {
  return { ...place, isNear: false, pseudonym: null, isDrawn: false };
}

async function position(line: Scene, place: PlaceRef): Promise<[number | null, string | null]> {
  const standing = await line.queue.status(place);
  assert.equal(standing.state, "WAITING");
  return [standing.ahead, standing.positionIs];
}
