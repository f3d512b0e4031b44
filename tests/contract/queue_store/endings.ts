import assert from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { EndCause, PlaceRef } from "../../../src/domain/queue.ts";
import { ticketOf } from "../../../src/domain/queue.ts";
import { QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import { crowd, drawAll, gather, type Gathered, inDrawOrder } from "./drawing.ts";
import { type ContractTest, ended, MINUTE_MS, type Scene, TEST_DRAW } from "./harness.ts";

/** Why a place ended is known for so long. */
const KEPT_MS = 60 * MINUTE_MS;
const LOBBY = { state: "LOBBY", draw: TEST_DRAW } as const;

/** Ways in which the place of an admitted fan ends, whose admission lasts 15 minutes. */
const ENDINGS: Partial<Record<EndCause, (line: Scene, place: PlaceRef) => Promise<unknown>>> = {
  PAID: (line, place) => line.queue.endPlaces([place], "PAID"),
  LEFT: (line, place) => line.queue.leave(place),
  REMOVED: (line, place) => line.queue.endPlaces([place], "REMOVED"),
  ADMISSION_LAPSED: async (line) => {
    line.clock.advance(line.settings.admissionTtlMs);
    await line.promote();
  },
};

function lastPlace({ queue }: Scene, fan: string) {
  return queue.findLastPlace(MAIN_ROOM, fan as FanId);
}

/** What is known of how the place ended: by its token, and by the name of the fan. */
async function assertKnown(line: Scene, place: PlaceRef, because: EndCause, endedAtMs: number) {
  assert.deepEqual(await line.queue.status(place), ended(because));
  assert.deepEqual(await line.queue.leave(place), ended(because));
  const { order, fan } = place;
  const expected = { order, ticket: ticketOf(order), endedBecause: because, endedAtMs };
  assert.deepEqual(await lastPlace(line, fan), expected);
}

export function endingsContract(test: ContractTest): void {
  for (const [because, end] of Object.entries(ENDINGS) as [EndCause, typeof ENDINGS["PAID"]][]) {
    test(`${because}: why an admitted place ended is known for an hour`, {}, async (line) => {
      const [ann] = await line.arrive("ann");
      assert.equal(await lastPlace(line, "ann"), null);
      await end!(line, ann!);
      const endedAtMs = line.clock();
      await assertKnown(line, ann!, because, endedAtMs);
      line.clock.advance(KEPT_MS - 1);
      await line.promote();
      await assertKnown(line, ann!, because, endedAtMs);
      line.clock.advance(KEPT_MS);
      await line.promote();
      assert.deepEqual(await line.queue.status(ann!), ended());
      assert.equal(await lastPlace(line, "ann"), null);
    });
  }

  for (const cause of ["PAID", "LEFT", "REMOVED"] as const) {
    test(`${cause}: an admission that was over by then has lapsed`, {}, async (line) => {
      const [ann] = await line.arrive("ann");
      line.clock.advance(line.settings.admissionTtlMs);
      await ENDINGS[cause]!(line, ann!);
      assert.deepEqual(await line.queue.status(ann!), ended("ADMISSION_LAPSED"));
    });
  }

  test("TURN_MISSED: why a second missed turn ended the place is known", {}, async (line) => {
    const [house, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.missTurn(house!, [bob!]);
    assert.equal(await line.ahead(ann!), 0);
    assert.equal(await lastPlace(line, "ann"), null, "the place lives");
    await line.queue.leave(bob!);
    await line.elapse(line.windowMs);
    assert.deepEqual(await line.queue.status(ann!), ended("TURN_MISSED"));
    assert.equal((await lastPlace(line, "ann"))?.endedBecause, "TURN_MISSED");
  });

  test("SILENT: why a place that aged out is gone is known for an hour", {
    waitingTtlMs: 10 * MINUTE_MS,
    admissionTtlMs: 600 * MINUTE_MS,
  }, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.elapse(12 * MINUTE_MS, bob!);
    assert.deepEqual(await line.queue.status(ann!), ended("SILENT"));
    const known = await lastPlace(line, "ann");
    assert.deepEqual([known?.ticket, known?.endedBecause], [2, "SILENT"]);
    await line.elapse(2 * KEPT_MS, bob!);
    assert.equal(await lastPlace(line, "ann"), null);
  });

  test("REMOVED: an operator's removal of a waiting place is known", {}, async (line) => {
    const [, ann] = await line.arrive("house", "ann");
    await line.queue.endPlaces([ann!], "REMOVED");
    await assertKnown(line, ann!, "REMOVED", line.clock());
  });

  test(
    "REMOVED: an operator's removal from the lobby is known, without a ticket",
    LOBBY,
    async (line) => {
      const [ann, bob] = await line.arrive("ann", "bob");
      const found = await line.queue.findPlace(MAIN_ROOM, "ann" as FanId);
      await line.queue.endPlaces([{ ...ann!, order: found!.order }], "REMOVED");
      assert.deepEqual(await line.queue.status(ann!), ended("REMOVED"));
      const endedAtMs = line.clock();
      assert.deepEqual(await lastPlace(line, "ann"), {
        order: found!.order,
        ticket: null,
        endedBecause: "REMOVED",
        endedAtMs,
      });
      assert.equal(await line.state(bob!), "GATHERED");
      const anew = await line.join("ann");
      assert.equal(anew.standing.state, "GATHERED");
      assert.equal(await lastPlace(line, "ann"), null, "the new place lives");
    },
  );

  test(
    "a token of an earlier draw is not told why the fan gathers no more",
    LOBBY,
    async (line) => {
      const [ann] = await gather(line, "ann");
      await line.changeRules({ state: "OPEN" });
      await drawAll(line);
      await line.queue.endPlaces([ann!.place], "PAID");
      await line.changeRules({ state: "LOBBY", draw: { ...TEST_DRAW, id: "next" } });
      const [anew] = await gather(line, "ann");
      await line.queue.endPlaces([anew!.place], "REMOVED");
      assert.deepEqual(await line.queue.status(anew!.place), ended("REMOVED"));
      assert.deepEqual(await line.queue.status(ann!.place), ended());
    },
  );

  test("why a fan left who only waited is not kept", {}, async (line) => {
    const [, ann] = await line.arrive("house", "ann");
    const answer = await line.queue.leave(ann!);
    assert.deepEqual([answer.state, await line.queue.leave(ann!)], ["GONE", answer]);
    assert.deepEqual(await line.queue.status(ann!), ended());
    assert.equal(await lastPlace(line, "ann"), null);
  });

  test("a token of the lobby is told why its drawn place ended", LOBBY, async (line) => {
    const [first] = inDrawOrder(TEST_DRAW, await gather(line, "ann", "bob"));
    await line.changeRules({ state: "OPEN" });
    await drawAll(line);
    assert.equal(await line.state(first!.place), "ADMITTED");
    await line.queue.endPlaces([first!.place], "PAID");
    assert.deepEqual(await line.queue.status(first!.place), ended("PAID"));
    const known = await lastPlace(line, first!.fan);
    assert.deepEqual([known?.ticket, known?.endedBecause], [1, "PAID"]);
  });

  test(
    "a token of a left place in the lobby is not told why the next place of the fan ended",
    LOBBY,
    async (line) => {
      const fans = ["ann", "bob", "cat"];
      const left = await gather(line, ...fans);
      for (const { place } of left) await line.queue.leave(place);
      const [first, second, removed] = inDrawOrder(TEST_DRAW, await gather(line, ...fans));
      const tokens = (fan: string) => left.filter((one) => one.fan === fan);
      await line.queue.endPlaces([removed!.place], "REMOVED");
      await line.changeRules({ state: "OPEN" });
      await drawAll(line);
      await line.queue.endPlaces([first!.place], "PAID");
      await line.queue.leave(second!.place);
      for (const [anew, because] of [[first, "PAID"], [second, "LEFT"], [removed, "REMOVED"]]) {
        const { fan, place } = anew as Gathered;
        assert.deepEqual(await line.queue.status(place), ended(because as EndCause));
        for (const { place } of tokens(fan)) {
          assert.deepEqual(await line.queue.status(place), ended());
          assert.deepEqual(await line.queue.leave(place), ended());
        }
      }
      line.clock.advance(2 * KEPT_MS);
      await line.promote();
      for (const { place } of left) assert.deepEqual(await line.queue.status(place), ended());
    },
  );

  test(
    "a place that was removed from the lobby does not live again when nobody knows of the end any more",
    LOBBY,
    async (line) => {
      const [ann] = await gather(line, "ann", "bob");
      await line.queue.endPlaces([ann!.place], "REMOVED");
      line.clock.advance(KEPT_MS);
      // No other call comes before: the join itself forgets the end.
      const [anew] = await gather(line, "ann");
      assert.deepEqual(await line.queue.status(ann!.place), ended());
      assert.deepEqual(await line.queue.leave(ann!.place), ended());
      assert.equal(await line.state(anew!.place), "GATHERED");
    },
  );

  test(
    "a token whose number a failover lost is told why its drawn place ended",
    LOBBY,
    async (line) => {
      const [ann] = await line.arrive("ann", "bob");
      const lost = { ...ann!, order: ann!.order - 20 };
      await line.changeRules({ state: "HELD" });
      await drawAll(line);
      await line.queue.endPlaces([lost], "REMOVED");
      for (const token of [lost, ann!]) {
        assert.deepEqual(await line.queue.status(token), ended("REMOVED"));
      }
    },
  );

  test(
    "all tokens of a fan who was removed in mid-draw are told so, after a failover too",
    { ...LOBBY, bounds: { ...QUEUE_BOUNDS, drawBatch: 1 } },
    async (line) => {
      const gathered = inDrawOrder(TEST_DRAW, await gather(line, ...crowd(12)));
      const [ann, bob] = gathered.slice(-2).map(({ place }) => place);
      await line.changeRules({ state: "HELD" });
      const lost = { ...ann!, order: ann!.order - 20 };
      const found = await line.queue.findPlace(MAIN_ROOM, lost.fan);
      assert.deepEqual([found?.state, found?.ticket], ["WAITING", null], "the draw goes on");
      await line.queue.endPlaces([bob!], "REMOVED");
      await line.queue.endPlaces([lost], "REMOVED");
      for (const token of [bob!, ann!, lost]) {
        assert.deepEqual(await line.queue.status(token), ended("REMOVED"));
      }
    },
  );

  test("a token is not told why another place of the fan ended", { capacity: 2 }, async (line) => {
    const [old] = await line.arrive("ann");
    await line.queue.leave(old!);
    const [anew] = await line.arrive("ann");
    assert.equal(await lastPlace(line, "ann"), null, "the new place lives");
    assert.deepEqual(await line.queue.status(old!), ended());
    await line.queue.endPlaces([anew!], "PAID");
    assert.deepEqual(await line.queue.status(anew!), ended("PAID"));
    assert.deepEqual(await line.queue.status(old!), ended());
    assert.equal((await lastPlace(line, "ann"))?.ticket, ticketOf(anew!.order));
  });

  test("nothing is known of a fan who never was here", {}, async (line) => {
    assert.equal(await lastPlace(line, "ann"), null);
    await line.forget();
    assert.equal(await lastPlace(line, "ann"), null);
  });
}
