import { deepEqual, equal, ok } from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import { ISSUED_LOG_SHARE, QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { openUpstash, type UpstashForTests } from "../../support/upstash.ts";
import { commandsOf, memory, type ProbedLine, probedLine } from "./script_probe.ts";

// How long the acts take: the section redisQueue of the benchmark.
const { promotionBatch, ageingBatch } = QUEUE_BOUNDS;
/** More fans with a turn, and admitted, than one act may end. */
const CROWD = promotionBatch + 20;
const FANS_WAITING = 20_000;
const FANS_REMEMBERED = 50_000;
const MOST_BYTES_A_FAN = 112;
/** The commands of one act, however many fans it moves. */
const MOST_COMMANDS = 40;

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash({ keepAlive: true });
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

const named = (name: string, count: number) => Array.from({ length: count }, (_, i) => name + i);

/**
 * More turns, admissions, records and waiting places than one act may move, and all are over.
 * Returns the place of the last in line.
 */
async function allLapsed(line: ProbedLine): Promise<PlaceRef> {
  const { clock, queue, settings: { waitingTtlMs } } = line;
  const promoteAll = async () => {
    while ((await line.promote()).more);
  };
  const house = await line.arrive(...named("house", 2 * CROWD));
  const next = await line.arrive(...named("next", 2 * CROWD));
  await line.crowd(FANS_WAITING);
  const [stranger] = await line.arrive("stranger");
  // The log of issued tickets, by which the age of places is found, covers all who wait.
  clock.advance(waitingTtlMs * ISSUED_LOG_SHARE);
  await promoteAll();
  for (const place of next) await queue.status(place);
  await queue.endPlaces(house, "PAID");
  await promoteAll();
  for (const place of next.slice(0, CROWD)) await queue.status(place);
  const sizes = { turns: await line.size("turns"), admitted: await line.size("admitted") };
  deepEqual(sizes, { turns: CROWD, admitted: CROWD });
  clock.advance(waitingTtlMs);
  return stranger!;
}

testOfRealRedis("scripts: no act moves more than its share of what lapses at once", async () => {
  const line = await probedLine(upstash!, { capacity: 2 * CROWD });
  const stranger = await allLapsed(line);
  const acts: (() => Promise<unknown>)[] = [
    line.promote,
    line.counts,
    () => line.queue.front(MAIN_ROOM),
    () => line.queue.findPlace(MAIN_ROOM, "house7" as FanId),
    () => line.queue.status(stranger),
    () => line.queue.endPlaces([stranger], "LEFT"),
    () => line.join("stranger"),
  ];
  const seen = { acts: 0, commands: 0, waiting: 0, turns: 0, admitted: 0, proofs: 0 };
  const sizes = async () => ({
    waiting: await line.size("waiting"),
    turns: await line.size("turns"),
    admitted: await line.size("admitted"),
    proofs: await line.size("proofs"),
  });
  let [before, stillFor] = [await sizes(), 0];
  for (let act = 0; stillFor < acts.length; act++) {
    const commands = await commandsOf(line, acts[act % acts.length]!);
    const after = await sizes();
    const moved = Object.entries(after).map(([name, size]) => {
      const by = Math.abs(size - before[name as keyof typeof before]);
      seen[name as keyof typeof before] = Math.max(seen[name as keyof typeof before], by);
      return by;
    });
    seen.acts++;
    seen.commands = Math.max(seen.commands, commands);
    stillFor = moved.every((by) => by <= 1) ? stillFor + 1 : 0;
    before = after;
  }
  console.log(`the most that one act moves: ${JSON.stringify(seen)}`);
  // An act looks at a batch of tickets, and at a batch of the places that were proven long ago.
  ok(seen.waiting <= promotionBatch + ageingBatch, `${seen.waiting} of those who wait`);
  ok(seen.turns <= 2 * promotionBatch, `${seen.turns} turns`);
  ok(seen.admitted <= promotionBatch, `${seen.admitted} admissions`);
  ok(seen.proofs <= 3 * promotionBatch + ageingBatch, `${seen.proofs} proofs`);
  ok(seen.commands <= MOST_COMMANDS, `${seen.commands} commands`);
  ok(seen.waiting > ageingBatch && seen.admitted > promotionBatch / 2, "no act was at its bounds");
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
  ok(aFan(keyBytes) <= MOST_BYTES_A_FAN, `${aFan(keyBytes)} bytes`);
  await line.close();
});
