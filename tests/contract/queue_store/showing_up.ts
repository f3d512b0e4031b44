import assert from "node:assert/strict";
import { type ContractTest, ENDED, MINUTE_MS } from "./harness.ts";

export function showingUpContract(test: ContractTest): void {
  for (const call of ["status()", "join()"]) {
    test(`\`${call}\` within the window starts the admission`, {}, async (line) => {
      const [house, ann] = await line.arrive("house", "ann");
      await line.queue.leave(house!);
      line.clock.advance(line.windowMs - 1);
      const standing = call === "join()"
        ? (await line.join("ann")).standing
        : await line.queue.status(ann!);
      const expiresAtMs = line.clock() + line.settings.admissionTtlMs;
      assert.deepEqual(standing, line.admitted(ann!.order, expiresAtMs));
    });
  }

  test("the window is the longest poll and the time to show up", {
    pollMaxSeconds: 10,
    showUpMs: 7_000,
  }, async (line) => {
    const [house] = await line.arrive("house", "ann", "bob");
    await line.queue.leave(house!);
    line.clock.advance(16_999);
    assert.equal((await line.counts()).parked, 0);
    line.clock.advance(1);
    assert.equal((await line.counts()).parked, 1);
  });

  test("a slot whose fan stays away goes to the next one", {}, async (line) => {
    const [house, , bob] = await line.arrive("house", "ann", "bob");
    await line.queue.leave(house!);
    line.clock.advance(line.windowMs - 1);
    assert.equal(await line.ahead(bob!), 0);
    line.clock.advance(1);
    assert.equal(await line.state(bob!), "ADMITTED");
    const { admitted, parked, waiting } = await line.counts();
    assert.deepEqual({ admitted, parked, waiting }, { admitted: 1, parked: 1, waiting: 0 });
  });

  test("absent fans never stall the line", {}, async (line) => {
    const absent = Array.from({ length: 5 }, (_, i) => `absent-${i}`);
    const places = await line.arrive("house", ...absent, "ann");
    await line.queue.leave(places[0]!);
    for (const _ of absent) {
      line.clock.advance(line.windowMs);
      await line.promote();
    }
    assert.equal(await line.state(places.at(-1)!), "ADMITTED");
    assert.equal((await line.counts()).parked, absent.length);
  });

  test("an answer ADMITTED counts as showing up", {}, async (line) => {
    const ann = await line.join("ann");
    assert.equal(ann.standing.state, "ADMITTED");
    const [, bob] = await line.arrive("house", "bob");
    line.clock.advance(line.windowMs);
    assert.equal((await line.counts()).parked, 0);
    assert.deepEqual(await line.queue.status(ann.place), ann.standing);
    line.clock.advance(line.settings.admissionTtlMs - line.windowMs);
    // An admission that was used ends for good: nobody is parked by it.
    await line.promote();
    assert.equal((await line.counts()).parked, 0);
    assert.deepEqual(await line.queue.status(ann.place), ENDED);
    assert.equal(await line.ahead(bob!), 0);
  });

  test("a fan who is ADMITTED after waiting has the whole admission", {}, async (line) => {
    const [house, ann] = await line.arrive("house", "ann", "bob");
    await line.queue.leave(house!);
    line.clock.advance(MINUTE_MS);
    const answered = await line.queue.status(ann!);
    line.clock.advance(line.settings.admissionTtlMs - 1);
    assert.deepEqual(await line.queue.status(ann!), answered);
    line.clock.advance(1);
    assert.deepEqual(await line.queue.status(ann!), ENDED);
    assert.equal((await line.counts()).parked, 0);
  });

  test("calling does not prolong an admission", {}, async (line) => {
    const { place, standing } = await line.join("ann");
    for (let minute = 0; minute < 14; minute++) {
      line.clock.advance(MINUTE_MS);
      assert.deepEqual(await line.queue.status(place), standing);
      assert.deepEqual((await line.join("ann")).standing, standing);
    }
    line.clock.advance(MINUTE_MS);
    assert.deepEqual(await line.queue.status(place), ENDED);
  });

  test("an admission shorter than the window still starts with the first call", {
    admissionTtlMs: 30_000,
  }, async (line) => {
    const [house, ann] = await line.arrive("house", "ann");
    await line.queue.leave(house!);
    line.clock.advance(line.windowMs - 1);
    const expiresAtMs = line.clock() + 30_000;
    assert.deepEqual(await line.queue.status(ann!), line.admitted(ann!.order, expiresAtMs));
  });
}
