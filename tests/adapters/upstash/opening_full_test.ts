import { deepEqual, equal, ok } from "node:assert/strict";
import { type FanId, MAIN_ROOM } from "../../../src/domain/ids.ts";
import { DRAW_STEP_MS, QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import { TEST_DRAW } from "../../contract/queue_store/harness.ts";
import { testClock } from "../../support/test_clock.ts";
import { testOfRealRedis } from "../../support/redis.ts";
import { openUpstash } from "../../support/upstash.ts";
import { digestOf, digestsOfCrowd, expectedList, publishedList } from "./published_list.ts";
import { commandsOf, type ProbedLine, probedLine } from "./script_probe.ts";

// A million: STANCHION_GATHERED=1000000 npx -y deno@2.9.6 test -A \
//   --config src/tools/deno.json tests/adapters/upstash/opening_full_test.ts
// How long the acts take: the section redisQueue of the benchmark.
const GATHERED = Number(Deno.env.get("STANCHION_GATHERED") ?? 20_000);
const CAPACITY = 1_000;
const OPENS_AT_MS = testClock()() + 60_000;
const { drawBatch } = QUEUE_BOUNDS;
/** The work of one act does not grow with the crowd. */
const MOST_COMMANDS = 40;

/** Runs acts until all have their tickets. Fails unless each act draws one share. */
async function drawInShares(line: ProbedLine, acts: readonly (() => Promise<unknown>)[]) {
  let [done, most] = [0, 0];
  for (let left = await line.size("gathered"); left > 0;) {
    const commands = await commandsOf(line, acts[done % acts.length]!);
    const now = await line.size("gathered");
    equal(left - now, Math.min(drawBatch, left), `act ${done % acts.length}`);
    ok(commands <= MOST_COMMANDS, `act ${done % acts.length} runs ${commands} commands`);
    most = Math.max(most, commands);
    left = now;
    done++;
    line.clock.advance(DRAW_STEP_MS);
  }
  return { done, most };
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
      const [ann, bob] = await line.arrive("ann", "bob");
      await line.crowd(GATHERED - 2);
      equal((await line.counts()).gathered, GATHERED);
      line.clock.advance(OPENS_AT_MS - line.clock());

      let fresh = 0;
      const { done, most } = await drawInShares(line, [
        line.promote,
        () => line.queue.status(ann!),
        () => line.queue.findPlace(MAIN_ROOM, "ann" as FanId),
        line.counts,
        () => line.queue.front(MAIN_ROOM),
        () => line.queue.status(bob!),
        () => line.queue.listDraw(MAIN_ROOM, 0, 10),
        () => line.join(`fresh-${fresh++}`),
      ]);
      equal(done, Math.ceil(GATHERED / drawBatch));
      const { waiting, admitted } = await line.counts();
      const inside = Math.min(CAPACITY, GATHERED + fresh);
      deepEqual({ waiting, admitted }, { waiting: GATHERED + fresh - inside, admitted: inside });
      console.log(`${GATHERED} fans: ${done} acts of at most ${most} commands`);

      const list = await publishedList(line);
      const digests = [digestOf("ann"), digestOf("bob"), ...digestsOfCrowd(GATHERED - 2)];
      const expected = expectedList(digests);
      equal(list.length, GATHERED);
      equal(list.findIndex(({ pseudonym }, at) => pseudonym !== expected[at]), -1);
      ok(list.every(({ ticket }, at) => ticket === at + 1));
      await line.close();
    } finally {
      await upstash.close();
    }
  },
);
