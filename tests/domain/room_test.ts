import assert from "node:assert/strict";
import fc from "fast-check";
import {
  admissionPace,
  endsGathering,
  ROOM_STATE_POLICIES,
  ROOM_STATES,
  type RoomStatePolicy,
  STATE_AFTER_OPENING,
  stateAt,
} from "../../src/domain/room.ts";

const SEED = 20_300_101;
const AT_MS = Date.UTC(2030, 0, 1);
const MINUTE_MS = 60_000;

Deno.test("a closed room and a lobby are open from their time on, to the millisecond", () => {
  for (const state of ["CLOSED", "LOBBY"] as const) {
    assert.equal(stateAt({ state, opensAtMs: null }, AT_MS), state);
    assert.equal(stateAt({ state, opensAtMs: AT_MS + 1 }, AT_MS), state);
    assert.equal(stateAt({ state, opensAtMs: AT_MS }, AT_MS), "OPEN");
    assert.equal(stateAt({ state, opensAtMs: AT_MS - 1 }, AT_MS), "OPEN");
  }
});

Deno.test("time does not open a room that was opened, held or drained by hand", () => {
  for (const state of ["OPEN", "HELD", "DRAINING"] as const) {
    for (const opensAtMs of [null, AT_MS - 1, AT_MS + 1]) {
      assert.equal(stateAt({ state, opensAtMs }, AT_MS), state);
    }
  }
  assert.equal(ROOM_STATES.length, 5);
});

Deno.test("a closed room keeps those who gathered, and only a lobby gathers more", () => {
  const ending = ROOM_STATES.filter((state) => endsGathering(ROOM_STATE_POLICIES[state]));
  assert.deepEqual(ending, ["OPEN", "HELD", "DRAINING"]);
  const gathering = ROOM_STATES.filter((state) => ROOM_STATE_POLICIES[state].gathers);
  assert.deepEqual(gathering, ["LOBBY"]);
  assert.equal(endsGathering(ROOM_STATE_POLICIES[STATE_AFTER_OPENING]), true);
});

/** Admits fans one by one, at each of these times, as far as the cell rate algorithm allows. */
function admissions(perMinute: number, timesMs: readonly number[], wanted: number): number[] {
  const { intervalMs, toleranceMs } = admissionPace(perMinute)!;
  const admitted: number[] = [];
  let nextMs = -Infinity;
  for (const nowMs of timesMs) {
    for (let one = 0; one < wanted && nextMs - nowMs <= toleranceMs; one++) {
      admitted.push(nowMs);
      nextMs = Math.max(nextMs, nowMs) + intervalMs;
    }
  }
  return admitted;
}

/** The most that any half-open minute holds. */
function mostInAMinute(admitted: readonly number[]): number {
  let from = 0;
  let most = 0;
  for (const [to, atMs] of admitted.entries()) {
    while (atMs - admitted[from]! >= MINUTE_MS) from++;
    most = Math.max(most, to - from + 1);
  }
  return most;
}

const someRate = fc.oneof(
  fc.integer({ min: 1, max: 130 }),
  fc.integer({ min: 1, max: 6_000 }),
);
const someSteps = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 3 }),
    fc.integer({ min: 0, max: 1_500 }),
    fc.integer({ min: 0, max: 90_000 }),
  ),
  { minLength: 1, maxLength: 300 },
);

Deno.test("L6: no half-open minute holds more than the rate, at any times of calls", () => {
  fc.assert(
    fc.property(
      someRate,
      someSteps,
      fc.integer({ min: 1, max: 400 }),
      (perMinute, steps, wanted) => {
        let nowMs = AT_MS;
        const timesMs = steps.map((step) => nowMs += step);
        const most = mostInAMinute(admissions(perMinute, timesMs, wanted));
        assert.ok(most <= perMinute, `${most} of ${perMinute}`);
      },
    ),
    { seed: SEED, numRuns: 2_000 },
  );
});

Deno.test("the rate is reached by frequent calls, and never exceeded", () => {
  const everyMs = Array.from({ length: 3 * MINUTE_MS }, (_, ms) => AT_MS + ms);
  for (const perMinute of [1, 2, 7, 10, 59, 60, 61, 119, 120, 121, 600, 1_000, 6_000]) {
    const admitted = admissions(perMinute, everyMs, perMinute);
    assert.equal(mostInAMinute(admitted), perMinute);
    // After the burst at the start the rate is a little lower, by at most a second's share.
    const lastMinute = admitted.filter((atMs) => atMs >= AT_MS + 2 * MINUTE_MS).length;
    assert.ok(lastMinute >= Math.floor(perMinute * 59 / 60), `${lastMinute} of ${perMinute}`);
  }
});

Deno.test("L6: admissions one by one add no rounding up, however many there are", () => {
  const everyMs = Array.from({ length: 2 * MINUTE_MS }, (_, ms) => AT_MS + ms);
  for (const perMinute of [6_007, 20_011, 50_021]) {
    assert.ok(mostInAMinute(admissions(perMinute, everyMs, 1)) <= perMinute);
  }
});

Deno.test("a second's share may be admitted at once, and at least one", () => {
  for (const [perMinute, burst] of [[1, 1], [59, 1], [60, 1], [119, 1], [120, 2], [6_000, 100]]) {
    assert.equal(admissions(perMinute!, [AT_MS], 10_000).length, burst);
    const afterSilence = admissions(perMinute!, [AT_MS, AT_MS + 10 * MINUTE_MS], 10_000);
    assert.equal(afterSilence.length, 2 * burst!, "silence is not caught up with");
  }
});

Deno.test("no rate gives no pace", () => {
  assert.equal(admissionPace(null), null);
});

Deno.test("the policies of the states are those of the contract", () => {
  const statesThat = (flag: keyof RoomStatePolicy) =>
    ROOM_STATES.filter((state) => ROOM_STATE_POLICIES[state][flag]);
  assert.deepEqual(statesThat("mayJoin"), ["LOBBY", "OPEN", "HELD"]);
  assert.deepEqual(statesThat("gathers"), ["LOBBY"]);
  assert.deepEqual(statesThat("promotes"), ["OPEN", "DRAINING"]);
  assert.deepEqual(statesThat("isReleasable"), ["HELD"]);
  assert.deepEqual(statesThat("opensByItself"), ["CLOSED", "LOBBY"]);
  assert.deepEqual(statesThat("keepsOpening"), ["LOBBY"]);
});
