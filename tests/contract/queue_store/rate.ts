import assert from "node:assert/strict";
import { crowd } from "./drawing.ts";
import { type ContractTest, MINUTE_MS, type Scene } from "./harness.ts";
import { seededRandom } from "../../support/random.ts";

/** A slot for every fan, and no admission ends. */
const ROOMY = {
  capacity: 1_000,
  admissionTtlMs: 600 * MINUTE_MS,
  showUpMs: 600 * MINUTE_MS,
} as const;
const CROWD = 250;

/** When fans were admitted, by the counts. No fan leaves, and no admission ends. */
function admissions(line: Scene) {
  const times: { readonly atMs: number; readonly admitted: number }[] = [];
  let before = 0;
  return {
    times,
    async note(): Promise<number> {
      const { admitted } = await line.counts();
      const more = admitted - before;
      before = admitted;
      if (more > 0) times.push({ atMs: line.clock(), admitted: more });
      return more;
    },
  };
}

function mostInAnyMinute(times: readonly { atMs: number; admitted: number }[]): number {
  const sums = times.map(({ atMs: fromMs }) =>
    times.filter(({ atMs }) => atMs >= fromMs && atMs < fromMs + MINUTE_MS)
      .reduce((sum, { admitted }) => sum + admitted, 0)
  );
  return Math.max(0, ...sums);
}

/** Long random runs of each rate. */
export function randomRateContract(test: ContractTest): void {
  for (const perMinute of [1, 7, 59, 60, 130, 600]) {
    test(`L6: at most ${perMinute} in any minute, at any times of calls`, {
      ...ROOMY,
      admissionsPerMinute: perMinute,
      state: "HELD",
    }, async (line) => {
      const random = seededRandom(perMinute);
      await line.arrive(...crowd(CROWD));
      await line.changeRules({ state: "OPEN" });
      const { times, note } = admissions(line);
      await note();
      let joined = 0;
      for (let call = 0; call < 250; call++) {
        const draw = random();
        // Mostly small steps, now and then a silence after which much could be caught up with.
        line.clock.advance(Math.floor(draw < 0.97 ? random() * 1_000 : random() * 20_000));
        if (draw < 0.1) await line.join(`fresh-${joined++}`);
        else if (draw < 0.3) await line.promote();
        await note();
      }
      const most = mostInAnyMinute(times);
      assert.ok(most <= perMinute, `${most} in a minute`);
      const least = Math.floor(Math.min(perMinute, CROWD) / 2);
      assert.ok(most >= least, `only ${most} in the best minute`);
      const atOnce = Math.max(...times.map(({ admitted }) => admitted));
      assert.ok(atOnce <= Math.max(1, perMinute / 60), `${atOnce} at once`);
    });
  }
}

export function rateContract(test: ContractTest): void {
  for (const [perMinute, stepMs] of [[6, 10_000], [7, 8_572], [60, 1_000], [100, 600]] as const) {
    test(`${perMinute} a minute: the first call after the interval admits`, {
      ...ROOMY,
      admissionsPerMinute: perMinute,
      state: "HELD",
    }, async (line) => {
      const [first, second] = await line.arrive("ann", "bob", "cat");
      await line.changeRules({ state: "OPEN" });
      assert.equal(await line.state(first!), "ADMITTED");
      for (const untilMs of [stepMs - 1, 1]) {
        assert.equal(await line.ahead(second!), 0);
        line.clock.advance(untilMs);
      }
      assert.equal(await line.state(second!), "ADMITTED");
    });
  }

  test("a steady rate is reached: each admission comes at its earliest time", {
    ...ROOMY,
    admissionsPerMinute: 30,
    state: "HELD",
  }, async (line) => {
    await line.arrive(...crowd(100));
    await line.changeRules({ state: "OPEN" });
    const { times, note } = admissions(line);
    for (let call = 0; call < 120; call++) {
      await note();
      line.clock.advance(500);
    }
    assert.deepEqual(times.map(({ admitted }) => admitted), Array(30).fill(1));
    assert.deepEqual(
      times.slice(1).map(({ atMs }, i) => atMs - times[i]!.atMs),
      Array(29).fill(2_000),
    );
  });

  test("after a silence one second's share is admitted at once, and no more", {
    ...ROOMY,
    // Of this rate the interval is 100 ms to the letter.
    admissionsPerMinute: 609,
    state: "HELD",
  }, async (line) => {
    await line.arrive(...crowd(40));
    await line.changeRules({ state: "OPEN" });
    const { note } = admissions(line);
    assert.equal(await note(), 10);
    assert.equal(await note(), 0);
    line.clock.advance(250);
    assert.equal(await note(), 2);
    line.clock.advance(10 * MINUTE_MS);
    assert.equal(await note(), 10);
    line.clock.advance(99);
    assert.equal(await note(), 0);
    line.clock.advance(1);
    assert.equal(await note(), 1);
  });

  test("rate and capacity are both kept", {
    capacity: 3,
    admissionsPerMinute: 60,
    state: "HELD",
  }, async (line) => {
    const places = await line.arrive(...crowd(8));
    await line.changeRules({ state: "OPEN" });
    const admitted = [];
    for (let second = 0; second < 6; second++) {
      admitted.push((await line.counts()).admitted);
      line.clock.advance(1_000);
    }
    assert.deepEqual(admitted, [1, 2, 3, 3, 3, 3]);
    await line.queue.endPlaces(places.slice(0, 3), "PAID");
    assert.equal((await line.counts()).admitted, 1, "slots that came free do not wait up");
  });

  test("a fan who is admitted at once counts too", {
    ...ROOMY,
    admissionsPerMinute: 6,
  }, async (line) => {
    assert.equal((await line.join("ann")).standing.state, "ADMITTED");
    const bob = await line.join("bob");
    assert.equal(bob.standing.state === "WAITING" && bob.standing.ahead, 0);
    line.clock.advance(9_999);
    assert.equal(await line.state(bob.place), "WAITING");
    const cat = await line.join("cat");
    line.clock.advance(1);
    assert.equal(await line.ahead(cat.place), 0);
    assert.equal(await line.state(bob.place), "ADMITTED");
  });

  test("a fan who returns from a missed turn counts too, and is first", {
    capacity: 5,
    admissionsPerMinute: 6,
  }, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.elapse(20_000, bob!);
    assert.equal(await line.state(bob!), "ADMITTED");
    await line.elapse(line.windowMs);
    assert.equal((await line.counts()).parked, 1);
    assert.equal((await line.join("cat")).standing.state, "ADMITTED");
    const [dan] = await line.arrive("dan");
    assert.deepEqual([await line.ahead(ann!), await line.ahead(dan!)], [0, 0]);
    line.clock.advance(9_999);
    assert.equal(await line.state(ann!), "WAITING");
    line.clock.advance(1);
    assert.equal(await line.ahead(dan!), 0);
    assert.equal(await line.state(ann!), "ADMITTED");
    line.clock.advance(9_999);
    assert.equal(await line.ahead(dan!), 0);
    line.clock.advance(1);
    assert.equal(await line.state(dan!), "ADMITTED");
  });

  test("a rate raised while nobody is admitted delays nobody later", {
    ...ROOMY,
    admissionsPerMinute: 1,
  }, async (line) => {
    const [, bob] = await line.arrive("ann", "bob", "cat");
    await line.changeRules({ state: "HELD", admissionsPerMinute: 60 });
    await line.counts();
    line.clock.advance(1_000);
    await line.changeRules({ state: "OPEN" });
    assert.equal(await line.state(bob!), "ADMITTED");
    assert.equal((await line.counts()).waiting, 1);
  });

  test("a rate that is removed delays nobody", {
    capacity: 4,
    admissionsPerMinute: 1,
  }, async (line) => {
    const places = await line.arrive("a", "b", "c", "d", "e");
    assert.equal((await line.counts()).admitted, 1);
    await line.changeRules({ admissionsPerMinute: null });
    assert.equal(await line.state(places[3]!), "ADMITTED");
    assert.equal((await line.counts()).admitted, 4);
  });

  test("a raised rate delays the next fan by its own interval at most", {
    ...ROOMY,
    admissionsPerMinute: 1,
  }, async (line) => {
    const [, bob] = await line.arrive("ann", "bob", "cat");
    await line.changeRules({ admissionsPerMinute: 60 });
    await line.counts();
    line.clock.advance(1_000);
    assert.equal(await line.state(bob!), "ADMITTED");
    assert.equal((await line.counts()).waiting, 1);
  });

  test(
    "a rate that is set while the line moves counts from the next act on",
    ROOMY,
    async (line) => {
      await line.arrive("house");
      await line.changeRules({ admissionsPerMinute: 6, state: "HELD" });
      await line.arrive("a", "b", "c");
      await line.changeRules({ state: "OPEN" });
      assert.equal((await line.counts()).waiting, 2);
      line.clock.advance(10_000);
      assert.equal((await line.counts()).waiting, 1);
    },
  );

  test("a clock that goes back stops the queue for one interval at most", {
    ...ROOMY,
    admissionsPerMinute: 6,
  }, async (line) => {
    await line.arrive("ann", "bob", "cat");
    line.clock.advance(-60 * MINUTE_MS);
    await line.promote();
    line.clock.advance(10_000);
    await line.promote();
    assert.equal((await line.counts()).waiting, 1);
  });
}
