import assert from "node:assert/strict";
import { createAllowance } from "../../../src/local/crowd/allowance.ts";

const seats = (count: number, scheduleId = 1) => ({ scheduleId, count, outOf: 40 });

Deno.test("an allowance gives half of a date's seats, and lets four of ten be bought", () => {
  const allowance = createAllowance();
  assert.equal(allowance.take(seats(16)), true);
  assert.equal(allowance.mayBuy(seats(16)), true);
  assert.equal(allowance.take(seats(3)), true);
  assert.equal(allowance.mayBuy(seats(3)), false);
  assert.equal(allowance.take(seats(2)), false, "21 of 40");
  assert.equal(allowance.take(seats(20, 2)), true, "each date is counted by itself");
  allowance.giveBack(seats(3));
  assert.equal(allowance.mayBuy(seats(2)), true);
  assert.equal(allowance.take(seats(4)), true);
  assert.equal(allowance.take(seats(1)), false);
});
