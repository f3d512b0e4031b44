import { deepEqual, ok } from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import { LIVES } from "../../contract/queue_store/forgetting.ts";
import { openUpstash, type UpstashForTests } from "../../support/upstash.ts";
import { digestOf } from "./published_list.ts";
import { type ProbedLine, probedLine } from "./script_probe.ts";

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash();
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

const ANN = "ann" as FanId;

/** The keys that have the fan in their name or their value. */
async function keysWith(line: ProbedLine, fan: string): Promise<string[]> {
  const marks = [digestOf(fan), fan];
  const dumped = Object.entries(await line.dump());
  return dumped.filter(([key, values]) =>
    marks.some((mark) => key.includes(mark) || values.some((value) => value.includes(mark)))
  ).map(([key]) => key.slice(key.lastIndexOf("}") + 1));
}

Deno.test("a forgotten fan is in no key of Redis, whatever the place was", async () => {
  const seen = new Set<string>();
  for (const [life, { settings, live }] of Object.entries(LIVES)) {
    const line = await probedLine(upstash!, settings);
    try {
      await live(line);
      const before = await keysWith(line, ANN);
      ok(before.length > 0, `nothing is known of a fan who ${life}`);
      for (const key of before) seen.add(key);
      await line.queue.forgetFan(MAIN_ROOM, ANN);
      deepEqual(await keysWith(line, ANN), [], life);
    } finally {
      await line.close();
    }
  }
  // The lives reach each key that has an entry a fan. The list of a draw has pseudonyms.
  deepEqual([...seen].sort(), [
    ":admitted",
    ":again",
    ":called",
    ":calls",
    ":gathered",
    ":left",
    ":proofs",
    ":rejoined",
    ":turns",
    ":waiting",
  ]);
});
