import assert from "node:assert/strict";
import { quickSale, showUpMsOf } from "../../../src/tools/load_test/own_server.ts";

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

Deno.test("showUpMsOf() knows the time to show up by its setting, or the least that it can be", () => {
  assert.equal(showUpMsOf(quickSale(20_000)), 32_000);
  assert.equal(showUpMsOf({ SHOW_UP_SECONDS: "60" }), 60_000);
  assert.equal(showUpMsOf({}), 1_000);
});
