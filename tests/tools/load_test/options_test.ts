import assert from "node:assert/strict";
import { OptionError, parseOptions, usage } from "../../../src/tools/load_test/options.ts";

function faults(...args: string[]): string {
  try {
    parseOptions(args);
  } catch (error) {
    if (error instanceof OptionError) return error.faults.join("\n");
    throw error;
  }
  return "";
}

Deno.test("parseOptions() has defaults and reads what is given", () => {
  const byDefault = parseOptions([])!;
  assert.deepEqual([byDefault.fans, byDefault.capacity, byDefault.seats], [2_000, 100, 500]);
  const given = parseOptions(["--fans", "7", "--no-shows=12.5", "--base", "http://x:1/"])!;
  assert.deepEqual([given.fans, given.noShows, given.base], [7, 12.5, "http://x:1"]);
  assert.deepEqual([byDefault.lobbySeconds, byDefault.perMinute, byDefault.keep], [0, 0, false]);
  assert.equal(parseOptions(["--base", "http://x:1/", "--keep"])!.keep, true);
  assert.equal(parseOptions(["--help"]), null);
});

Deno.test("parseOptions() has no time limit unless one is given", () => {
  const maxSeconds = (...args: string[]) => parseOptions(args)!.maxSeconds;
  assert.equal(maxSeconds(), null);
  assert.equal(maxSeconds("--fans", "20000", "--max-seconds", "60"), 60);
  assert.match(
    faults("--max-seconds", "0"),
    /--max-seconds must be a whole number from 1 to 86400/,
  );
  assert.match(usage(), /--max-seconds N +.*\(by the settings of the room\)/);
});

Deno.test("parseOptions() names every fault", () => {
  const text = faults(
    "--fans",
    "0",
    "--no-shows",
    "101",
    "--seed",
    "1.5",
    "--base",
    "here",
    "--lobby",
    "1.5",
  );
  for (const name of ["--fans", "--no-shows", "--seed", "--base", "--lobby"]) {
    assert.ok(text.includes(name), text);
  }
  assert.match(faults("--seats", "many"), /--seats must be a whole number from 1 to 100000/);
  assert.match(faults("--think-seconds", "-1"), /--think-seconds/);
  assert.match(faults("--fanns", "3"), /--fanns/);
  assert.match(faults("--keep"), /--keep needs --base/);
  assert.match(faults("--json", ""), /--json must name a file/);
  assert.match(faults("stray"), /stray/);
  assert.match(faults("--base", "http://x", "--capacity", "5"), /--capacity .* QUEUE_CAPACITY/);
});
