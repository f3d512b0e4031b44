import { deepEqual, equal, notDeepEqual, ok, rejects } from "node:assert/strict";
import { upstashCache } from "../../../src/adapters/upstash/cache.ts";
import type { ScriptCall } from "../../../src/adapters/upstash/client.ts";
import { redisTime } from "../../../src/adapters/upstash/redis_time.ts";
import { DependencyError } from "../../../src/domain/failures.ts";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { PlaceRef, QueueToken } from "../../../src/domain/queue.ts";
import {
  ended,
  TEST_DRAW,
  TEST_SETTINGS,
  type TestSettings,
} from "../../contract/queue_store/harness.ts";
import { testClock } from "../../support/test_clock.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { openUpstash, type UpstashForTests } from "../../support/upstash.ts";
import { type ProbedLine, probedLine } from "./script_probe.ts";

const SHORT_ADMISSION_MS = 40;
/** Far longer than the test on any machine. */
const LONG_MS = 600_000;
const IDLE_AFTER_MS = 300_000;
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

const token = (place: PlaceRef): QueueToken => ({
  ...place,
  madeAtMs: testClock()(),
  isNear: false,
  pseudonym: null,
  isDrawn: false,
});

/** Brings a line to a point, and gives the call that is then sent twice. */
type Prepare = (line: ProbedLine) => ScriptCall | Promise<ScriptCall>;

const REPEATED: [string, Prepare, Partial<TestSettings>?][] = [
  ["join of the first fan", ({ calls }) => calls.join(MAIN_ROOM, "a" as FanId, null)],
  ["join at the end of a queue", async ({ calls, arrive }) => {
    await arrive("house", "b", "c");
    return calls.join(MAIN_ROOM, "d" as FanId, null);
  }],
  ["join of a fan who waits", async ({ calls, arrive, clock }) => {
    await arrive("house", "b", "c");
    clock.advance(7_000);
    return calls.join(MAIN_ROOM, "b" as FanId, null);
  }],
  ["join with the token of an earlier epoch", async ({ calls, arrive, wipe, clock }) => {
    const [, earlier] = await arrive("house", "b");
    await wipe();
    clock.advance(60_000);
    await arrive("house", "c");
    return calls.join(MAIN_ROOM, "b" as FanId, token(earlier!));
  }],
  ["join of a parked fan", async (line) => {
    const [house] = await line.arrive("house", "absent", "holder");
    await line.missTurn(house!, []);
    return line.calls.join(MAIN_ROOM, "absent" as FanId, null);
  }],
  ["status of a fan who waits", async ({ calls, arrive, clock }) => {
    const [, waiting] = await arrive("house", "b");
    clock.advance(1_000);
    return calls.status(waiting!);
  }],
  ["status of a fan who shows up", async ({ calls, arrive, queue, clock }) => {
    const [house, next] = await arrive("house", "b", "c");
    await queue.endPlaces([house!], "PAID");
    clock.advance(1_000);
    return calls.status(next!);
  }],
  ["status of a parked fan", async (line) => {
    const [house, absent] = await line.arrive("house", "absent", "holder");
    await line.missTurn(house!, []);
    return line.calls.status(absent!);
  }],
  ["status when the slot before it lapses", async ({ calls, arrive, clock, settings }) => {
    const [, waiting] = await arrive("house", "b", "c");
    clock.advance(settings.admissionTtlMs);
    return calls.status(waiting!);
  }],
  ["end of an admission, with others behind it", async ({ calls, arrive }) => {
    const [house] = await arrive("house", "b", "c");
    return calls.endPlaces(MAIN_ROOM, [house!], "PAID");
  }],
  ["end of several places", async ({ calls, arrive }) => {
    const places = await arrive("house", "b", "c", "d");
    return calls.endPlaces(MAIN_ROOM, places.slice(0, 3), "REMOVED");
  }],
  ["promote of an empty room", ({ calls }) => calls.promote(MAIN_ROOM, 0, IDLE_AFTER_MS)],
  ["promote when everything lapses", async ({ calls, arrive, clock, settings }) => {
    await arrive("house", "b", "c");
    clock.advance(settings.waitingTtlMs);
    return calls.promote(MAIN_ROOM, 0, IDLE_AFTER_MS);
  }, { capacity: 2 }],
  ["counts when an admission lapses", async ({ calls, arrive, clock, settings }) => {
    await arrive("house", "b", "c");
    clock.advance(settings.admissionTtlMs);
    return calls.counts(MAIN_ROOM);
  }],
  ["join of a fan who gathers", async ({ calls, arrive }) => {
    await arrive("a");
    return calls.join(MAIN_ROOM, "b" as FanId, null);
  }, LOBBY],
  ["end of what was gathered", async ({ calls, arrive }) => {
    const places = await arrive("a", "b");
    return calls.endPlaces(MAIN_ROOM, places, "LEFT");
  }, LOBBY],
  ["the opening", async ({ calls, arrive, clock }) => {
    const [a] = await arrive("a", "b", "c");
    clock.advance(LOBBY.opensAtMs! - clock());
    return calls.status(a!);
  }, LOBBY],
  ["join with a token of an earlier lobby", async ({ calls, arrive, wipe, changeRules }) => {
    const [a] = await arrive("a");
    await wipe();
    await changeRules({ state: "HELD" });
    await arrive("c");
    return calls.join(MAIN_ROOM, "a" as FanId, token(a!));
  }, LOBBY],
  ["release into a held room", async ({ calls, arrive }) => {
    await arrive("a", "b", "c");
    return calls.promote(MAIN_ROOM, 1, IDLE_AFTER_MS);
  }, { state: "HELD" }],
  ["change of the rules", async ({ calls, arrive, rules }) => {
    await arrive("a", "b");
    const changed = { ...rules, version: rules.version + 1, capacity: 7 };
    return calls.applyRules(MAIN_ROOM, "other", changed, null);
  }],
  ["stock", async ({ calls, arrive, clock }) => {
    await arrive("a", "b");
    const asOfMs = clock();
    return calls.updateStock(MAIN_ROOM, { available: 0, returnsAtMs: null, asOfMs });
  }],
  ["front when an admission lapses", async ({ calls, arrive, clock, settings }) => {
    await arrive("house", "b", "c");
    clock.advance(settings.admissionTtlMs);
    return calls.front(MAIN_ROOM);
  }],
  ["list when the room opens", async ({ calls, arrive, clock }) => {
    await arrive("a", "b", "c");
    clock.advance(LOBBY.opensAtMs! - clock());
    return calls.listDraw(MAIN_ROOM, 0, 10);
  }, LOBBY],
  ["look when an admission lapses", async ({ calls, arrive, clock, settings }) => {
    await arrive("house", "b", "c");
    clock.advance(settings.admissionTtlMs);
    return calls.findPlace(MAIN_ROOM, "b" as FanId);
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

testOfRealRedis("scripts: without a time of their own Redis's clock decides", async () => {
  const admission = { capacity: 1, admissionTtlMs: SHORT_ADMISSION_MS };
  const line = await probedLine(upstash!, { ...TEST_SETTINGS, ...admission }, redisTime);
  const redisNowMs = async () => {
    const [seconds, micros] = (await line.redis.command("TIME") as string[]).map(Number);
    return seconds! * 1000 + Math.floor(micros! / 1000);
  };
  const cache = upstashCache({ ...line, time: redisTime });
  const ownNow = Date.now;
  // The clock of this process is wrong by decades.
  Date.now = () => Date.UTC(1990, 0, 1);
  line.clock.advance(1e12);
  try {
    const beforeMs = await redisNowMs();
    const { place, standing } = await line.join("a");
    const afterMs = await redisNowMs();
    ok(standing.state === "ADMITTED");
    ok(standing.expiresAtMs >= beforeMs + SHORT_ADMISSION_MS);
    ok(standing.expiresAtMs <= afterMs + SHORT_ADMISSION_MS);
    await cache.lease("k", "mine", LONG_MS);

    while (await redisNowMs() < standing.expiresAtMs);
    deepEqual(await line.queue.status(place), ended("ADMISSION_LAPSED"));
    // The value's time went on from the taking of its lease, also by Redis's clock.
    equal(await cache.fill("k", "mine", "[1]", SHORT_ADMISSION_MS / 2), false);
    await cache.lease("k", "mine", LONG_MS);
    equal(await cache.fill("k", "mine", "[1]", LONG_MS), true);
    ok(Number(await line.redis.command("PTTL", `${line.prefix}:cache:k`)) > LONG_MS / 2);
  } finally {
    Date.now = ownNow;
  }
  await line.close();
});
