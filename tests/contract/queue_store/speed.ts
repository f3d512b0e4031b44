import assert from "node:assert/strict";
import { ordersPerSecond } from "../../../src/domain/line_speed.ts";
import type { LineSpeed, PlaceRef } from "../../../src/domain/queue.ts";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import { crowd } from "./drawing.ts";
import { type ContractTest, MINUTE_MS, type Scene } from "./harness.ts";

async function speed({ queue }: Scene): Promise<LineSpeed> {
  return (await queue.front(MAIN_ROOM))!.front.speed;
}

/** Each `stepMs` the next of so many fans has the turn and leaves; the others poll. */
async function serve(
  line: Scene,
  places: readonly PlaceRef[],
  stepMs: number,
  turns = places.length,
): Promise<void> {
  for (const [i, place] of places.slice(0, turns).entries()) {
    line.clock.advance(stepMs);
    for (const behind of places.slice(i)) await line.queue.status(behind);
    assert.equal(await line.state(place), "ADMITTED");
    await line.queue.leave(place);
  }
}

/** What answers and documents say of the measured speed of the line. */
export function speedContract(test: ContractTest): void {
  test("nothing is measured before somebody joins", { capacity: 3 }, async (line) => {
    assert.deepEqual(await speed(line), {
      pace: ordersPerSecond(NO_TURNS, line.rules),
      admitted: 0,
      seatsLeft: null,
      ...NO_TURNS,
    });
  });

  test("the pace is the orders that are called a second", {}, async (line) => {
    const [house, ...places] = await line.arrive("house", ...crowd(30));
    await line.queue.leave(house!);
    await serve(line, places, 5_000);
    const { pace } = await speed(line);
    assert.ok(pace > 0.17 && pace < 0.23, `${pace} a second`);
  });

  test("the pace follows capacity and rate at once", {}, async (line) => {
    const [house, ...places] = await line.arrive("house", ...crowd(40));
    await line.queue.leave(house!);
    await serve(line, places, 5_000, 30);
    await line.changeRules({ capacity: 5 });
    const { pace } = await speed(line);
    assert.ok(pace > 0.85 && pace < 1.15, `${pace} a second`);
    await line.changeRules({ capacity: 5, admissionsPerMinute: 6 });
    const limited = (await speed(line)).pace;
    assert.ok(limited > 0.09 && limited < 0.11, `${limited} a second`);
  });

  test("while nobody is promoted the pace is 0", {}, async (line) => {
    await line.arrive("ann", "bob");
    assert.ok((await speed(line)).pace > 0);
    await line.changeRules({ state: "HELD" });
    assert.equal((await speed(line)).pace, 0);
    await line.changeRules({ state: "OPEN" });
    assert.ok((await speed(line)).pace > 0);
    await line.queue.updateStock(MAIN_ROOM, soldOut(line));
    const { pace, seatsLeft } = await speed(line);
    assert.deepEqual([pace, seatsLeft], [0, 0]);
  });

  test("the time that fans hold slots is summed up", { capacity: 2 }, async (line) => {
    await line.arrive("ann");
    line.clock.advance(10_000);
    const [, cat] = await line.arrive("bob", "cat");
    line.clock.advance(10_000);
    const standing = await line.queue.status(cat!);
    assert.equal(standing.state, "WAITING");
    const { admitted, slotMs } = standing.speed;
    assert.deepEqual([admitted, slotMs], [2, 30_000]);
  });

  test("turns that are used and over are counted, whatever ended them", {
    capacity: 4,
    admissionTtlMs: 3_000,
  }, async (line) => {
    const [ann, bob, cat] = await line.arrive("ann", "bob", "cat", "dan", "eve");
    line.clock.advance(1_000);
    await line.queue.endPlaces([ann!], "PAID");
    await line.queue.leave(bob!);
    await line.queue.endPlaces([cat!], "REMOVED");
    line.clock.advance(2_000);
    const { ended, slotMs, admitted } = await speed(line);
    assert.deepEqual([ended, slotMs, admitted], [4, 8_000, 1]);
  });

  test("turns are forgotten as others end, and not by time", {}, async (line) => {
    const serveAll = async (fans: readonly string[], stepMs: number) => {
      await line.checkRules();
      const [house, ...places] = await line.arrive("house", ...fans);
      await line.queue.leave(house!);
      await serve(line, places, stepMs);
      await line.elapse(MINUTE_MS);
      return await speed(line);
    };
    const slow = await serveAll(crowd(30), 10_000);
    await line.elapse(60 * MINUTE_MS);
    assert.equal((await speed(line)).ended, slow.ended);
    const fast = await serveAll(crowd(60).slice(30), 1_000);
    const [before, after] = [slow, fast].map(({ slotMs, ended }) => slotMs / ended);
    assert.ok(before! > 9_000 && after! < 0.6 * before!, `${before} ms, then ${after} ms`);
  });

  test("orders are told from fans who use their turn", {}, async (line) => {
    const [house, ann, bob, cat, dan] = await line.arrive("house", "ann", "bob", "cat", "dan");
    await line.queue.leave(ann!);
    await line.queue.leave(cat!);
    assert.deepEqual(calledOf(await speed(line)), [0, 0], "nobody waited for the first slot");
    await line.queue.leave(house!);
    assert.equal(await line.state(bob!), "ADMITTED");
    await line.queue.leave(bob!);
    assert.equal(await line.state(dan!), "ADMITTED");
    assert.deepEqual(calledOf(await speed(line)), [4, 2], "ann and cat had gone");
  });

  test("a missed turn is absent and takes no time, until the fan returns", {}, async (line) => {
    const [house, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.queue.leave(house!);
    const before = await speed(line);
    await line.elapse(line.windowMs, bob!);
    const missed = await speed(line);
    assert.deepEqual(calledOf(missed), [2, 1]);
    assert.ok(missed.slotMs - before.slotMs < line.windowMs, "bob's turn alone");
    assert.equal(await line.state(ann!), "WAITING");
    await line.queue.leave(bob!);
    assert.deepEqual(calledOf(await speed(line)), [2, 0]);
    assert.equal(await line.state(ann!), "ADMITTED");
  });

  test("fans who rejoin count for the pace", {}, async (line) => {
    const [, ...places] = await line.arrive("house", ...crowd(40));
    await line.wipe();
    const back = [];
    for (const place of places) back.push((await line.join(place.fan, place)).place);
    await line.elapse(line.windowMs, ...back);
    await serve(line, back, 5_000);
    const { pace, called, absent } = await speed(line);
    assert.ok(pace > 0.15 && pace < 0.25, `${pace} a second`);
    assert.ok(called > 20 && absent === 0, `${called} were called, ${absent} were absent`);
  });
}

const NO_TURNS = { ended: 0, slotMs: 0, surprise: 0, called: 0, absent: 0 };

function calledOf({ called, absent }: LineSpeed): readonly number[] {
  return [called, absent].map(Math.round);
}

function soldOut({ clock }: Scene) {
  return { available: 0, returnsAtMs: null, asOfMs: clock() };
}
