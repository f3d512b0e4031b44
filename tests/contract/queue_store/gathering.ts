import assert from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import { drawAll, gather, type Gathered, pseudonymOf, ticketNumberOf } from "./drawing.ts";
import { type ContractTest, ended, LINE_RESET, MINUTE_MS, TEST_DRAW } from "./harness.ts";

const LOBBY = { state: "LOBBY", draw: TEST_DRAW } as const;

export function gatheringContract(test: ContractTest): void {
  test("a fan who joins a lobby gathers, and has no ticket yet", LOBBY, async (line) => {
    const { created, place, standing } = await line.join("ann");
    assert.deepEqual([created, place.room, place.fan], [true, MAIN_ROOM, "ann"]);
    assert.ok(place.order < 0);
    const pseudonym = pseudonymOf(TEST_DRAW, "ann" as FanId);
    const rules = line.snapshot();
    const times = { provenAtMs: line.clock(), takenAtMs: line.clock() };
    assert.deepEqual(standing, { state: "GATHERED", pseudonym, rules, ...times });
    assert.deepEqual(await line.queue.status(place), standing);
    const { gathered, waiting, admitted, epoch } = await line.counts();
    assert.deepEqual({ gathered, waiting, admitted }, { gathered: 1, waiting: 0, admitted: 0 });
    assert.equal(epoch, place.epoch);
  });

  test("gathering again gives the same place, and all its tokens are good", LOBBY, async (line) => {
    const first = await line.join("ann");
    await line.arrive("bob", "cat");
    const again = await line.join("ann");
    assert.equal(again.created, false);
    assert.deepEqual(again.standing, first.standing);
    for (const place of [first.place, again.place]) {
      assert.deepEqual(await line.queue.status(place), first.standing);
    }
    assert.equal((await line.counts()).gathered, 3);
  });

  test("a pseudonym depends on the fan and the draw alone", LOBBY, async (line) => {
    const fans = ["ann", "bob", "*", "é", "🎫", "a\nb"];
    const pseudonyms = (gathered: Gathered[]) => gathered.map(({ pseudonym }) => pseudonym);
    const first = pseudonyms(await gather(line, ...fans));
    assert.deepEqual(first, fans.map((fan) => pseudonymOf(TEST_DRAW, fan as FanId)));
    assert.equal(new Set(first).size, fans.length);
    await line.wipe();
    assert.deepEqual(pseudonyms(await gather(line, ...fans.toReversed())), first.toReversed());
    await line.forget();
    await line.changeRules({ draw: { ...TEST_DRAW, id: "draw-2", salt: "another grain" } });
    const others = pseudonyms(await gather(line, ...fans));
    assert.deepEqual(others.filter((pseudonym) => first.includes(pseudonym)), []);
  });

  for (const isAsked of [true, false]) {
    test(
      `a token whose number a failover lost is of the fan's place, ${
        isAsked ? "asked" : "first asked after the draw"
      }`,
      LOBBY,
      async (line) => {
        const [ann] = await line.arrive("ann", "bob", "cat");
        const lost = { ...ann!, order: ann!.order - 20 };
        if (isAsked) assert.equal(await line.state(lost), "GATHERED");
        await line.arrive("dan");
        await line.changeRules({ state: "HELD" });
        await drawAll(line);
        const ticket = await ticketNumberOf(line, ann!);
        assert.notEqual(ticket, null);
        assert.equal(await ticketNumberOf(line, lost), ticket);
      },
    );
  }

  test("a token whose number a failover lost brings no later place", LOBBY, async (line) => {
    const [ann] = await line.arrive("ann", "bob");
    const lost = { ...ann!, order: ann!.order - 20 };
    await line.queue.leave(lost);
    const [anew] = await line.arrive("ann");
    for (const old of [ann!, lost]) {
      assert.deepEqual(await line.queue.leave(old), ended());
      assert.equal(await line.state(anew!), "GATHERED");
    }
    await line.changeRules({ state: "HELD" });
    await drawAll(line);
    assert.deepEqual(await line.queue.status(lost), ended());
    assert.equal(await line.state(anew!), "WAITING");
  });

  for (const call of ["leave()", "endPlaces()"]) {
    test(`\`${call}\` ends a gathered place for good`, LOBBY, async (line) => {
      const [ann, bob] = await line.arrive("ann", "bob");
      if (call === "endPlaces()") await line.queue.endPlaces([ann!], "PAID");
      else assert.deepEqual(await line.queue.leave(ann!), ended());
      assert.deepEqual(await line.queue.status(ann!), ended());
      assert.deepEqual(await line.queue.leave(ann!), ended());
      assert.equal((await line.counts()).gathered, 1);
      assert.equal(await line.state(bob!), "GATHERED");
    });

    test(`a fan who gathers again after \`${call}\` has a new place`, LOBBY, async (line) => {
      const [old] = await line.arrive("ann", "bob");
      const alsoOld = (await line.join("ann")).place;
      await (call === "endPlaces()"
        ? line.queue.endPlaces([old!], "PAID")
        : line.queue.leave(old!));
      const anew = await line.join("ann");
      assert.equal(anew.created, true);
      for (const token of [old!, alsoOld]) {
        assert.deepEqual(await line.queue.status(token), ended());
        assert.deepEqual(await line.queue.leave(token), ended());
        await line.queue.endPlaces([token], "PAID");
      }
      assert.deepEqual(await line.queue.status(anew.place), anew.standing);
      assert.equal((await line.counts()).gathered, 2);
    });
  }

  test("a gathered place does not age", LOBBY, async (line) => {
    const { place, standing } = await line.join("ann");
    line.clock.advance(20 * line.settings.waitingTtlMs);
    assert.equal((await line.promote()).expired, 0);
    assert.deepEqual(await line.queue.status(place), {
      ...standing,
      provenAtMs: line.clock(),
      takenAtMs: line.clock(),
    });
    assert.equal((await line.counts()).gathered, 1);
  });

  test("`findPlace()` finds a gathered fan, with a token's order", LOBBY, async (line) => {
    const { place, standing } = await line.join("ann");
    await line.arrive("bob");
    const seen = await line.queue.findPlace(MAIN_ROOM, "ann" as FanId);
    assert.ok(seen);
    const { order, ...rest } = seen;
    assert.deepEqual(rest, {
      state: "GATHERED",
      epoch: place.epoch,
      ticket: null,
      ahead: null,
      expiresAtMs: null,
    });
    assert.deepEqual(await line.queue.status({ ...place, order }), standing);
    await line.queue.endPlaces([{ ...place, order }], "PAID");
    assert.equal(await line.queue.findPlace(MAIN_ROOM, "ann" as FanId), null);
  });

  test(
    "no gathered fan is admitted before the opening",
    { ...LOBBY, capacity: 9 },
    async (line) => {
      const [ann] = await line.arrive("ann", "bob");
      assert.equal((await line.promote(5)).admitted, 0);
      line.clock.advance(MINUTE_MS);
      assert.equal(await line.state(ann!), "GATHERED");
      assert.equal((await line.counts()).admitted, 0);
    },
  );

  test(
    "a fan who is in the queue already keeps that place, with nobody in front",
    {},
    async (line) => {
      const [, ann, bob] = await line.arrive("house", "ann", "bob");
      await line.changeRules(LOBBY);
      await line.arrive("cat", "dan");
      assert.deepEqual((await line.join("ann")).place, ann);
      assert.equal(await line.ahead(bob!), 1);
      const { waiting, gathered } = await line.counts();
      assert.deepEqual([waiting, gathered], [2, 2]);
    },
  );

  test("a lobby that is closed for a while keeps those who have gathered", LOBBY, async (line) => {
    const [ann] = await gather(line, "ann", "bob");
    await line.changeRules({ state: "CLOSED" });
    line.clock.advance(MINUTE_MS);
    assert.deepEqual(await line.queue.status(ann!.place), {
      state: "GATHERED",
      pseudonym: ann!.pseudonym,
      rules: line.snapshot(),
      provenAtMs: line.clock(),
      takenAtMs: line.clock(),
    });
    assert.equal((await line.join("ann")).created, false);
    assert.equal((await line.tryJoin("cat")).refused, "CLOSED");
    await line.changeRules({ state: "LOBBY" });
    assert.equal((await line.join("cat")).standing.state, "GATHERED");
    assert.equal((await line.counts()).gathered, 3);
  });

  test("fans gather again in a lobby that was wiped", LOBBY, async (line) => {
    const [ann, bob] = await gather(line, "ann", "bob");
    await line.wipe();
    assert.deepEqual(await line.queue.status(ann!.place), LINE_RESET);
    assert.deepEqual(await line.queue.leave(bob!.place), LINE_RESET);
    const anew = await line.join("ann", ann!.place);
    assert.equal(anew.created, true);
    assert.notEqual(anew.place.epoch, ann!.place.epoch);
    assert.equal(anew.standing.state === "GATHERED" && anew.standing.pseudonym, ann!.pseudonym);
    assert.deepEqual(await line.queue.status(ann!.place), LINE_RESET);
    assert.equal((await line.counts()).gathered, 1);
  });

  test("a token of another epoch does not end a gathered place", LOBBY, async (line) => {
    const { place, standing } = await line.join("ann");
    const foreign = { ...place, epoch: `${place.epoch}x` };
    assert.deepEqual(await line.queue.leave(foreign), LINE_RESET);
    await line.queue.endPlaces([foreign], "PAID");
    assert.deepEqual(await line.queue.status(place), standing);
  });
}
