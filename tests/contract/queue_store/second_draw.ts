import assert from "node:assert/strict";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import {
  crowd,
  drawAll,
  gather,
  inDrawOrder,
  lotOf,
  pseudonymOf,
  published,
  ticketNumberOf,
} from "./drawing.ts";
import { type ContractTest, ended, MINUTE_MS, type Scene, TEST_DRAW } from "./harness.ts";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import { ENDED_KEPT_MS, QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";

const LOBBY = { state: "LOBBY", draw: TEST_DRAW } as const;
const NEXT_DRAW = { id: "draw-2", seed: "face".repeat(16), salt: "another grain" };

/** Of a room that gathers a crowd again, in the same epoch. */
export function secondDrawContract(test: ContractTest): void {
  test("a second lobby is behind the first, with its own seed", LOBBY, async (line) => {
    const first = inDrawOrder(TEST_DRAW, await gather(line, "ann", "bob", "cat"));
    await line.changeRules({ state: "HELD" });
    await drawAll(line);
    const [fresh] = await line.arrive("fresh");
    await line.changeRules({ state: "LOBBY", draw: NEXT_DRAW });
    const second = inDrawOrder(NEXT_DRAW, await gather(line, "dan", "eve", "fay", "gus"));
    assert.deepEqual(await published(line), []);
    await line.changeRules({ state: "HELD" });
    await drawAll(line);
    const places = [...first.map(({ place }) => place), fresh!, ...second.map((one) => one.place)];
    for (const [rank, place] of places.entries()) {
      assert.equal(await line.ahead(place), rank);
      assert.equal(await ticketNumberOf(line, place), rank + 1);
    }
    const list = second.map(({ pseudonym }, rank) => ({ pseudonym, ticket: rank + 5 }));
    assert.deepEqual(await published(line), list);
    assert.deepEqual((await line.join("fresh")).place, fresh);
  });

  test("a fan who gathers in the act that ends the admission keeps the place", {}, async (line) => {
    // The last of so many is far after the draw, where only proofs keep a place.
    const fans = crowd(300).toSorted((a, b) => valueOf(a) - valueOf(b));
    const last = fans.pop()!;
    const [place] = await line.arrive(last);
    const admitted = await line.queue.status(place!);
    assert.ok(admitted.state === "ADMITTED");
    await line.changeRules(LOBBY);
    await line.arrive(...fans);
    line.clock.advance(admitted.expiresAtMs - line.clock());
    const [again] = await gather(line, last);
    await line.changeRules({ state: "HELD" });
    await drawAll(line);
    await line.elapse(2 * ENDED_KEPT_MS);
    assert.equal(await line.state(again!.place), "WAITING");
  });

  test("a run of absent fans does not make the line near", { capacity: 20 }, async (line) => {
    await line.arrive(...crowd(20));
    const [inside] = await line.arrive("fan-0000");
    await line.arrive(...Array.from({ length: 40 }, (_, i) => `absent-${i}`));
    await line.elapse(line.windowMs + MINUTE_MS);
    await line.queue.leave(inside!);
    await line.elapse(MINUTE_MS);
    const { front } = (await line.queue.front(MAIN_ROOM))!;
    const reach = 10 * 1.5 * 20 / 300 * line.windowMs / 1000;
    assert.ok(
      front.near - front.called <= Math.max(reach, QUEUE_BOUNDS.leastNear),
      `${front.near}`,
    );
  });

  for (const [how, end] of Object.entries(ENDINGS)) {
    test(
      `a first lobby's place that ${how} is GONE in the second, too`,
      LOBBY,
      (line) => goneInTheSecond(line, end),
    );
  }
}

const valueOf = (fan: string) => lotOf(TEST_DRAW, pseudonymOf(TEST_DRAW, fan as FanId));

type End = (line: Scene, place: PlaceRef) => Promise<unknown>;

const ENDINGS: Record<string, End> = {
  "was left": (line, place) => line.queue.leave(place),
  "was paid for": (line, place) => line.queue.endPlaces([place], "PAID"),
  "aged out": ageOut,
};

/** A silence of a quarter of the waiting time may count as an outage, which ages nobody. */
export async function ageOut(line: Scene): Promise<void> {
  for (let times = 0; times < 3; times++) {
    line.clock.advance(line.settings.waitingTtlMs);
    await line.promote();
  }
}

/** A fan gathers twice in one epoch; the first place is over, and its token stays so. */
export async function goneInTheSecond(line: Scene, end: End): Promise<void> {
  const [ann] = await gather(line, "ann", "bob");
  await line.changeRules({ state: "HELD" });
  await drawAll(line);
  await end(line, ann!.place);
  await line.changeRules({ state: "LOBBY", draw: NEXT_DRAW });
  const [anew] = await gather(line, "ann");
  assert.deepEqual(await line.queue.status(ann!.place), ended(), "a place that is over stays so");
  assert.equal(await line.state(anew!.place), "GATHERED");
  await line.queue.endPlaces([ann!.place], "PAID");
  assert.equal(await line.state(anew!.place), "GATHERED");
  await line.changeRules({ state: "HELD" });
  await drawAll(line);
  assert.deepEqual(await line.queue.leave(ann!.place), ended());
  assert.equal(await line.state(anew!.place), "WAITING");
}
