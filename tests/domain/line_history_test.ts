import { deepEqual, equal } from "node:assert/strict";
import type { Front } from "../../src/domain/front.ts";
import { lineHistory, type LineSample, shownInLine } from "../../src/domain/line_history.ts";

const FIRST_ORDER = 1000;

/** `called` and `tickets` are numbers of tickets. */
function sample(
  minute: number,
  { called = 0, tickets = 0, admittedTotal = 0, missedTotal = 0, epoch = "one" },
): LineSample {
  const front: Front = {
    epoch,
    takenAtMs: minute * 60_000,
    first: FIRST_ORDER,
    called: FIRST_ORDER + called,
    near: FIRST_ORDER + called,
    waiting: tickets - called,
    rejoined: 0,
    isReforming: false,
    speed: {
      pace: 1,
      admitted: 10,
      ended: 0,
      slotMs: 0,
      surprise: 0,
      called: 0,
      absent: 0,
      seatsLeft: null,
    },
    rules: {
      state: "OPEN",
      opensAtMs: null,
      capacity: 10,
      admissionsPerMinute: null,
      holdTtlMs: 300_000,
      pollMinSeconds: 2,
      pollMaxSeconds: 60,
    },
    rulesVersion: 1,
    seats: "SOME",
    drawnGatherings: 0,
    lot: null,
  };
  const counted = { gathered: 0, parked: 0, admittedTotal, missedTotal, seatsAvailable: null };
  return { front, tickets: FIRST_ORDER + tickets, ...counted };
}

Deno.test("`lineHistory()` gives the rates between two samples", () => {
  const history = lineHistory([
    sample(0, { admittedTotal: 5 }),
    sample(2, { admittedTotal: 25, missedTotal: 3 }),
    sample(3, { admittedTotal: 2, epoch: "two" }),
  ]);
  deepEqual(history.map(({ admittedPerMinute }) => admittedPerMinute), [null, 10, null]);
  deepEqual(history.map(({ missedPerMinute }) => missedPerMinute), [null, 1.5, null]);
});

Deno.test("`lineHistory()` finds when the furthest fan of a sample was called", () => {
  const history = lineHistory([
    sample(0, { called: 10, tickets: 10 }),
    sample(1, { called: 20, tickets: 50 }),
    sample(2, { called: 40, tickets: 70 }),
    sample(3, { called: 60, tickets: 80 }),
  ]);
  // 50 is half-way between 40 and 60. Of those who wait at the third time 60 is called, 70 is not.
  const waited = history.map(({ waited }) => waited && [waited.ahead, waited.seconds]);
  deepEqual(waited, [null, [29, 90], [19, 60], null]);
  deepEqual(
    history[2]!.waited!.estimated,
    shownInLine([sample(2, { called: 40, tickets: 60 })], 1060)[0]!.wait,
  );
});

Deno.test("`lineHistory()` finds no wait over a reset of the line", () => {
  const [before] = lineHistory([
    sample(0, { called: 0, tickets: 5 }),
    sample(1, { called: 9, tickets: 9, epoch: "two" }),
  ]);
  equal(before!.waited, null);
});

Deno.test("`lineHistory()` has the wait that a fan was told who joined then", () => {
  const [moment] = lineHistory([sample(0, { called: 0, tickets: 20 })]);
  // No turn has ended: floor(ahead / capacity) × 300 s.
  equal(moment!.estimatedWait!.seconds, 600);
});

Deno.test("`shownInLine()` is what a fan was told from the join to the turn", () => {
  const samples = [
    sample(0, { called: 10, tickets: 29 }),
    sample(1, { called: 15, tickets: 40 }),
    sample(2, { called: 29, tickets: 60 }),
    sample(3, { called: 30, tickets: 70 }),
  ];
  const shown = shownInLine(samples, FIRST_ORDER + 30);
  deepEqual(shown.map(({ atMs, ahead }) => [atMs / 60_000, ahead]), [[1, 14], [2, 0]]);
  equal(shown[0]!.reason, null);
  const [joiner] = lineHistory([sample(1, { called: 15, tickets: 29 })]);
  deepEqual(shown[0]!.wait, joiner!.estimatedWait);
  deepEqual(shownInLine(samples, 7), [], "a ticket of an earlier epoch");
  deepEqual(shownInLine(samples, -3), [], "nobody in a lobby is told a position");
});
