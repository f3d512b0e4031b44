import { deepEqual, equal, ok, rejects } from "node:assert/strict";
import { drawValue } from "../../../src/adapters/node_crypto/draw_value.ts";
import { LAYOUT, LineLayoutError } from "../../../src/adapters/upstash/layout.ts";
import { createQueueScripts } from "../../../src/adapters/upstash/queue_scripts.ts";
import { upstashQueueStore } from "../../../src/adapters/upstash/queue_store.ts";
import { DependencyError } from "../../../src/domain/failures.ts";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import { OLD_TTL_KEPT_MS, TTL_NOTED_MS } from "../../../src/domain/queue_bounds.ts";
import { firstRules, MINUTE_MS, TEST_SETTINGS } from "../../contract/queue_store/harness.ts";
import { testClock } from "../../support/test_clock.ts";
import { openUpstash, type UpstashForTests, upstashParts } from "../../support/upstash.ts";

const HOUR_MS = 60 * MINUTE_MS;
const LONG_MS = 6 * HOUR_MS;
const SHORT_MS = 30 * MINUTE_MS;

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash();
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

let lines = 0;

/** Programs with waiting TTLs of their own over one line in which nobody is admitted. */
async function programsOverOneLine(...waitingTtls: readonly number[]) {
  const clock = testClock();
  const prefix = `beside-${++lines}`;
  const parts = upstashParts(upstash!.endpoint, clock);
  const random = () => 0.5;
  const programs = waitingTtls.map((waitingTtlMs) => {
    const settings = { ...TEST_SETTINGS, waitingTtlMs };
    // Few are near, so that the places of the others are far ones.
    const bounds = { ...TEST_SETTINGS.bounds, leastNear: 2 };
    const calls = createQueueScripts({ ...parts, settings, bounds, prefix, random, time: clock });
    const reader = { waitingTtlMs, random, drawValue, onFront() {} };
    return upstashQueueStore({ ...parts, calls, newId: () => "epoch", reader });
  });
  const key = `${prefix}:line:{${MAIN_ROOM}}`;
  await programs[0]!.applyRules(MAIN_ROOM, firstRules({ ...TEST_SETTINGS, state: "HELD" }));
  return { programs, clock, redis: parts.redis, key };
}

type Program = Awaited<ReturnType<typeof programsOverOneLine>>["programs"][number];

async function joins(program: Program, ...fans: string[]): Promise<PlaceRef[]> {
  const places = [];
  for (const fan of fans) {
    const joined = await program.join(MAIN_ROOM, fan as FanId, null);
    if (joined.refused !== undefined) throw new Error(joined.refused);
    places.push(joined.place);
  }
  return places;
}

const waiting = async (program: Program) => (await program.counts(MAIN_ROOM))!.waiting;

/** The cron of this program runs for so long, and nobody calls. */
async function crons(program: Program, clock: ReturnType<typeof testClock>, ms: number) {
  for (let leftMs = ms; leftMs > 0; leftMs -= 10 * MINUTE_MS) {
    clock.advance(Math.min(leftMs, 10 * MINUTE_MS));
    await program.promote(MAIN_ROOM);
  }
}

Deno.test("a place lives until the end that it was told under a longer waiting TTL", async () => {
  const { programs: [old, next], clock } = await programsOverOneLine(LONG_MS, SHORT_MS);
  const places = await joins(old!, "ann", "bob", "cat", "dan");
  for (const place of places) await old!.status(place);
  await crons(next!, clock, LONG_MS - 1);
  equal(await waiting(next!), places.length);
  deepEqual((await next!.status(places[0]!)).state, "WAITING");
  // It has run out for all, and then a silence of the shorter TTL ends a place.
  await crons(next!, clock, OLD_TTL_KEPT_MS + TTL_NOTED_MS + HOUR_MS);
  equal(await waiting(next!), 0);
});

Deno.test("answers of an old program that goes on for a while count, by whatever path they came", async () => {
  const { programs: [old, next], clock } = await programsOverOneLine(LONG_MS, SHORT_MS);
  const [near, , , far] = await joins(old!, "ann", "bob", "cat", "dan");
  // The new program does the upkeep, so that the old one needs only its most frequent answers.
  let toldMs = Infinity;
  for (let minute = 0; minute < 3 * 60; minute++) {
    clock.advance(MINUTE_MS);
    await next!.promote(MAIN_ROOM);
    for (const place of [near!, far!]) {
      const standing = await old!.status(place);
      ok(standing.state === "WAITING");
      toldMs = standing.expiresAtMs;
    }
  }
  equal(toldMs, clock() + LONG_MS);
  await crons(next!, clock, toldMs - 1 - clock());
  for (const place of [near!, far!]) equal((await next!.status(place)).state, "WAITING");
});

Deno.test("a program with a shorter TTL tells polls that suit its own", async () => {
  const { programs: [old, next], clock } = await programsOverOneLine(LONG_MS, 20_000);
  const [, ann] = await joins(old!, "house", "ann");
  const asked = [await old!.status(ann!), await next!.status(ann!)];
  clock.advance(6_000); // Upkeep is due.
  asked.push(await next!.status(ann!));
  const told = asked.map((standing) => "pollAfterSeconds" in standing && standing.pollAfterSeconds);
  equal(told[0], 55);
  for (const seconds of told.slice(1)) ok(Number(seconds) <= 10);
});

Deno.test("a line of another layout is refused by every call, which says why, and keeps its keys", async () => {
  const { programs: [program], redis, key } = await programsOverOneLine(LONG_MS);
  const [ann] = await joins(program!, "ann");
  await redis.command("HSET", key, "layout", String(LAYOUT - 1));
  const before = await redis.command("HGETALL", key);
  const calls: Record<string, () => Promise<unknown>> = {
    join: () => program!.join(MAIN_ROOM, "bob" as FanId, null),
    status: () => program!.status(ann!),
    leave: () => program!.leave(ann!),
    front: () => program!.front(MAIN_ROOM),
    promote: () => program!.promote(MAIN_ROOM),
    counts: () => program!.counts(MAIN_ROOM),
    rules: () => program!.applyRules(MAIN_ROOM, { ...firstRules(TEST_SETTINGS), version: 2 }),
    remove: () => program!.removeRoom(MAIN_ROOM, 9),
    ping: () => program!.ping(),
  };
  for (const [name, call] of Object.entries(calls)) {
    await rejects(call, (error) => {
      ok(error instanceof DependencyError && error.cause instanceof LineLayoutError, name);
      return /layout 3, and this version keeps layout 4/.test(error.cause.message);
    });
  }
  deepEqual(await redis.command("HGETALL", key), before);
  await redis.command("HSET", key, "layout", String(LAYOUT));
  equal((await program!.status(ann!)).state, "WAITING");
});
