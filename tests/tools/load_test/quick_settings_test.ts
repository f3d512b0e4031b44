import assert from "node:assert/strict";
import { quickSettings, readShowUpMs } from "../../../src/tools/load_test/quick_settings.ts";

Deno.test("quickSettings() gives a large crowd fewer polls a second and more time", () => {
  assert.deepEqual(quickSettings(2_000), quickSettings(1));
  const [small, large] = [quickSettings(2_000), quickSettings(20_000)];
  const pollsPerSecond = (fans: number, { POLL_MAX_SECONDS: longest }: Record<string, string>) =>
    Math.round(fans / Number(longest));
  assert.deepEqual([pollsPerSecond(2_000, small), pollsPerSecond(20_000, large)], [667, 211]);
  for (const name of ["HOLD_TTL_SECONDS", "ADMISSION_TTL_SECONDS"]) {
    assert.equal(Number(large[name]), 10 * Number(small[name]), name);
  }
});

Deno.test("readShowUpMs() reads the setting, and null where it is not set", () => {
  assert.equal(readShowUpMs(quickSettings(20_000)), 32_000);
  assert.equal(readShowUpMs({ SHOW_UP_SECONDS: "60" }), 60_000);
  assert.equal(readShowUpMs({}), null);
});
