import { deepEqual, ok } from "node:assert/strict";
import { createHash } from "node:crypto";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import { LIVES } from "../../contract/queue_store/forgetting.ts";
import { openUpstash, type UpstashForTests } from "../../support/upstash.ts";
import { drawAll, gather } from "../../contract/queue_store/drawing.ts";
import { TEST_DRAW } from "../../contract/queue_store/harness.ts";
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
  for (const [life, { settings, live, isOfEarlierEpoch }] of Object.entries(LIVES)) {
    const line = await probedLine(upstash!, settings);
    try {
      await live(line);
      const before = await keysWith(line, ANN);
      // Who left what she had rejoined has left no more than the pseudonym of the test below.
      ok(before.length > 0 || isOfEarlierEpoch, `nothing is known of a fan who ${life}`);
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
    ":turns",
    ":waiting",
  ]);
});

Deno.test("a pseudonym by the epoch says that a fan's earlier tokens count no more, while any counts", async () => {
  const waitingTtlMs = 600_000;
  const line = await probedLine(upstash!, { waitingTtlMs });
  const rejoined = line.keyOf("rejoined");
  try {
    line.clock.advance(60_000);
    await line.queue.forgetFan(MAIN_ROOM, ANN);
    const { epoch } = await line.counts();
    const name = createHash("sha1").update(epoch + digestOf(ANN)).digest("hex").slice(0, 16);
    deepEqual(await line.redis.command("SMEMBERS", rejoined), [name]);
    const leftMs = Number(await line.redis.command("PTTL", rejoined));
    ok(leftMs > waitingTtlMs - 90_000 && leftMs <= waitingTtlMs - 60_000, `${leftMs} ms`);
    await line.redis.command("DEL", rejoined);
    line.clock.advance(waitingTtlMs - 60_000);
    await line.queue.forgetFan(MAIN_ROOM, ANN);
    deepEqual(await line.redis.command("SMEMBERS", rejoined), []);
  } finally {
    await line.close();
  }
});

Deno.test("an idle room keeps nothing of fans who gathered anew, and an erasure nothing of those who gather later", async () => {
  const line = await probedLine(upstash!, { state: "LOBBY", draw: TEST_DRAW });
  const again = async () => Number(await line.redis.command("HLEN", line.keyOf("again")));
  try {
    for (const { place } of await gather(line, "ann", "bob")) await line.queue.leave(place);
    await line.queue.forgetFan(MAIN_ROOM, ANN);
    await gather(line, "cat");
    deepEqual(await again(), 0);
    const anew = await gather(line, "ann", "bob");
    deepEqual(await again(), 2);
    await line.changeRules({ state: "OPEN", capacity: 10 });
    await drawAll(line);
    await line.queue.endPlaces(anew.map(({ place }) => place), "PAID");
    deepEqual(await again(), 2, "why they ended is still known");
    const cat = (await line.join("cat")).place;
    await line.queue.endPlaces([cat], "PAID");
    await line.queue.promote(MAIN_ROOM, { idleAfterMs: 0 });
    deepEqual(await again(), 0);
  } finally {
    await line.close();
  }
});
