import { deepEqual, ok } from "node:assert/strict";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import { HISTORY_STEP_MS } from "../../../src/domain/queue_bounds.ts";
import { openUpstash, type UpstashForTests } from "../../support/upstash.ts";
import { type ProbedLine, probedLine } from "./script_probe.ts";

const MAX_BYTES_OF_A_ROOM = 4_096;

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash();
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

/** A line that moves by a fan a minute, and is sampled as often. */
async function play(line: ProbedLine, places: PlaceRef[], minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    line.clock.advance(HISTORY_STEP_MS);
    await line.checkRules();
    await line.queue.leave(places.shift()!);
    for (const place of places.slice(0, 9)) await line.state(place);
    await line.promote();
  }
}

Deno.test("`overview()` gets as many bytes of a room after an hour as after a quarter of it", async () => {
  const line = await probedLine(upstash!, { capacity: 5 });
  try {
    const places = await line.arrive(...Array.from({ length: 100 }, (_, i) => `fan-${i}`));
    const bytes = async () => JSON.stringify(await line.redis.run(line.calls.overview(20))).length;
    await play(line, places, 16);
    const young = await bytes();
    await play(line, places, 45);
    const old = await bytes();
    ok((await line.queue.overview(20)).rooms[0]?.recentlyCalled, "it is told how long fans waited");
    deepEqual([young, old].filter((count) => count > MAX_BYTES_OF_A_ROOM), [], `${young}, ${old}`);
    ok(Math.abs(old - young) < 100, `${young} and ${old} bytes`);
  } finally {
    await line.close();
  }
});
