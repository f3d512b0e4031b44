import assert from "node:assert/strict";
import { type ContractTest, ENDED, MINUTE_MS } from "./harness.ts";

/** The house stays full for longer than a silent fan may wait. */
const PATIENT = { admissionTtlMs: 600 * MINUTE_MS, waitingTtlMs: 10 * MINUTE_MS };

export function ageingContract(test: ContractTest): void {
  test("a waiting place ends after the waiting time without a call", PATIENT, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    line.clock.advance(PATIENT.waitingTtlMs - 1);
    assert.equal(await line.state(bob!), "WAITING");
    line.clock.advance(1);
    assert.deepEqual(await line.queue.status(ann!), ENDED);
    assert.equal((await line.counts()).waiting, 1);
  });

  for (const call of ["status()", "join()"]) {
    test(`\`${call}\` keeps a place alive`, PATIENT, async (line) => {
      const [, ann] = await line.arrive("house", "ann");
      for (let poll = 0; poll < 20; poll++) {
        line.clock.advance(PATIENT.waitingTtlMs - 1);
        const standing = call === "join()"
          ? (await line.join("ann")).standing
          : await line.queue.status(ann!);
        assert.equal(standing.state, "WAITING");
        assert.equal(standing.expiresAtMs, line.clock() + PATIENT.waitingTtlMs);
      }
      assert.equal(await line.ahead(ann!), 0);
    });
  }

  test("a fan who polls never ages out, however long the wait", PATIENT, async (line) => {
    const places = await line.arrive("house", "ann", "bob", "cat");
    for (let minute = 0; minute < 60; minute++) {
      line.clock.advance(MINUTE_MS);
      for (const [ahead, place] of places.slice(1).entries()) {
        assert.equal(await line.ahead(place), ahead);
      }
      assert.equal((await line.promote()).expired, 0);
    }
  });

  test("fans behind a silent fan move up", PATIENT, async (line) => {
    const [, , bob] = await line.arrive("house", "ann", "bob");
    line.clock.advance(PATIENT.waitingTtlMs - 1);
    assert.equal(await line.ahead(bob!), 1);
    line.clock.advance(1);
    assert.equal(await line.ahead(bob!), 0);
  });

  test("a silent fan is not promoted", {
    admissionTtlMs: 10 * MINUTE_MS,
    waitingTtlMs: 10 * MINUTE_MS,
  }, async (line) => {
    const [, ann] = await line.arrive("house", "ann");
    line.clock.advance(10 * MINUTE_MS);
    const { admitted, waiting } = await line.counts();
    assert.deepEqual({ admitted, waiting }, { admitted: 0, waiting: 0 });
    assert.deepEqual(await line.queue.status(ann!), ENDED);
  });

  test("a fan who returned and fell silent ages out too", PATIENT, async (line) => {
    const [house, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.missTurn(house!, [bob!]);
    assert.equal(await line.state(bob!), "ADMITTED");
    assert.equal(await line.ahead(ann!), 0);
    line.clock.advance(PATIENT.waitingTtlMs);
    assert.equal((await line.counts()).waiting, 0);
    assert.deepEqual(await line.queue.status(ann!), ENDED);
  });

  test("a fan who aged out joins again at the end of the queue", PATIENT, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    line.clock.advance(PATIENT.waitingTtlMs - 1);
    await line.queue.status(bob!);
    line.clock.advance(1);
    const anew = await line.join("ann");
    assert.equal(anew.created, true);
    assert.ok(anew.place.order > bob!.order);
    assert.equal(await line.ahead(anew.place), 1);
    assert.deepEqual(await line.queue.status(ann!), ENDED);
  });
}
