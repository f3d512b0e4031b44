import { deepEqual, ok } from "node:assert/strict";
import { upstashAdmissionCheck } from "../../../src/adapters/upstash/admission_check.ts";
import { redisTime } from "../../../src/adapters/upstash/redis_time.ts";
import { MAIN_ROOM } from "../../../src/domain/ids.ts";
import { TEST_DRAW } from "../../contract/queue_store/harness.ts";
import { HISTORY_EARLY_MS, HISTORY_STEP_MS } from "../../../src/domain/queue_bounds.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { openUpstash, type UpstashForTests } from "../../support/upstash.ts";
import { commandsOf, type ProbedLine, probedLine } from "./script_probe.ts";

const LOBBY = { state: "LOBBY", draw: TEST_DRAW, capacity: 1 } as const;
/** Calls of each act. The least counts, because one in five seconds does upkeep for all others. */
const RUNS = 4;

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash({ keepAlive: true });
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

/** A call, and the most commands that Upstash may bill for it. */
type Act = readonly [name: string, most: number, act: (run: number) => Promise<unknown>];

/** Each line is of Redis's own clock, as in production. */
function commandsTest(name: string, prepare: () => Promise<[ProbedLine, Act[]]>): void {
  testOfRealRedis(`commands: ${name}`, async () => {
    const [line, acts] = await prepare();
    const table: Record<string, { commands: number; most: number }> = {};
    for (const [call, most, act] of acts) {
      const runs: number[] = [];
      for (let run = 0; run < RUNS; run++) runs.push(await commandsOf(line, () => act(run)));
      table[call] = { commands: Math.min(...runs), most };
    }
    console.table(table);
    const over = Object.entries(table).filter(([, { commands, most }]) => commands > most);
    deepEqual(Object.fromEntries(over), {});
    await line.close();
  });
}

const named = (name: string, count: number) => Array.from({ length: count }, (_, i) => name + i);

commandsTest("calls of an open line", async () => {
  const line = await probedLine(upstash!, { capacity: 20 }, redisTime);
  const { queue, settings: { bounds } } = line;
  const inside = await line.arrive(...named("inside", 20));
  const [first] = await line.arrive("first");
  await line.crowd(bounds.exactAhead + 20);
  const [near] = await line.arrive("near");
  await line.crowd(bounds.leastNear, "a longer name");
  const far = await line.arrive(...named("far", RUNS + 1));
  const ahead = await line.ahead(near!);
  ok(ahead > bounds.exactAhead && ahead < bounds.leastNear, `${ahead} are ahead`);
  const check = upstashAdmissionCheck({ ...line, report() {} });
  let fans = 0;
  return [line, [
    ["near poll", 4, () => queue.status(near!)],
    ["near poll of the first hundred", 5, () => queue.status(first!)],
    ["join", 6, () => line.join(`fan-${fans++}`)],
    ["admission check with a cached read", 5, () => check.check(inside[0]!, "concerts")],
    ["hold", 5, () => queue.status(inside[0]!)],
    ["far poll without a document", 5, () => queue.status(far[0]!)],
    ["front document", 3, () => queue.front(MAIN_ROOM)],
    ["leave the line", 9, (run) => queue.leave(far[run + 1]!)],
    ["pay's follow-up, one is promoted", 12, (run) => queue.endPlaces([inside[run + 1]!], "PAID")],
    ["cron, nothing is due", 4, () => line.promote()],
    ["history", 4, () => queue.history(MAIN_ROOM)],
    ["overview of one room", 8, () => queue.overview(20)],
  ]];
});

commandsTest("calls of a lobby", async () => {
  const line = await probedLine(upstash!, LOBBY, redisTime);
  const [gathered] = await line.arrive("a", "b", "c");
  let fans = 0;
  return [line, [
    ["join", 6, () => line.join(`fan-${fans++}`)],
    ["poll without a document", 9, () => line.queue.status(gathered!)],
    ["front document", 3, () => line.queue.front(MAIN_ROOM)],
    ["cron, nothing is due", 5, () => line.promote()],
  ]];
});

commandsTest("calls with the tokens of a lobby, after the draw", async () => {
  const line = await probedLine(upstash!, LOBBY, redisTime);
  const places = await line.arrive("a", "b", "c");
  await line.changeRules({ state: "OPEN" });
  const states = await Promise.all(places.map(line.state));
  const inside = places[states.indexOf("ADMITTED")]!;
  const waiting = places[states.indexOf("WAITING")]!;
  return [line, [
    ["poll of a fan who waits", 12, () => line.queue.status(waiting)],
    ["admission check without the cached read", 8, () => line.queue.status(inside)],
  ]];
});

commandsTest("rooms in which nobody is", async () => {
  const line = await probedLine(upstash!, {}, redisTime);
  await line.queue.leave((await line.arrive("a"))[0]!);
  const idle = await probedLine(upstash!, {}, redisTime);
  await idle.queue.leave((await idle.arrive("a"))[0]!);
  await idle.queue.promote(MAIN_ROOM, { idleAfterMs: 0 });
  // The cron asks for the active rooms once, and goes through these alone.
  deepEqual(await idle.queue.activeRooms(), []);
  return [line, [["cron in an empty room", 4, () => line.promote()]]];
});

/** A sample of the line costs one more command; `history` of the contract counts the samples. */
testOfRealRedis("commands: a sample of the line", async () => {
  for (const settings of [{ capacity: 2 }, LOBBY]) {
    const line = await probedLine(upstash!, settings);
    for (const place of await line.arrive("a", "b")) await line.state(place);
    const cron = async () => {
      line.clock.advance(HISTORY_STEP_MS - HISTORY_EARLY_MS - 1);
      const without = await commandsOf(line, () => line.promote());
      line.clock.advance(HISTORY_STEP_MS);
      return await commandsOf(line, () => line.promote()) - without;
    };
    await line.promote();
    await cron();
    deepEqual([await cron(), await cron()], [1, 1]);
    await line.close();
  }
});
