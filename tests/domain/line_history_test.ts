import { deepEqual, equal } from "node:assert/strict";
import type { Front } from "../../src/domain/front.ts";
import {
  isRecent,
  lineHistory,
  type LineSample,
  recentlyCalled,
  shownInLine,
  waitCheck,
} from "../../src/domain/line_history.ts";

const FIRST_ORDER = 1000;

/** `called` and `tickets` are numbers of tickets. */
function sample(
  minute: number,
  { called = 0, tickets = 0, admittedTotal = 0, missedTotal = 0, epoch = "one", rejoined = 0 },
): LineSample {
  const front: Front = {
    epoch,
    takenAtMs: minute * 60_000,
    first: FIRST_ORDER,
    called: FIRST_ORDER + called,
    near: FIRST_ORDER + called,
    waiting: tickets - called,
    rejoined,
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

Deno.test("`lineHistory()` gives the rates whenever the samples were taken", () => {
  const history = lineHistory([
    sample(30, { admittedTotal: 5 }),
    sample(32, { admittedTotal: 25 }),
    sample(32, { admittedTotal: 26 }),
  ]);
  // Two samples of one moment are a millisecond apart.
  deepEqual(history.map(({ admittedPerMinute }) => admittedPerMinute), [null, 10, 60_000]);
});

Deno.test("a sample is recent for an hour", () => {
  deepEqual([0, 3_599_999, 3_600_000].map((ageMs) => isRecent(5_000, 5_000 + ageMs)), [
    true,
    true,
    false,
  ]);
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

Deno.test("`lineHistory()` takes an even pace between two samples alone", () => {
  const [, history] = lineHistory([
    sample(0, { called: 0, tickets: 0 }),
    sample(10, { called: 0, tickets: 50 }),
    sample(11, { called: 40, tickets: 60 }),
    sample(61, { called: 60, tickets: 60 }),
  ]);
  // 40 were called in a minute, then 20 in 50 minutes: the 50th after 25 of them.
  deepEqual(history!.waited && [history!.waited.ahead, history!.waited.seconds], [49, 26 * 60]);
});

Deno.test("`lineHistory()` finds the waits that ended before a reset", () => {
  const [first] = lineHistory([
    sample(0, { called: 0, tickets: 5 }),
    sample(1, { called: 5, tickets: 5 }),
    sample(2, { called: 0, tickets: 9, epoch: "two" }),
  ]);
  equal(first!.waited!.seconds, 60);
});

Deno.test("`lineHistory()` finds no wait of fans who rejoined: they have no ticket of the epoch", () => {
  const [first] = lineHistory([
    sample(0, { called: -500, tickets: 0 }),
    sample(1, { called: 0, tickets: 0 }),
  ]);
  equal(first!.waited, null);
});

Deno.test("whoever rejoined after a reset is in front of a new fan", () => {
  const waits = [8, 10, 20].map((rejoined) =>
    lineHistory([sample(0, { called: 3, tickets: 4, rejoined })])[0]!.estimatedWait!.seconds
  );
  deepEqual(waits, [0, 300, 600], "ten at a time");
  const [empty] = lineHistory([sample(0, { called: 3, tickets: 3, rejoined: 9 })]);
  equal(empty!.estimatedWait!.seconds, 0);
  // The count of the tickets may be a moment older than that of the called.
  const [older] = lineHistory([sample(0, { called: 4, tickets: 3, rejoined: 10 })]);
  equal(older!.estimatedWait!.seconds, 300);
  const [shown] = shownInLine([sample(0, { called: 3, tickets: 9, rejoined: 20 })], 1_009);
  equal(shown!.ahead, 25);
});

Deno.test("`recentlyCalled()` takes the oldest sample of a quarter of an hour in which the line moved", () => {
  const line = [0, 4, 5, 6, 19, 20].map((minute) =>
    sample(minute, { called: 10 * minute, tickets: 150 })
  );
  const at = (minute: number) => ({
    takenAtMs: minute * 60_000,
    called: FIRST_ORDER + 10 * minute,
  });
  const nowMs = 20 * 60_000;
  const found = recentlyCalled(line, nowMs);
  deepEqual(found, { sample: line[2], before: at(6), after: at(19) });
  deepEqual(waitCheck(found)?.seconds, lineHistory(line)[2]!.waited!.seconds);
  const held = { ...line[2]!, front: { ...line[2]!.front, seats: "HELD" as const } };
  equal(recentlyCalled(line.with(2, held), nowMs)?.sample, line[3]);
  equal(recentlyCalled(line.slice(0, 3), nowMs), null);
  equal(recentlyCalled([], nowMs), null);
});
