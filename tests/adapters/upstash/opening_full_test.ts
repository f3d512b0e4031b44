import { deepEqual, equal, ok } from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import { TEST_DRAW } from "../../contract/queue_store/harness.ts";
import { testClock } from "../../support/test_clock.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { openUpstash } from "../../support/upstash.ts";
import { digestOf, digestsOfCrowd, expectedList, publishedList, SHARE } from "./published_list.ts";
import { memory, type ProbedLine, probedLine } from "./script_probe.ts";

// A million: STANCHION_GATHERED=1000000 npx -y deno@2.9.6 test -A \
//   --config src/tools/deno.json tests/adapters/upstash/opening_full_test.ts
const GATHERED = Number(Deno.env.get("STANCHION_GATHERED") ?? 20_000);
const CAPACITY = 1_000;
const OPENS_AT_MS = testClock()() + 60_000;

/** Runs acts until all have their tickets; the time that each took of Redis, in ms, sorted. */
async function timed(line: ProbedLine, acts: readonly (() => Promise<unknown>)[]) {
  const info = async () => String(await line.redis.command("INFO", "cpu", "commandstats"));
  const sum = (text: string, field: RegExp) =>
    [...text.matchAll(field)].reduce((sum, [, value]) => sum + Number(value), 0);
  const CPU_SECONDS = /^used_cpu_(?:user|sys)_main_thread:([\d.]+)/gm;
  const SCRIPT_US = /^cmdstat_eval\w*:calls=\d+,usec=(\d+)/gm;
  const byClock: number[] = [];
  const byCpu: number[] = [];
  for (let act = 0; act % acts.length !== 0 || await line.size("gathered") > 0; act++) {
    await line.redis.command("CONFIG", "RESETSTAT");
    const before = await info();
    await acts[act % acts.length]!();
    // Not by the slow log, whose keeping takes longer than most commands of a script.
    const after = await info();
    byClock.push(sum(after, SCRIPT_US) / 1000);
    byCpu.push((sum(after, CPU_SECONDS) - sum(before, CPU_SECONDS)) * 1000);
  }
  return [byClock, byCpu].map((times) => times.sort((a, b) => a - b)) as [number[], number[]];
}

/** The maximum, the 99th percentile and the median. */
function percentiles(times: readonly number[]): string {
  const at = (share: number) => times[Math.floor(share * (times.length - 1))]!.toFixed(2);
  return `${at(1)} (${at(0.99)}, ${at(0.5)}) ms`;
}

testOfRealRedis(
  `lobby: ${GATHERED} gathered fans draw their tickets in bounded shares`,
  async () => {
    const upstash = await openUpstash({ keepAlive: true });
    try {
      const line = await probedLine(upstash, {
        state: "LOBBY",
        opensAtMs: OPENS_AT_MS,
        capacity: CAPACITY,
        draw: TEST_DRAW,
      });
      const before = await memory(line.redis, []);
      const [ann, bob] = await line.arrive("ann", "bob");
      await line.crowd(GATHERED - 2, "fan");
      equal((await line.counts()).gathered, GATHERED);
      const { usedBytes } = await memory(line.redis, []);

      let fresh = 0;
      const others = [
        line.promote,
        () => line.queue.status(ann!),
        () => line.queue.findPlace(MAIN_ROOM, "ann" as FanId),
        line.counts,
        () => line.queue.status(bob!),
      ];
      // Once beforehand: Redis takes longer to learn a script than to run it.
      for (const act of others) await act();
      line.clock.advance(OPENS_AT_MS - line.clock());
      const [byClock, byCpu] = await timed(line, [
        ...others,
        () => line.join(`fresh-${fresh++}`),
      ]);
      const { waiting, admitted } = await line.counts();
      const inside = Math.min(CAPACITY, GATHERED + fresh);
      deepEqual({ waiting, admitted }, { waiting: GATHERED + fresh - inside, admitted: inside });
      ok(byClock.length >= GATHERED / SHARE);

      const bytes = Math.round((usedBytes - before.usedBytes) / GATHERED);
      console.log(
        `${GATHERED} fans, ${bytes} bytes each while they gather: of ${byClock.length} acts from ` +
          `the opening on the longest (99 in a hundred, half) took ${
            percentiles(byClock)
          } by the clock, ` +
          `${percentiles(byCpu)} of Redis's processor`,
      );
      const list = await publishedList(line);
      const expected = expectedList([
        digestOf("ann"),
        digestOf("bob"),
        ...digestsOfCrowd(GATHERED - 2),
      ]);
      equal(list.length, GATHERED);
      equal(list.findIndex(({ pseudonym }, at) => pseudonym !== expected[at]), -1);
      ok(list.every(({ ticket }, at) => ticket === at + 1));
      await line.close();
    } finally {
      await upstash.close();
    }
  },
);
