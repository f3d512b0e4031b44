import { deepEqual, equal, notDeepEqual, ok, rejects } from "node:assert/strict";
import { upstashCache } from "../../../src/adapters/upstash/cache.ts";
import type { ScriptCall } from "../../../src/adapters/upstash/client.ts";
import { redisTime } from "../../../src/adapters/upstash/redis_time.ts";
import { DependencyError } from "../../../src/domain/failures.ts";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import { TEST_DRAW, TEST_SETTINGS, type TestSettings } from "../../contract/queue_store/harness.ts";
import { testClock } from "../../support/test_clock.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { openUpstash, type UpstashForTests } from "../../support/upstash.ts";
import { memory, type ProbedLine, probedLine, scriptDurationsMs } from "./script_probe.ts";

/** Fans of each kind that one act may move; silent fans go by whole blocks of 200. */
const BATCH = 256;
const BLOCK = 200;
const FANS_LAPSING = 100_000;
const FANS_REMEMBERED = 50_000;
const MOST_BYTES_A_FAN = 110;
const SHORT_ADMISSION_MS = 40;
const LOBBY: Partial<TestSettings> = {
  state: "LOBBY",
  opensAtMs: testClock()() + 60_000,
  draw: TEST_DRAW,
};

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash();
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

const named = (name: string, count: number) => Array.from({ length: count }, (_, i) => name + i);

/** Each brings a line to a point, and gives the call that is then sent twice. */
const REPEATED: [string, (line: ProbedLine) => Promise<ScriptCall>, Partial<TestSettings>?][] = [
  ["join of the first fan", ({ calls }) => calls.join(MAIN_ROOM, "a" as FanId, "epoch", null)],
  ["join at the end of a line that stands", async ({ calls, arrive }) => {
    await arrive("house", "b", "c");
    return await calls.join(MAIN_ROOM, "d" as FanId, "other", null);
  }],
  ["join of a fan who waits", async ({ calls, arrive, clock }) => {
    await arrive("house", "b", "c");
    clock.advance(7_000);
    return await calls.join(MAIN_ROOM, "b" as FanId, "other", null);
  }],
  ["join with the token of an earlier epoch", async ({ calls, arrive, wipe, clock }) => {
    const [, earlier] = await arrive("house", "b");
    await wipe();
    clock.advance(60_000);
    await arrive("house", "c");
    return await calls.join(MAIN_ROOM, "b" as FanId, "other", earlier!);
  }],
  ["join of a parked fan", async (line) => {
    const [house] = await line.arrive("house", "absent", "holder");
    await line.missTurn(house!, []);
    return await line.calls.join(MAIN_ROOM, "absent" as FanId, "other", null);
  }],
  ["status of a fan who waits", async ({ calls, arrive, clock }) => {
    const [, waiting] = await arrive("house", "b");
    clock.advance(1_000);
    return await calls.status(waiting!);
  }],
  ["status of a fan who shows up", async ({ calls, arrive, queue, clock }) => {
    const [house, next] = await arrive("house", "b", "c");
    await queue.endPlaces([house!]);
    clock.advance(1_000);
    return await calls.status(next!);
  }],
  ["status of a parked fan", async (line) => {
    const [house, absent] = await line.arrive("house", "absent", "holder");
    await line.missTurn(house!, []);
    return await line.calls.status(absent!);
  }],
  ["status when the slot before it lapses", async ({ calls, arrive, clock, settings }) => {
    const [, waiting] = await arrive("house", "b", "c");
    clock.advance(settings.admissionTtlMs);
    return await calls.status(waiting!);
  }],
  ["end of an admission, with others behind it", async ({ calls, arrive }) => {
    const [house] = await arrive("house", "b", "c");
    return await calls.endPlaces(MAIN_ROOM, [house!]);
  }],
  ["end of several places", async ({ calls, arrive }) => {
    const places = await arrive("house", "b", "c", "d");
    return await calls.endPlaces(MAIN_ROOM, places.slice(0, 3));
  }],
  ["promote of an empty room", ({ calls }) => Promise.resolve(calls.promote(MAIN_ROOM, 0))],
  ["promote when everything lapses", async ({ calls, arrive, clock, settings }) => {
    await arrive("house", "b", "c");
    clock.advance(settings.waitingTtlMs);
    return calls.promote(MAIN_ROOM, 0);
  }, { capacity: 2 }],
  ["counts when an admission lapses", async ({ calls, arrive, clock, settings }) => {
    await arrive("house", "b", "c");
    clock.advance(settings.admissionTtlMs);
    return calls.counts(MAIN_ROOM);
  }],
  ["join of a fan who gathers", async ({ calls, arrive }) => {
    await arrive("a");
    return await calls.join(MAIN_ROOM, "b" as FanId, "other", null);
  }, LOBBY],
  ["end of what was gathered", async ({ calls, arrive }) => {
    const places = await arrive("a", "b");
    return await calls.endPlaces(MAIN_ROOM, places);
  }, LOBBY],
  ["the opening", async ({ calls, arrive, clock }) => {
    const [a] = await arrive("a", "b", "c");
    clock.advance(LOBBY.opensAtMs! - clock());
    return await calls.status(a!);
  }, LOBBY],
  ["join with a token of an earlier lobby", async ({ calls, arrive, wipe, govern }) => {
    const [a] = await arrive("a");
    await wipe();
    await govern({ state: "HELD" });
    await arrive("c");
    return await calls.join(MAIN_ROOM, "a" as FanId, "other", a!);
  }, LOBBY],
  ["release into a held room", async ({ calls, arrive }) => {
    await arrive("a", "b", "c");
    return calls.promote(MAIN_ROOM, 1);
  }, { state: "HELD" }],
  ["change of the rules", async ({ calls, arrive, rules }) => {
    await arrive("a", "b");
    return calls.applyRules(MAIN_ROOM, { ...rules, version: rules.version + 1, capacity: 7 });
  }],
  ["stock", async ({ calls, arrive, clock }) => {
    await arrive("a", "b");
    const asOfMs = clock();
    return calls.updateStock(MAIN_ROOM, { available: 0, returnsAtMs: null, asOfMs });
  }],
  ["look when an admission lapses", async ({ calls, arrive, clock, settings }) => {
    await arrive("house", "b", "c");
    clock.advance(settings.admissionTtlMs);
    return await calls.findPlace(MAIN_ROOM, "b" as FanId);
  }],
];

for (const [name, prepare, settings] of REPEATED) {
  Deno.test(`scripts: ${name}: its answer is lost, and the repeat leaves no trace`, async () => {
    const line = await probedLine(upstash!, settings);
    const { faults } = upstash!.endpoint;
    const call = await prepare(line);
    const before = await line.dump();
    // Taught beforehand: what is lost below is the answer of the act itself.
    await line.redis.command("SCRIPT", "LOAD", call.script.text);
    faults.inject({ kind: "lose", times: 1 });
    await rejects(line.redis.run(call), DependencyError);
    const once = await line.dump();
    notDeepEqual(once, before, "it did nothing that could be done twice");
    const answer = await line.redis.run(call);
    deepEqual(await line.dump(), once);
    deepEqual(await line.redis.run(call), answer, "the answer stays the same");
    await line.close();
  });
}

Deno.test("scripts: those of the cache are repeated without a trace", async () => {
  const line = await probedLine(upstash!);
  const cache = upstashCache({ ...line, time: line.clock });
  await line.forget();
  const { faults } = upstash!.endpoint;
  const acts: [string, () => Promise<unknown>][] = [
    ["lease", () => cache.lease("kept", "mine", 3_000)],
    ["fill", () => cache.fill("kept", "mine", "[1]", 60_000)],
    ["lease", () => cache.lease("given up", "mine", 3_000)],
    ["release", () => cache.release("given up", "mine")],
    ["evict", () => cache.evict(["kept"])],
  ];
  await cache.release("taught", "release");
  await cache.lease("taught", "lease", 3_000);
  await cache.fill("taught", "lease", "[]", 60_000);
  for (const [name, act] of acts) {
    faults.inject({ kind: "lose", times: 1 });
    await rejects(act, DependencyError);
    const once = await line.dump();
    await act();
    deepEqual(await line.dump(), once, name);
  }
  deepEqual(Object.values(await line.dump()), [["V[]"]]);
  await line.close();
});

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

testOfRealRedis("scripts: no act moves more than its share, whatever lapses at once", async () => {
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
});

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

testOfRealRedis("scripts: without a time of their own Redis's clock decides", async () => {
  const admission = { capacity: 1, admissionTtlMs: SHORT_ADMISSION_MS };
  const line = await probedLine(upstash!, { ...TEST_SETTINGS, ...admission }, redisTime);
  const redisNowMs = async () => {
    const [seconds, micros] = (await line.redis.command("TIME") as string[]).map(Number);
    return seconds! * 1000 + Math.floor(micros! / 1000);
  };
  const cache = upstashCache({ ...line, time: redisTime });
  const ownNow = Date.now;
  // Whatever the clocks of this process say is wrong by decades.
  Date.now = () => Date.UTC(1990, 0, 1);
  line.clock.advance(1e12);
  try {
    const beforeMs = await redisNowMs();
    const { place, standing } = await line.join("a");
    const afterMs = await redisNowMs();
    ok(standing.state === "ADMITTED");
    ok(standing.expiresAtMs >= beforeMs + SHORT_ADMISSION_MS);
    ok(standing.expiresAtMs <= afterMs + SHORT_ADMISSION_MS);
    await cache.lease("k", "mine", 3_000);

    while (await redisNowMs() < standing.expiresAtMs);
    deepEqual(await line.queue.status(place), { state: "GONE", reason: "ENDED" });
    // The value's time went on from the taking of its lease, also by Redis's clock.
    equal(await cache.fill("k", "mine", "[1]", SHORT_ADMISSION_MS / 2), false);
    await cache.lease("k", "mine", 3_000);
    equal(await cache.fill("k", "mine", "[1]", 60_000), true);
    ok(Number(await line.redis.command("PTTL", `${line.prefix}:cache:k`)) > 50_000);
  } finally {
    Date.now = ownNow;
  }
  await line.close();
});
