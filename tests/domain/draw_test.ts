import { equal, ok } from "node:assert/strict";
import { DRAW_VALUES, drawBound, type Lot } from "../../src/domain/draw.ts";
import { seededRandom } from "../support/random.ts";

const BEFORE = 1_000;
const LOT: Lot = {
  seed: "seed",
  gatheringsBefore: 0,
  openedAtMs: 0,
  before: BEFORE,
  tickets: 10_000,
  calledValue: 0,
  nearValue: 0,
};
/** The value below which this share of all values lies. */
const valueAt = (share: number) => share * DRAW_VALUES;

Deno.test("a value of the draw is a whole number of 52 bits", () => {
  equal(DRAW_VALUES, 4_503_599_627_370_496);
});

Deno.test("`drawBound()` is the mean, 4.5 deviations and ten", () => {
  // 100 expected in front: 100 + 4.5 × 10 + 10.
  equal(drawBound(valueAt(0.01), LOT, BEFORE), 155);
  equal(drawBound(valueAt(0.25), LOT, BEFORE), 2_500 + 225 + 10);
  // 2 expected: 2 + 6.36 + 10, rounded up.
  equal(drawBound(valueAt(0.0002), LOT, BEFORE), 19);
  equal(drawBound(0, LOT, BEFORE), 10, "nobody is expected in front");
});

Deno.test("`drawBound()` counts those in front of the draw, and nobody who was called", () => {
  equal(drawBound(valueAt(0.01), LOT, BEFORE - 40), 195);
  // 50 of the draw were called, up to this value.
  const called = { ...LOT, calledValue: valueAt(0.005) };
  equal(drawBound(valueAt(0.01), called, BEFORE + 50), Math.ceil(50 + 4.5 * Math.sqrt(50) + 10));
});

Deno.test("`drawBound()` is no more than all of the draw and all before it", () => {
  const small = { ...LOT, tickets: 8 };
  equal(drawBound(valueAt(0.999), small, BEFORE), 7);
  equal(drawBound(valueAt(0.999), small, BEFORE - 40), 47);
  equal(drawBound(valueAt(0.999), small, BEFORE + 3), 4);
  equal(drawBound(valueAt(0.999), { ...LOT, tickets: 1 }, BEFORE), 0, "alone");
});

Deno.test("in random draws nobody stands further behind than the bound", () => {
  const random = seededRandom(20_300_101);
  for (let draw = 0; draw < 40; draw++) {
    const tickets = 1 + Math.floor(random() * 2_000);
    const values = Array.from({ length: tickets }, () => Math.floor(random() * DRAW_VALUES));
    values.sort((a, b) => a - b);
    for (const [ahead, value] of values.entries()) {
      const bound = drawBound(value, { ...LOT, tickets }, BEFORE);
      ok(bound >= ahead, `${ahead} of ${tickets}, not ${bound}`);
    }
  }
});
