import assert from "node:assert/strict";
import type { PlaceRef } from "../../../src/domain/queue.ts";
import { QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import { drawAll, gather, inDrawOrder } from "./drawing.ts";
import { type ContractTest, ended, MINUTE_MS, type Scene, TEST_DRAW } from "./harness.ts";

/** The house stays full for longer than a silent fan may wait. */
const PATIENT = { admissionTtlMs: 600 * MINUTE_MS, waitingTtlMs: 10 * MINUTE_MS };
/** After the second ticket everybody is far. */
const FAR = { ...PATIENT, bounds: { ...QUEUE_BOUNDS, leastNear: 1 } };

/** One act gives one ticket of a draw. */
const SLOW_DRAW = {
  ...PATIENT,
  state: "LOBBY",
  draw: TEST_DRAW,
  bounds: { ...QUEUE_BOUNDS, drawBatch: 1, leastNear: 1 },
} as const;

/** After this time without a call a place is removed, by whatever call comes then. */
function silenceMs({ settings: { waitingTtlMs, pollMaxSeconds } }: Scene): number {
  // The log of issued tickets is coarse, and a near fan has proven the place until the told call.
  return waitingTtlMs + waitingTtlMs / 32 + pollMaxSeconds * 1000;
}

export function ageingContract(test: ContractTest): void {
  for (const [kind, settings] of [["near", PATIENT], ["far", FAR]] as const) {
    test(`a ${kind} place ends after the waiting time without a call`, settings, async (line) => {
      const [, ann, bob] = await line.arrive("house", "ann", "bob");
      await line.elapse(line.settings.waitingTtlMs - 1, bob!);
      assert.equal((await line.counts()).waiting, 2, "before that silence ends nothing");
      await line.elapse(silenceMs(line) - line.settings.waitingTtlMs, bob!);
      assert.equal((await line.counts()).waiting, 1);
      assert.deepEqual(await line.queue.status(ann!), ended("SILENT"));
      assert.equal(await line.state(bob!), "WAITING");
    });

    for (const call of ["status()", "join()"]) {
      test(`\`${call}\` keeps a ${kind} place alive`, settings, async (line) => {
        const [, ann, bob] = await line.arrive("house", "ann", "bob");
        for (let poll = 0; poll < 10; poll++) {
          await line.elapse(line.settings.waitingTtlMs - 1, ann!);
          const standing = call === "join()"
            ? (await line.join("bob")).standing
            : await line.queue.status(bob!);
          assert.equal(standing.state, "WAITING");
          assert.equal(standing.isNear, kind === "near");
          assert.equal(standing.provenAtMs, line.clock());
          assert.equal(standing.expiresAtMs, line.clock() + line.settings.waitingTtlMs);
        }
        assert.equal(await line.ahead(bob!), 1);
      });
    }
  }

  test("a fan who polls never ages out, however long the wait", FAR, async (line) => {
    const [, ...places] = await line.arrive("house", "ann", "bob", "cat");
    for (let minute = 0; minute < 60; minute++) {
      line.clock.advance(MINUTE_MS);
      for (const [ahead, place] of places.entries()) assert.equal(await line.ahead(place), ahead);
      assert.equal((await line.promote()).expired, 0);
    }
  });

  test("fans behind a silent fan move up", PATIENT, async (line) => {
    const [, , bob] = await line.arrive("house", "ann", "bob");
    await line.elapse(line.settings.waitingTtlMs - 1, bob!);
    assert.equal(await line.ahead(bob!), 1);
    await line.elapse(silenceMs(line) - line.settings.waitingTtlMs, bob!);
    assert.equal(await line.ahead(bob!), 0);
  });

  for (const waitingTtlMs of [10 * MINUTE_MS, 20 * MINUTE_MS]) {
    const isAgedOut = waitingTtlMs === 10 * MINUTE_MS;
    test(`a silent fan gets no slot, ${isAgedOut ? "and ages out" : "and is parked"}`, {
      admissionTtlMs: 10 * MINUTE_MS,
      waitingTtlMs,
    }, async (line) => {
      await line.arrive("house", "ann");
      await line.elapse(10 * MINUTE_MS);
      const { admitted, admittedLastMinute, waiting, parked } = await line.counts();
      assert.deepEqual([admitted, admittedLastMinute, waiting], [0, 0, 0]);
      assert.equal(parked, isAgedOut ? 0 : 1);
    });
  }

  test("a fan who returned and fell silent ages out too", PATIENT, async (line) => {
    const [house, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.missTurn(house!, [bob!]);
    assert.equal(await line.state(bob!), "ADMITTED");
    assert.equal(await line.ahead(ann!), 0);
    await line.elapse(line.settings.waitingTtlMs - 1);
    assert.equal((await line.counts()).waiting, 1);
    await line.elapse(silenceMs(line) - line.settings.waitingTtlMs);
    assert.equal((await line.counts()).waiting, 0);
    assert.deepEqual(await line.queue.status(ann!), ended("SILENT"));
  });

  test("a fan who aged out joins again at the end of the queue", PATIENT, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.elapse(silenceMs(line), bob!);
    const anew = await line.join("ann");
    assert.equal(anew.created, true);
    assert.ok(anew.place.order > bob!.order);
    assert.equal(await line.ahead(anew.place), 1);
    assert.deepEqual(await line.queue.status(ann!), ended());
  });

  test("a turn that comes after a long wait keeps nobody from ageing out later", {
    ...PATIENT,
    admissionTtlMs: 5 * MINUTE_MS,
  }, async (line) => {
    const [, ann, bob] = await line.arrive("house", "ann", "bob");
    await line.elapse(5 * MINUTE_MS, bob!);
    assert.deepEqual(await admittedAndParked(line), [1, 1]);
    await line.elapse(silenceMs(line), bob!);
    assert.deepEqual(await admittedAndParked(line), [0, 0]);
    for (const place of [ann!, bob!] satisfies PlaceRef[]) {
      assert.equal(await line.state(place), "GONE");
    }
  });

  test("a call between the opening and the ticket proves the place", SLOW_DRAW, async (line) => {
    const { waitingTtlMs } = line.settings;
    const inOrder = inDrawOrder(TEST_DRAW, await gather(line, "ann", "bob", "cat", "dan"));
    await line.changeRules({ state: "HELD" });
    line.clock.advance(waitingTtlMs - 1);
    const last = inOrder.at(-1)!.place;
    const standing = await line.queue.status(last);
    assert.equal(standing.state, "WAITING");
    assert.equal(standing.order, null);
    assert.equal(standing.expiresAtMs, line.clock() + waitingTtlMs);
    await drawAll(line);
    await line.elapse(waitingTtlMs - 1);
    await drawAll(line);
    assert.equal(await line.state(last), "WAITING");
    assert.deepEqual(await line.queue.status(inOrder[2]!.place), ended("SILENT"));
  });

  test(
    "a place that is left before its ticket is drawn proves no later one",
    SLOW_DRAW,
    async (line) => {
      const { waitingTtlMs } = line.settings;
      const inOrder = inDrawOrder(TEST_DRAW, await gather(line, "ann", "bob", "cat", "dan"));
      await line.changeRules({ state: "HELD" });
      const last = inOrder.at(-1)!;
      assert.equal(await line.state(last.place), "WAITING");
      await line.queue.leave(last.place);
      line.clock.advance(waitingTtlMs / 2);
      await drawAll(line);
      const { place } = await line.join(last.fan);
      await line.elapse(waitingTtlMs - 1);
      await drawAll(line);
      assert.equal(await line.state(place), "WAITING");
    },
  );
}

async function admittedAndParked(line: Scene): Promise<number[]> {
  const { admitted, parked } = await line.counts();
  return [admitted, parked];
}
