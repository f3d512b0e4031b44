import { deepEqual, equal, ok } from "node:assert/strict";
import { DRAW_STEP_MS, QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import { TEST_DRAW, type TestSettings } from "../../contract/queue_store/harness.ts";
import { testClock } from "../../support/test_clock.ts";
import { openUpstash, type UpstashForTests } from "../../support/upstash.ts";
import { digestOf, digestsOfCrowd, expectedList, publishedList } from "./published_list.ts";
import { type ProbedLine, probedLine } from "./script_probe.ts";

/** Tickets that one act draws. */
const SHARE = QUEUE_BOUNDS.drawBatch;
const LOBBY = { state: "LOBBY", draw: TEST_DRAW } as const;

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash();
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

/** Cases that the frequent paths must leave to the full script, and crowds above one batch. */
function lobbyTest(
  name: string,
  settings: Partial<TestSettings>,
  play: (line: ProbedLine) => Promise<void>,
): void {
  Deno.test(`lobby: ${name}`, async () => {
    const line = await probedLine(upstash!, settings);
    await play(line);
    await line.close();
  });
}

lobbyTest("the token of a drawn place that has ended is GONE by every path", {
  ...LOBBY,
  capacity: 2,
}, async (line) => {
  const places = await line.arrive("ann", "bob", "cat");
  await line.changeRules({ state: "OPEN" });
  await line.promote();
  const { fan } = places[0]!;
  const old = await line.join(fan);
  await line.queue.leave(old.place);
  const pollOld = async () => {
    const states = [];
    // The first one after five seconds does upkeep, the next ones are the most frequent answer.
    line.clock.advance(5_000);
    for (let poll = 0; poll < 2; poll++) {
      for (const place of [places[0]!, old.place]) states.push(await line.state(place));
    }
    return states;
  };
  const gone = ["GONE", "GONE", "GONE", "GONE"];
  deepEqual(await pollOld(), gone);
  const { place, standing } = await line.join(fan);
  deepEqual([standing.state, await pollOld()], ["WAITING", gone]);
  await line.queue.endPlaces(places.slice(1), "PAID");
  deepEqual([await line.state(place), await pollOld()], ["ADMITTED", gone]);
});

lobbyTest("the opening is exact to the millisecond for a fan who polls by the frequent path", {
  ...LOBBY,
  capacity: 2,
  opensAtMs: testClock()() + 1_234,
}, async (line) => {
  const [ann] = await line.arrive("ann", "bob");
  line.clock.advance(1_233);
  deepEqual([await line.state(ann!), await line.state(ann!)], ["GATHERED", "GATHERED"]);
  line.clock.advance(1);
  equal(await line.state(ann!), "ADMITTED");
});

lobbyTest(
  "after a change to another draw all draw their tickets before anybody gathers",
  { ...LOBBY },
  async (line) => {
    await line.crowd(2 * SHARE + 1);
    const draw = { id: "draw-2", seed: "face".repeat(16), salt: "another grain" };
    await line.changeRules({ draw });
    equal((await line.tryJoin("ann")).refused, "CLOSED");
    while ((await line.promote()).more) line.clock.advance(DRAW_STEP_MS);
    const { gathered, waiting } = await line.counts();
    deepEqual({ gathered, waiting }, { gathered: 0, waiting: 2 * SHARE + 1 });
    deepEqual(await publishedList(line), [], "it makes way for the list of the next draw");
    equal((await line.join("ann")).standing.state, "GATHERED");
  },
);

lobbyTest("a fan who is admitted already gathers by no path", { capacity: 2 }, async (line) => {
  const { place } = await line.join("ann");
  await line.changeRules({ state: "LOBBY", draw: TEST_DRAW });
  // The second one is the most frequent answer.
  for (const fan of ["bob", "cat"]) {
    equal((await line.join(fan)).standing.state, "GATHERED");
  }
  const again = await line.join("ann");
  deepEqual([again.created, again.place, again.standing.state], [false, place, "ADMITTED"]);
  equal((await line.counts()).gathered, 2);
});

lobbyTest(
  "between the opening and the ticket nobody is told fewer ahead than there are",
  { ...LOBBY, capacity: 5 },
  async (line) => {
    const joined = [];
    for (let i = 0; i < 12; i++) joined.push(await line.join(`fan-${i}`));
    await line.crowd(9 * SHARE);
    const digests = [
      ...digestsOfCrowd(9 * SHARE),
      ...joined.map(({ place }) => digestOf(place.fan)),
    ];
    const list = expectedList(digests);
    await line.changeRules({ state: "OPEN" });
    let undrawn = 0;
    for (const { place, standing } of joined) {
      ok(standing.state === "GATHERED");
      const now = await line.queue.status(place);
      if (now.state !== "WAITING" || now.order !== null) continue;
      undrawn++;
      const { admitted } = await line.counts();
      ok(now.ahead! >= list.indexOf(standing.pseudonym) - admitted, "the bound is too low");
      deepEqual([now.positionIs, now.isNear], ["AT_MOST", false]);
    }
    ok(undrawn > 0, "all are drawn by now");
  },
);
