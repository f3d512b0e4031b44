import assert from "node:assert/strict";
import { QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import { type ContractTest, ended, MINUTE_MS, type Scene } from "./harness.ts";

/** In how many ms a fan who is answered now must call to keep a turn that comes meanwhile. */
async function turnMs({ queue, settings }: Scene, fan: Parameters<Scene["state"]>[0]) {
  const standing = await queue.status(fan);
  assert.equal(standing.state, "WAITING");
  return standing.pollAfterSeconds * 1000 + settings.showUpMs;
}

export function showingUpContract(test: ContractTest): void {
  for (const call of ["status()", "join()"]) {
    test(`\`${call}\` in time starts the admission`, {}, async (line) => {
      const [house, ann] = await line.arrive("house", "ann");
      const inTimeMs = await turnMs(line, ann!);
      await line.queue.leave(house!);
      line.clock.advance(inTimeMs - 1);
      const standing = call === "join()"
        ? (await line.join("ann")).standing
        : await line.queue.status(ann!);
      const expiresAtMs = line.clock() + line.settings.admissionTtlMs;
      assert.deepEqual(standing, line.admitted(ann!.order, expiresAtMs));
    });
  }

  test("a second call, as from another tab, takes nothing from the time that was told", {
    showUpMs: 1_000,
  }, async (line) => {
    const [house] = await line.arrive("house");
    const before = await line.arrive(...Array.from({ length: 30 }, (_, i) => `fan-${i}`));
    const [ann, bob] = await line.arrive("ann", "bob");
    const toldMs = await turnMs(line, ann!);
    await line.queue.endPlaces(before, "LEFT");
    const againMs = await turnMs(line, ann!);
    assert.ok(againMs < toldMs / 2, `${againMs} ms and ${toldMs} ms`);
    await line.elapse(toldMs - 2_000, house!, bob!);
    await line.queue.leave(house!);
    assert.equal(await line.state(bob!), "WAITING");
    assert.equal(await line.state(ann!), "ADMITTED");
  });

  test("a fan whose first answer as near is lost has the time of a far place", {
    showUpMs: 1_000,
    bounds: { ...QUEUE_BOUNDS, leastNear: 1 },
  }, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    const { place: bob, standing } = await line.join("bob");
    assert.ok(standing.state === "WAITING" && !standing.isNear);
    const [cat] = await line.arrive("cat");
    await line.queue.leave(house!);
    assert.equal(await line.state(ann!), "ADMITTED");
    line.clock.advance(1_000);
    const lost = await line.queue.status(bob);
    assert.ok(lost.state === "WAITING" && lost.isNear);
    const farMs = line.settings.pollMaxSeconds * 1000;
    assert.ok(lost.pollAfterSeconds * 1000 + line.settings.showUpMs < farMs / 2);
    await line.elapse(farMs, ann!, cat!);
    await line.queue.leave(ann!);
    assert.equal(await line.state(cat!), "WAITING");
    assert.equal(await line.state(bob), "ADMITTED");
  });

  for (const ahead of [0, 3]) {
    test(`with ${ahead} ahead a fan has the told interval and the time to show up`, {
      showUpMs: 20_000,
      capacity: 1 + ahead,
      pollMinSeconds: 1,
      pollMaxSeconds: 14,
    }, async (line) => {
      const names = Array.from({ length: ahead }, (_, i) => `fan-${i}`);
      const house = await line.arrive(...Array.from({ length: 1 + ahead }, (_, i) => `house-${i}`));
      const before = await line.arrive(...names);
      const [ann, bob] = await line.arrive("ann", "bob");
      const inTimeMs = await turnMs(line, ann!);
      assert.equal(inTimeMs > 21_000, ahead > 0);
      await line.queue.endPlaces(house, "LEFT");
      for (const place of before) assert.equal(await line.state(place), "ADMITTED");
      await line.elapse(inTimeMs - 1, bob!);
      assert.equal((await line.counts()).parked, 0);
      line.clock.advance(1);
      assert.equal((await line.counts()).parked, 1);
    });
  }

  test("a slot whose fan stays away goes to the next one", {}, async (line) => {
    const [house, ann, bob] = await line.arrive("house", "ann", "bob");
    const inTimeMs = await turnMs(line, ann!);
    await line.queue.leave(house!);
    await line.elapse(inTimeMs - 1, bob!);
    assert.equal(await line.ahead(bob!), 0);
    line.clock.advance(1);
    assert.equal(await line.state(bob!), "ADMITTED");
    const { admitted, parked, waiting } = await line.counts();
    assert.deepEqual({ admitted, parked, waiting }, { admitted: 1, parked: 1, waiting: 0 });
  });

  test("fans who are overdue when their turn comes take no slot", {}, async (line) => {
    const absent = Array.from({ length: 5 }, (_, i) => `absent-${i}`);
    const [house, ...others] = await line.arrive("house", ...absent, "ann");
    const ann = others.at(-1)!;
    await line.elapse(line.windowMs, ann);
    await line.queue.leave(house!);
    assert.equal(await line.state(ann), "ADMITTED");
    const { parked, admittedLastMinute } = await line.counts();
    assert.deepEqual([parked, admittedLastMinute], [absent.length, 1]);
  });

  test("absent fans never stall the line", {}, async (line) => {
    const absent = Array.from({ length: 5 }, (_, i) => `absent-${i}`);
    const [house, ...others] = await line.arrive("house", ...absent, "ann");
    const ann = others.at(-1)!;
    await line.queue.leave(house!);
    await line.elapse(line.windowMs, ann);
    assert.equal(await line.state(ann), "ADMITTED");
    assert.equal((await line.counts()).parked, absent.length);
  });

  test("an answer ADMITTED counts as showing up", {}, async (line) => {
    const ann = await line.join("ann");
    assert.equal(ann.standing.state, "ADMITTED");
    const [, bob] = await line.arrive("house", "bob");
    await line.elapse(line.windowMs, bob!);
    assert.equal((await line.counts()).parked, 0);
    assert.deepEqual(await line.queue.status(ann.place), line.again(ann.standing));
    await line.elapse(line.settings.admissionTtlMs - line.windowMs, bob!);
    // An admission that was used ends for good: nobody is parked by it.
    assert.equal((await line.counts()).parked, 1, "house alone");
    assert.deepEqual(await line.queue.status(ann.place), ended("ADMISSION_LAPSED"));
    assert.equal(await line.state(bob!), "ADMITTED");
  });

  test("a fan who is ADMITTED after waiting has the whole admission", {}, async (line) => {
    const [house, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.queue.leave(house!);
    line.clock.advance(MINUTE_MS);
    const answered = await line.queue.status(ann!);
    await line.elapse(line.settings.admissionTtlMs - 1, bob!);
    assert.deepEqual(await line.queue.status(ann!), line.again(answered));
    line.clock.advance(1);
    assert.deepEqual(await line.queue.status(ann!), ended("ADMISSION_LAPSED"));
    assert.equal((await line.counts()).parked, 0);
  });

  test("calling does not prolong an admission", {}, async (line) => {
    const { place, standing } = await line.join("ann");
    for (let minute = 0; minute < 14; minute++) {
      line.clock.advance(MINUTE_MS);
      assert.deepEqual(await line.queue.status(place), line.again(standing));
      assert.deepEqual((await line.join("ann")).standing, line.again(standing));
    }
    line.clock.advance(MINUTE_MS);
    assert.deepEqual(await line.queue.status(place), ended("ADMISSION_LAPSED"));
  });

  test("an admission shorter than the window still starts with the first call", {
    admissionTtlMs: 30_000,
  }, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    const inTimeMs = await turnMs(line, ann!);
    await line.queue.leave(house!);
    line.clock.advance(inTimeMs - 1);
    const expiresAtMs = line.clock() + 30_000;
    assert.deepEqual(await line.queue.status(ann!), line.admitted(ann!.order, expiresAtMs));
  });
}
