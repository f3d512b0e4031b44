import assert from "node:assert/strict";
import { type PlaceRef, ticketOf } from "../../../src/domain/queue.ts";
import { QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import { crowd, drawAll, gather, inDrawOrder, published, ticketNumberOf } from "./drawing.ts";
import { type ContractTest, ended, LINE_RESET, type Scene, TEST_DRAW } from "./harness.ts";

export const LOBBY = { state: "LOBBY", draw: TEST_DRAW } as const;
/** More than two acts may drain. */
const CROWD = crowd(640);
const SAMPLE = 37;
/** More shares than it takes to drain them. */
const MAX_SHARES = 10;
/** A share of the draw comes so soon after the last one. */
const SHARE_MS = 25;
export const ROOMY_LOBBY = { ...LOBBY, capacity: 2 * CROWD.length } as const;
const FEW = ["ann", "bob", "cat", "dan", "eve"];

/** The answer to a fan of the crowd: at least so many stand ahead as do. Returns how many. */
async function boundOf(line: Scene, place: PlaceRef, rank: number): Promise<number> {
  const standing = await line.queue.status(place);
  assert.equal(standing.state, "WAITING");
  const { ahead, positionIs, order } = standing;
  if (order === null) assert.ok(ahead! >= rank && positionIs === "AT_MOST", `${ahead} of ${rank}`);
  else assert.equal(ahead, rank, "a drawn position is exact, as long as nobody leaves");
  return ahead!;
}

/** Polls some of a crowd, the last first, while it is drained. Fresh fans stand behind it. */
export async function positionsWhileDrained(line: Scene): Promise<void> {
  const inOrder = inDrawOrder(TEST_DRAW, await gather(line, ...CROWD));
  await line.changeRules({ state: "HELD" });
  const sample = inOrder.map(({ place }, rank) => ({ place, rank })).toReversed()
    .filter(({ rank }) => rank % SAMPLE === 0 || rank === CROWD.length - 1);
  const last = await line.queue.status(inOrder.at(-1)!.place);
  assert.equal(last.state, "WAITING");
  assert.equal(last.order, null, "a crowd is drained in bounded shares");
  const fresh = await line.join("fresh");
  const ahead = fresh.standing.state === "WAITING" && fresh.standing.ahead;
  assert.equal(ahead, CROWD.length, "the fresh stand behind the crowd");
  const told = new Map<number, number>();
  for (let round = 0; round < MAX_SHARES; round++) {
    for (const { place, rank } of sample) {
      const bound = await boundOf(line, place, rank);
      assert.ok(bound <= (told.get(rank) ?? Infinity), "a position never rises");
      assert.ok(bound <= rank + 5 * Math.sqrt(CROWD.length) + 60, "the bound is of use");
      told.set(rank, bound);
    }
    assert.equal(await line.ahead(fresh.place), CROWD.length);
    line.clock.advance(SHARE_MS);
  }
  const { gathered, waiting } = await line.counts();
  assert.deepEqual([gathered, waiting], [0, CROWD.length + 1]);
  for (const { place, rank } of sample) {
    assert.equal(await ticketNumberOf(line, place), rank + 1);
    const exact = rank <= line.settings.bounds.exactAhead;
    const standing = await line.queue.status(place);
    assert.equal(standing.state === "WAITING" && standing.positionIs, exact ? "EXACT" : "AT_MOST");
  }
}

/** However much room there is. */
export async function nobodyFreshBefore(line: Scene): Promise<void> {
  const gathered = await gather(line, ...CROWD);
  await line.changeRules({ state: "OPEN" });
  const { place, standing } = await line.join("fresh");
  assert.equal(standing.state, "WAITING", "nobody fresh overtakes the crowd");
  for (let poll = 0; poll < MAX_SHARES; poll++) {
    if (await line.state(place) === "ADMITTED") break;
    line.clock.advance(SHARE_MS);
  }
  assert.equal(await line.state(place), "ADMITTED");
  for (const drawn of gathered) assert.equal(await line.state(drawn.place), "ADMITTED");
  assert.equal((await line.counts()).admitted, CROWD.length + 1);
}

/** A crowd draws its tickets in bounded shares, and no answer promises too much meanwhile. */
export function drainingContract(test: ContractTest): void {
  test("no position is told too low while a crowd is drained", LOBBY, positionsWhileDrained);

  test("a position never rises while the crowd is drained and admitted", {
    ...LOBBY,
    capacity: 50,
  }, async (line) => {
    const inOrder = inDrawOrder(TEST_DRAW, await gather(line, ...CROWD));
    await line.changeRules({ state: "OPEN" });
    const [fresh] = await line.arrive("fresh");
    const told = new Map<number, number>();
    for (let wave = 1; wave <= 4; wave++) {
      const admitted = 50 * wave;
      for (const rank of [639, 600, 512, 511, 300, 256, 255]) {
        const bound = await boundOf(line, inOrder[rank]!.place, rank - admitted);
        assert.ok(bound <= (told.get(rank) ?? Infinity), "a position never rises");
        told.set(rank, bound);
      }
      assert.equal(await line.ahead(fresh!), CROWD.length - admitted);
      const inside = inOrder.slice(admitted - 50, admitted).map(({ place }) => place);
      for (const place of inside) assert.equal(await line.state(place), "ADMITTED");
      await line.queue.endPlaces(inside, "PAID");
    }
  });

  test("a near fan behind fans who are not drawn yet has all of them ahead", {
    ...LOBBY,
    bounds: { ...QUEUE_BOUNDS, drawBatch: 2 },
  }, async (line) => {
    await gather(line, ...FEW);
    await line.changeRules({ state: "HELD" });
    const { place, standing } = await line.join("fresh");
    assert.equal(standing.state, "WAITING");
    const { isNear, ahead, positionIs } = standing;
    assert.deepEqual([isNear, ahead, positionIs], [true, FEW.length, "AT_MOST"]);
    await drawAll(line);
    const drawn = await line.queue.status(place);
    assert.equal(drawn.state, "WAITING");
    assert.deepEqual([drawn.ahead, drawn.positionIs], [FEW.length, "EXACT"]);
  });

  test("`promote()` returns `more` while the crowd is drained", LOBBY, async (line) => {
    await gather(line, ...CROWD);
    await line.changeRules({ state: "HELD" });
    assert.equal((await line.promote()).more, true);
    await drawAll(line);
    const { gathered, waiting } = await line.counts();
    assert.deepEqual([gathered, waiting], [0, CROWD.length]);
  });

  test(
    "no fresh fan is admitted before all who gathered, with any number of free slots",
    ROOMY_LOBBY,
    nobodyFreshBefore,
  );

  test(
    "who joins while the crowd is drained has a ticket above all of theirs",
    LOBBY,
    async (line) => {
      const inOrder = inDrawOrder(TEST_DRAW, await gather(line, ...CROWD));
      await line.changeRules({ state: "HELD" });
      const fresh = await line.arrive(...FEW);
      for (const [rank, place] of fresh.entries()) {
        assert.equal(ticketOf(place.order), CROWD.length + rank + 1);
        assert.equal(await line.ahead(place), CROWD.length + rank);
      }
      await drawAll(line);
      assert.equal(await ticketNumberOf(line, inOrder.at(-1)!.place), CROWD.length);
    },
  );

  test("a fan who leaves before being drained has no ticket of the draw", LOBBY, async (line) => {
    const inOrder = inDrawOrder(TEST_DRAW, await gather(line, ...CROWD));
    await line.changeRules({ state: "HELD" });
    const leaving = inOrder[630]!;
    assert.deepEqual(await line.queue.leave(leaving.place), ended());
    const anew = await line.join(leaving.fan);
    assert.equal(anew.created, true);
    assert.equal(ticketOf(anew.place.order), CROWD.length + 1, "the tickets were reserved");
    assert.deepEqual(await line.queue.status(leaving.place), ended());
    await drawAll(line);
    assert.deepEqual(await line.queue.status(leaving.place), ended());
    const listed = (await published(line)).map(({ pseudonym }) => pseudonym);
    const stayed = inOrder.toSpliced(630, 1);
    assert.deepEqual(listed, stayed.map(({ pseudonym }) => pseudonym));
    assert.equal(await ticketNumberOf(line, inOrder[629]!.place), 630);
    assert.equal(await ticketNumberOf(line, inOrder[631]!.place), 631);
  });
}

/** The order of the draw outlives a wiped store, in any state of the room. */
export function wipedDrawContract(test: ContractTest): void {
  for (const when of ["before the opening", "while it is drained", "after the draw"] as const) {
    test(
      `wiped ${when}: the old tokens rejoin by the draw, ahead of all fresh`,
      LOBBY,
      async (line) => {
        const isDrained = when === "while it is drained";
        const inOrder = inDrawOrder(TEST_DRAW, await gather(line, ...isDrained ? CROWD : FEW));
        if (when !== "before the opening") await line.changeRules({ state: "HELD" });
        if (when === "after the draw") await drawAll(line);
        if (isDrained) assert.equal((await line.promote()).more, true);
        await line.wipe();
        await line.changeRules({ state: "HELD" });
        const [fresh] = await line.arrive("fresh");
        const back = [];
        const few = inOrder.filter((_, rank) => rank % 64 === 0 || !isDrained);
        for (const { fan, place } of few.toSorted((a, b) => a.fan < b.fan ? -1 : 1)) {
          assert.deepEqual(await line.queue.status(place), LINE_RESET);
          const joined = await line.join(fan, place);
          assert.equal(joined.created, true);
          assert.deepEqual(await line.join(fan, place), { ...joined, created: false });
          back.push(joined.place);
        }
        const { waiting, gathered } = await line.counts();
        assert.deepEqual([waiting, gathered], [few.length + 1, 0]);
        const byOrder = back.toSorted((a, b) => a.order - b.order).map(({ fan }) => fan);
        assert.deepEqual(byOrder, few.map(({ fan }) => fan));
        assert.ok(back.every(({ order }) => order > 0 && order < fresh!.order));
        await line.elapse(line.windowMs, ...back, fresh!);
        await line.changeRules({ state: "OPEN" });
        const admitted = [];
        for (let turn = 0; turn <= few.length; turn++) {
          await line.promote();
          for (const place of [...back, fresh!]) {
            if (await line.state(place) !== "ADMITTED") continue;
            admitted.push(place.fan);
            await line.queue.leave(place);
            break;
          }
        }
        assert.deepEqual(admitted, [...few.map(({ fan }) => fan), "fresh"]);
      },
    );
  }

  test("a lobby that is wiped and gathers again has the same order", LOBBY, async (line) => {
    const old = await gather(line, ...FEW);
    await line.wipe();
    const anew = [];
    for (const { fan, place } of old.toReversed()) {
      const { place: back, standing } = await line.join(fan, place);
      assert.equal(standing.state, "GATHERED");
      anew.push({ fan, place: back, pseudonym: standing.pseudonym });
    }
    await line.changeRules({ state: "HELD" });
    for (const [rank, { place }] of inDrawOrder(TEST_DRAW, anew).entries()) {
      assert.equal(await line.ahead(place), rank);
    }
  });

  test(
    "gathered fans stay ahead of fans who had a ticket of the same epoch",
    LOBBY,
    async (line) => {
      const inOrder = inDrawOrder(TEST_DRAW, await gather(line, ...FEW));
      await line.changeRules({ state: "HELD" });
      await drawAll(line);
      const [late] = await line.arrive("late");
      await line.wipe();
      const back = [(await line.join("late", late!)).place];
      for (const { fan, place } of inOrder.toReversed()) {
        back.unshift((await line.join(fan, place)).place);
      }
      const aheadOf = back.toSorted((a, b) => a.order - b.order).map(({ fan }) => fan);
      assert.deepEqual(aheadOf, [...inOrder.map(({ fan }) => fan), "late"]);
    },
  );

  test("a lobby token from before a wipe counts once", LOBBY, async (line) => {
    const [ann] = await gather(line, "ann");
    await line.changeRules({ state: "HELD" });
    await drawAll(line);
    await line.wipe();
    const [fresh] = await line.arrive("fresh");
    const first = await line.join("ann", ann!.place);
    await line.queue.leave(first.place);
    const second = await line.join("ann", ann!.place);
    assert.ok(second.place.order > fresh!.order);
    assert.equal(await line.ahead(second.place), 1);
  });
}
