import { deepEqual, equal, ok } from "node:assert/strict";
import type { FanId } from "../../../src/domain/ids.ts";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { openUpstash, type UpstashForTests } from "../../support/upstash.ts";
import { memory, type ProbedLine, probedLine, scriptDurationsMs } from "./script_probe.ts";

/** Fans of each kind that one act may move; silent fans go by whole blocks of 200. */
const BATCH = 256;
const BLOCK = 200;
const FANS_LAPSING = 100_000;
const FANS_REMEMBERED = 50_000;
const MOST_BYTES_A_FAN = 110;

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash();
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

const named = (name: string, count: number) => Array.from({ length: count }, (_, i) => name + i);

/** A line in which more fans than one act may move stand in every set, and all have lapsed. */
async function allLapsed(line: ProbedLine): Promise<void> {
  const { settings: { capacity }, clock, windowMs, queue } = line;
  const promoteAll = async () => {
    while ((await line.promote()).more);
  };
  const house = await line.arrive(...named("house", capacity));
  const absent = await line.arrive(...named("absent", 2 * capacity));
  await queue.endPlaces(house);
  await promoteAll();
  for (let turn = 0; turn < 2; turn++) {
    clock.advance(windowMs);
    await promoteAll();
  }
  await line.arrive(...named("holder", capacity));
  for (const place of absent.slice(0, capacity)) await queue.status(place);
  await line.crowd(FANS_LAPSING);
  clock.advance(line.settings.waitingTtlMs);
}

testOfRealRedis(
  "scripts: no act moves more than its share of any crowd that lapses at once",
  async () => {
    const capacity = BATCH + 20;
    const line = await probedLine(upstash!, { capacity });
    await allLapsed(line);
    const sizes = async () => ({
      admitted: await line.size("admitted"),
      parked: await line.size("parked"),
      returned: await line.size("returned"),
      silent: await line.size("silent"),
      waiting: await line.size("waiting"),
    });
    const crowded = { admitted: capacity, parked: capacity, returned: capacity, silent: capacity };
    deepEqual(await sizes(), { ...crowded, waiting: FANS_LAPSING });

    const { expired, admitted, more } = await line.promote();
    const rest = capacity - BATCH;
    let { waiting, ...others } = await sizes();
    // A share of heads, all silent, found free slots: what was left of the returned goes first.
    deepEqual(others, { admitted: rest, parked: rest, returned: 0, silent: 0 });
    const dropped = FANS_LAPSING - waiting;
    deepEqual({ admitted, more }, { admitted: 0, more: true });
    equal(expired, 2 * BATCH + capacity + dropped);
    const heads = BATCH - rest;
    ok(dropped > heads && dropped <= heads + BLOCK, `${dropped} of those who wait`);

    await line.redis.command("CONFIG", "SET", "slowlog-max-len", "1000");
    await line.redis.command("CONFIG", "SET", "slowlog-log-slower-than", "0");
    const [stranger] = await line.arrive("stranger");
    const acts = [
      line.promote,
      line.counts,
      () => line.queue.findPlace(MAIN_ROOM, "fan7" as FanId),
      () => line.queue.status(stranger!),
      () => line.queue.endPlaces([stranger!]),
      () => line.join("stranger"),
    ];
    const worst: number[] = [];
    waiting = await line.size("waiting");
    for (let act = 0; waiting > BATCH; act++) {
      if (act % 30 === 0) await line.redis.command("SLOWLOG", "RESET");
      await acts[act % acts.length]!();
      const now = await line.size("waiting");
      ok(waiting - now <= BLOCK + BATCH, `one act moved ${waiting - now} fans`);
      waiting = now;
      if (act % 30 === 29) worst.push((await scriptDurationsMs(line.redis))[0]!);
    }
    worst.sort((a, b) => a - b);
    const median = worst[Math.floor(worst.length / 2)]!;
    console.log(
      `${FANS_LAPSING} fans lapse at once: the longest script of 30 took ${median} ms (median of ` +
        `${worst.length} rounds, from ${worst[0]} to ${worst.at(-1)} ms)`,
    );
    await line.redis.command("CONFIG", "SET", "slowlog-log-slower-than", "10000");
    await line.close();
  },
);

testOfRealRedis("scripts: a waiting fan takes little memory", async () => {
  const line = await probedLine(upstash!, { capacity: 1 });
  const id = crypto.randomUUID();
  await line.arrive("house");
  const before = await memory(line.redis, await line.keys());
  await line.crowd(FANS_REMEMBERED, id);
  equal((await line.counts()).waiting, FANS_REMEMBERED);
  const { keyBytes, usedBytes } = await memory(line.redis, await line.keys());
  const aFan = (bytes: number) => Math.round(10 * bytes / FANS_REMEMBERED) / 10;
  console.log(
    `A waiting fan of ${FANS_REMEMBERED}, with an id of ${id.length} characters, takes ` +
      `${aFan(keyBytes - before.keyBytes)} bytes by MEMORY USAGE and ` +
      `${aFan(usedBytes - before.usedBytes)} of used_memory`,
  );
  ok(aFan(keyBytes) < MOST_BYTES_A_FAN, `${aFan(keyBytes)} bytes`);
  await line.close();
});
