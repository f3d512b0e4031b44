import assert from "node:assert/strict";
import { quickSale, turnMsOf } from "../../src/rush/own_server.ts";

Deno.test("quickSale() lets a large crowd poll more seldom, and gives it more time", () => {
  assert.deepEqual(quickSale(2_000), quickSale(1));
  const [small, large] = [quickSale(2_000), quickSale(20_000)];
  const pollsPerSecond = (fans: number, { POLL_MAX_SECONDS: longest }: Record<string, string>) =>
    Math.round(fans / Number(longest));
  assert.deepEqual([pollsPerSecond(2_000, small), pollsPerSecond(20_000, large)], [667, 211]);
  for (const name of ["HOLD_TTL_SECONDS", "ADMISSION_TTL_SECONDS"]) {
    assert.equal(Number(large[name]), 10 * Number(small[name]), name);
  }
});

Deno.test("turnMsOf() knows a turn by both of its settings, and by less nothing", () => {
  assert.equal(turnMsOf(quickSale(2_000)), 4_000);
  assert.equal(turnMsOf({ POLL_MAX_SECONDS: "60" }), 0);
  assert.equal(turnMsOf({}), 0);
});
