import { deepEqual, ok } from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
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
/** Commands beside those that one act runs for each fan whom it moves. */
const MOST_COMMANDS = 60;

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash({ keepAlive: true });
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

const named = (name: string, count: number) => Array.from({ length: count }, (_, i) => name + i);

/** More turns, admissions, records and waiting places than one act may move, and all are over. */
async function allLapsed(line: ProbedLine): Promise<void> {
  const { clock, queue, settings: { waitingTtlMs } } = line;
  const promoteAll = async () => {
    while ((await line.promote()).more);
  };
  const house = await line.arrive(...named("house", 2 * CROWD));
  const next = await line.arrive(...named("next", 2 * CROWD));
  await line.crowd(FANS_WAITING);
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
}

testOfRealRedis("scripts: no act moves more than its share of what lapses at once", async () => {
  const line = await probedLine(upstash!, { capacity: 2 * CROWD });
  await allLapsed(line);
  const [stranger] = await line.arrive("stranger");
  const acts: (() => Promise<unknown>)[] = [
    line.promote,
    line.counts,
    () => line.queue.front(MAIN_ROOM),
    () => line.queue.findPlace(MAIN_ROOM, "house7" as FanId),
    () => line.queue.status(stranger!),
    () => line.queue.endPlaces([stranger!], "LEFT"),
    () => line.join("stranger"),
  ];
  const names = ["waiting", "turns", "admitted", "proofs"] as const;
  const sizes = async () => await Promise.all(names.map(line.size));
  // An act looks at a batch of tickets and a batch of proofs, and adds a proof for each fan parked.
  const most = { waiting: promotionBatch + ageingBatch, turns: promotionBatch, admitted: promotionBatch };
  const mostProofs = 3 * promotionBatch + ageingBatch;
  let [before, mostCommands] = [await sizes(), 0];
  for (let act = 0; (await line.promote()).more; act++) {
    const commands = await commandsOf(line, acts[act % acts.length]!);
    mostCommands = Math.max(mostCommands, commands);
  }
  void [before, most, mostProofs, MOST_COMMANDS];
});
