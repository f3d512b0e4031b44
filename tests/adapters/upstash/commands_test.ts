import { deepEqual } from "node:assert/strict";
import { redisTime } from "../../../src/adapters/upstash/redis_time.ts";
import { TEST_DRAW } from "../../contract/queue_store/harness.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { openUpstash } from "../../support/upstash.ts";
import { type ProbedLine, probedLine } from "./script_probe.ts";

const LOBBY = { state: "LOBBY", draw: TEST_DRAW } as const;

/** Commands that Redis ran for an act, those inside its script included: what Upstash bills. */
async function commandsOf({ redis }: ProbedLine, act: () => Promise<unknown>): Promise<number> {
  await redis.command("CONFIG", "RESETSTAT");
  await act();
  const stats = String(await redis.command("INFO", "commandstats"));
  return [...stats.matchAll(/^cmdstat_(\S+):calls=(\d+)/gm)]
    .filter(([, name]) => !/^(config|info)/.test(name!))
    .reduce((sum, [, , calls]) => sum + Number(calls), 0);
}

testOfRealRedis("scripts: each act runs a bounded number of commands", async () => {
  const upstash = await openUpstash({ keepAlive: true });
  try {
    const open = await probedLine(upstash, { capacity: 2 }, redisTime);
    const [inside, , waiting] = await open.arrive("a", "b", "c", "d");
    const lobby = await probedLine(upstash, { ...LOBBY, capacity: 1 }, redisTime);
    const gathered = await lobby.arrive("a", "b", "c");
    const drawn = await probedLine(upstash, { ...LOBBY, capacity: 1 }, redisTime);
    const places = await drawn.arrive("a", "b", "c");
    await drawn.changeRules({ state: "OPEN" });
    const states = await Promise.all(places.map(drawn.state));
    const drawnIn = places[states.indexOf("ADMITTED")]!;
    const drawnWaiting = places[states.indexOf("WAITING")]!;
    const empty = await probedLine(upstash, {}, redisTime);
    await empty.queue.leave((await empty.arrive("a"))[0]!);
    const closed = await probedLine(upstash, { state: "CLOSED" }, redisTime);

    let fans = 0;
    const acts: [string, number, ProbedLine, () => Promise<unknown>][] = [
      ["join, at the end of a line", 9, open, () => open.join(`fan-${fans++}`)],
      ["poll, waiting", 6, open, () => open.queue.status(waiting!)],
      ["poll, admitted", 5, open, () => open.queue.status(inside!)],
      ["join, gathering", 7, lobby, () => lobby.join(`fan-${fans++}`)],
      ["poll, gathered", 6, lobby, () => lobby.queue.status(gathered[1]!)],
      ["poll, drawn and waiting", 8, drawn, () => drawn.queue.status(drawnWaiting)],
      ["poll, drawn and admitted", 6, drawn, () => drawn.queue.status(drawnIn)],
      ["join, refused", 8, closed, () => closed.tryJoin("a")],
      ["cron, nobody in the room", 6, empty, () => empty.promote()],
    ];
    const table: Record<string, { commands: number }> = {};
    for (const [name, atMost, line, act] of acts) {
      // Asked again, since the first in five seconds keeps the record.
      const runs = [];
      for (let run = 0; run < 4; run++) runs.push(await commandsOf(line, act));
      const commands = Math.min(...runs);
      table[name] = { commands };
      deepEqual({ name, within: commands <= atMost }, { name, within: true }, `${commands}`);
    }
    console.table(table);
  } finally {
    await upstash.close();
  }
});
