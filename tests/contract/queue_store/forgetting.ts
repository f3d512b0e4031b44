import assert from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import { QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import { drawAll, gather, inDrawOrder } from "./drawing.ts";
import {
  type ContractTest,
  ended,
  LINE_RESET,
  MINUTE_MS,
  type Scene,
  TEST_DRAW,
  type TestSettings,
} from "./harness.ts";

const LOBBY = { state: "LOBBY", draw: TEST_DRAW } as const;

/** A way to be known to a room; gives the token of the place. */
interface Life {
  readonly settings: Partial<TestSettings>;
  /** What happens to the fan `ann`. */
  readonly live: (line: Scene) => Promise<PlaceRef>;
  /** Whether her token is one of an earlier epoch. */
  readonly isOfEarlierEpoch?: true;
}

/** Where a room may have an entry of a fan: each key of a room is reached by one of these. */
export const LIVES: Readonly<Record<string, Life>> = {
  "waits near": {
    settings: {},
    live: async (line) => (await line.arrive("house", "ann", "bob"))[1]!,
  },
  "has proved a far place": {
    settings: {},
    async live(line) {
      const fans = Array.from({ length: 300 }, (_, i) => `fan-${i}`);
      await line.arrive("house", ...fans);
      const [ann] = await line.arrive("ann", "bob");
      await line.queue.status(ann!);
      return ann!;
    },
  },
  "is admitted": { settings: {}, live: async (line) => (await line.arrive("ann", "bob"))[0]! },
  "was called and has not shown up": {
    settings: {},
    async live(line) {
      const [house, ann] = await line.arrive("house", "ann", "bob");
      await line.queue.leave(house!);
      return ann!;
    },
  },
  "missed the turn": {
    settings: {},
    async live(line) {
      const [house, ann, bob] = await line.arrive("house", "ann", "bob");
      await line.missTurn(house!, [bob!]);
      return ann!;
    },
  },
  "missed the turn and came back": {
    settings: {},
    async live(line) {
      const [house, ann, bob] = await line.arrive("house", "ann", "bob");
      await line.missTurn(house!, [bob!]);
      await line.queue.status(ann!);
      return ann!;
    },
  },
  "has paid": {
    settings: {},
    async live(line) {
      const [ann] = await line.arrive("ann", "bob");
      await line.queue.endPlaces([ann!], "PAID");
      return ann!;
    },
  },
  "was removed": {
    settings: {},
    async live(line) {
      const [, ann] = await line.arrive("house", "ann", "bob");
      await line.queue.endPlaces([ann!], "REMOVED");
      return ann!;
    },
  },
  "is silent": {
    settings: { waitingTtlMs: 10 * MINUTE_MS, admissionTtlMs: 600 * MINUTE_MS },
    async live(line) {
      const [, ann, bob] = await line.arrive("house", "ann", "bob");
      await line.elapse(12 * MINUTE_MS, bob!);
      return ann!;
    },
  },
  "gathers": { settings: LOBBY, live: async (line) => (await line.arrive("ann", "bob"))[0]! },
  "left what she had gathered": {
    settings: LOBBY,
    async live(line) {
      const [ann] = await line.arrive("ann", "bob");
      await line.queue.leave(ann!);
      return ann!;
    },
  },
  "gathers again": {
    settings: LOBBY,
    async live(line) {
      const [ann] = await line.arrive("ann", "bob");
      await line.queue.leave(ann!);
      return (await line.arrive("ann"))[0]!;
    },
  },
  "was drawn": {
    settings: LOBBY,
    async live(line) {
      const [ann] = await line.arrive("ann", "bob");
      await line.changeRules({ state: "OPEN" });
      await drawAll(line);
      return ann!;
    },
  },
  "rejoined after a wipe": {
    settings: {},
    async live(line) {
      const [, ann] = await line.arrive("house", "ann", "bob");
      await line.wipe();
      await line.arrive("house");
      return (await line.join("ann", ann!)).place;
    },
  },
  "left what she had rejoined": {
    settings: {},
    async live(line) {
      const [, ann] = await line.arrive("house", "ann", "bob");
      await line.wipe();
      await line.arrive("house");
      await line.queue.leave((await line.join("ann", ann!)).place);
      return ann!;
    },
    isOfEarlierEpoch: true,
  },
};

const ANN = "ann" as FanId;

/** What a room keeps of a fan who is erased: nothing. */
export function forgettingContract(test: ContractTest): void {
  for (const [life, { settings, live, isOfEarlierEpoch }] of Object.entries(LIVES)) {
    test(`a fan who ${life} is forgotten`, settings, async (line) => {
      const { queue } = line;
      const token = await live(line);
      await queue.forgetFan(MAIN_ROOM, ANN);
      assert.equal(await queue.findPlace(MAIN_ROOM, ANN), null);
      assert.equal(await queue.findLastPlace(MAIN_ROOM, ANN), null);
      const over = isOfEarlierEpoch ? LINE_RESET : ended();
      assert.deepEqual(await queue.status(token), over);
      assert.deepEqual(await queue.leave(token), over);
      // Again: there is nothing left to change.
      const counts = await line.counts();
      await queue.forgetFan(MAIN_ROOM, ANN);
      assert.deepEqual(await line.counts(), counts);
      // Who comes back is a new fan, at the end of the line.
      const last = (await line.join("carl")).place;
      const anew = await line.join("ann");
      assert.equal(anew.created, true);
      if (anew.place.order > 0 && last.order > 0) assert.ok(anew.place.order > last.order);
    });
  }

  test("the slot of a fan who is forgotten goes to the next", {}, async (line) => {
    const [, bob] = await line.arrive("ann", "bob");
    assert.equal(await line.state(bob!), "WAITING");
    await line.queue.forgetFan(MAIN_ROOM, ANN);
    assert.equal(await line.state(bob!), "ADMITTED");
    const { waiting, admitted, parked } = await line.counts();
    assert.deepEqual([waiting, admitted, parked], [0, 1, 0]);
  });

  test("a forgotten fan's place counts no more, and the others keep theirs", {}, async (line) => {
    const [, , bob] = await line.arrive("house", "ann", "bob");
    assert.equal(await line.ahead(bob!), 1);
    await line.queue.forgetFan(MAIN_ROOM, ANN);
    assert.equal(await line.ahead(bob!), 0);
    assert.equal((await line.counts()).waiting, 1);
  });

  for (const leaves of [false, true]) {
    test(
      `a forgotten fan who ${
        leaves ? "left" : "gathered"
      } gathers anew, and the old tokens bring nothing`,
      LOBBY,
      async (line) => {
        const { queue } = line;
        const [bob, ann] = await line.arrive("bob", "ann");
        const again = (await line.join("ann")).place;
        if (leaves) await queue.leave(ann!);
        await queue.forgetFan(MAIN_ROOM, ANN);
        const [cat, anew] = await line.arrive("cat", "ann");
        const areOver = async () => {
          for (const old of [ann!, again]) {
            assert.deepEqual(await queue.status(old), ended());
            assert.deepEqual(await queue.leave(old), ended());
          }
        };
        await areOver();
        for (const place of [bob, cat, anew]) assert.equal(await line.state(place!), "GATHERED");
        // All tokens of the others go on to work, and she may leave and come back as before.
        for (const fan of ["bob", "cat"]) {
          assert.equal(await line.state((await line.join(fan)).place), "GATHERED");
        }
        await queue.leave(anew!);
        const last = (await line.join("ann")).place;
        assert.deepEqual(await queue.status(anew!), ended());
        await areOver();
        assert.equal((await line.counts()).gathered, 3);
        await line.changeRules({ state: "OPEN", capacity: 3 });
        await drawAll(line);
        for (const place of [bob, cat, last]) assert.equal(await line.state(place!), "ADMITTED");
        await areOver();
        await queue.endPlaces([last], "PAID");
        assert.deepEqual(await queue.status(last), ended("PAID"));
        await areOver();
      },
    );
  }

  const EARLIER = { waitingTtlMs: 10 * MINUTE_MS, capacity: 9 } as const;
  for (const [what, rejoins] of [["has rejoined", true], ["may rejoin", false]] as const) {
    test(`a forgotten fan who ${what} after a reset does not rejoin`, EARLIER, async (line) => {
      const { queue } = line;
      const [ann, bob, cat] = await line.arrive("ann", "bob", "cat");
      await line.wipe();
      await line.arrive("house");
      if (rejoins) { for (const place of [ann!, cat!]) await line.join(place.fan, place); }
      await queue.forgetFan(MAIN_ROOM, ANN);
      const last = (await line.join("dan")).place;
      const anew = await line.join("ann", ann!);
      assert.equal(anew.created, true);
      assert.equal(anew.place.order, last.order + 1);
      // The others rejoin as before, once.
      assert.ok((await line.join("bob", bob!)).place.order < last.order);
      if (rejoins) {
        await queue.leave((await line.join("cat")).place);
        assert.ok((await line.join("cat", cat!)).place.order > last.order);
      }
      assert.deepEqual(await queue.status(ann!), LINE_RESET);
    });
  }

  test("a fan who is forgotten in the middle of the draw has no part in it", {
    ...LOBBY,
    bounds: { ...QUEUE_BOUNDS, drawBatch: 1 },
  }, async (line) => {
    const gathered = await gather(line, "ann", "bob", "cat");
    const [first, second, last] = inDrawOrder(TEST_DRAW, gathered);
    await line.changeRules({ state: "OPEN", capacity: 9 });
    await line.queue.forgetFan(MAIN_ROOM, last!.fan as FanId);
    await drawAll(line);
    const anew = (await line.join(last!.fan)).place;
    assert.deepEqual(await line.queue.status(last!.place), ended());
    for (const place of [first!.place, second!.place, anew]) {
      assert.equal(await line.state(place), "ADMITTED");
    }
  });

  test("a room without rules has nobody to forget", {}, async (line) => {
    await line.forget();
    await line.queue.forgetFan(MAIN_ROOM, ANN);
    assert.equal(await line.queue.counts(MAIN_ROOM), null);
  });
}
