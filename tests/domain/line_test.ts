import assert from "node:assert/strict";
import fc from "fast-check";
import {
  estimatedWaitSeconds,
  lineAnswer,
  type LineSettings,
  orderAfterReset,
  orderBeforeFirst,
  type Pace,
  pollAfterSeconds,
  showUpWindowMs,
  ticketOf,
} from "../../src/domain/line.ts";

const SEED = 20_300_101;
const UNMEASURED: Pace = { promoted: 0, overMs: 0 };
const SETTINGS: LineSettings = {
  capacity: 1_000,
  admissionTtlMs: 900_000,
  showUpMs: 60_000,
  waitingTtlMs: 21_600_000,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
};
const AT_MS = Date.UTC(2030, 0, 1);
const DAY_MS = 86_400_000;

Deno.test("`showUpWindowMs()` is the longest poll and the time to show up", () => {
  assert.equal(showUpWindowMs(SETTINGS), 120_000);
  assert.equal(showUpWindowMs({ ...SETTINGS, pollMaxSeconds: 7, showUpMs: 500 }), 7_500);
});

Deno.test("tickets of every epoch are numbered from 1", () => {
  for (const atMs of [AT_MS, Date.UTC(2105, 0, 1)]) {
    for (const ticket of [1, 2, 33_554_431]) {
      const order = orderBeforeFirst(atMs) + ticket;
      assert.ok(Number.isSafeInteger(order));
      assert.equal(ticketOf(order), ticket);
    }
  }
});

Deno.test("a ticket stands ahead of every ticket of a later epoch, with its number", () => {
  const orders = [AT_MS, AT_MS + 20_000, AT_MS + DAY_MS].flatMap((beganMs) =>
    [1, 2, 1_000_000].map((ticket) => orderBeforeFirst(beganMs) + ticket)
  );
  const first = orderBeforeFirst(AT_MS + 2 * DAY_MS);
  assert.deepEqual(orders.map((order) => orderAfterReset(order, first)), orders);
  assert.ok(orders.every((order, index) => order < (orders[index + 1] ?? first)));
});

Deno.test("a ticket of an epoch that began a moment ago stands ahead too", () => {
  const first = orderBeforeFirst(AT_MS);
  const [one, two] = [orderAfterReset(first + 1, first), orderAfterReset(first + 2, first)];
  assert.ok(one < two && two < first);
  assert.deepEqual([ticketOf(one), ticketOf(two)], [1, 2]);
});

Deno.test("before a rate is measured a full house takes 300 s to turn over", () => {
  const expected = [[0, 0], [999, 0], [1_000, 300], [1_999, 300], [2_000, 600], [25_500, 7_500]];
  for (const [ahead, seconds] of expected) {
    assert.equal(estimatedWaitSeconds(ahead!, UNMEASURED, 1_000), seconds);
  }
});

Deno.test("too few promotions, or too short a time, are no rate", () => {
  assert.equal(estimatedWaitSeconds(1_000, { promoted: 4, overMs: 60_000 }, 1_000), 300);
  assert.equal(estimatedWaitSeconds(1_000, { promoted: 500, overMs: 999 }, 1_000), 300);
});

Deno.test("the wait follows the measured rate", () => {
  assert.equal(estimatedWaitSeconds(100, { promoted: 5, overMs: 10_000 }, 1_000), 200);
  assert.equal(estimatedWaitSeconds(0, { promoted: 5, overMs: 10_000 }, 1_000), 0);
  assert.equal(estimatedWaitSeconds(1, { promoted: 600, overMs: 300_000 }, 1_000), 1);
  assert.equal(estimatedWaitSeconds(5_000, { promoted: 600, overMs: 300_000 }, 1_000), 2_500);
});

const someWait = fc.record({
  ahead: fc.integer({ min: 0, max: 2_000_000 }),
  pace: fc.record({
    promoted: fc.integer({ min: 0, max: 100_000 }),
    overMs: fc.integer({ min: 0, max: 300_000 }),
  }),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  settings: fc.record({
    capacity: fc.integer({ min: 1, max: 100_000 }),
    pollMinSeconds: fc.integer({ min: 1, max: 100 }),
    above: fc.integer({ min: 0, max: 200 }),
  }).map(({ capacity, pollMinSeconds, above }) => ({
    ...SETTINGS,
    capacity,
    pollMinSeconds,
    pollMaxSeconds: pollMinSeconds + above,
  })),
});

Deno.test("polls are whole seconds within the bounds", () => {
  fc.assert(
    fc.property(someWait, ({ ahead, pace, settings, random }) => {
      const seconds = pollAfterSeconds(ahead, pace, settings, random);
      assert.ok(Number.isInteger(seconds));
      assert.ok(seconds >= settings.pollMinSeconds && seconds <= settings.pollMaxSeconds);
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

Deno.test("nobody nearer the front polls later", () => {
  fc.assert(
    fc.property(someWait, fc.nat({ max: 1_000_000 }), ({ ahead, pace, settings, random }, more) => {
      const nearer = pollAfterSeconds(ahead, pace, settings, random);
      assert.ok(nearer <= pollAfterSeconds(ahead + more, pace, settings, random));
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

Deno.test("the first polls at the least interval, the last within jitter of the longest", () => {
  assert.equal(pollAfterSeconds(0, UNMEASURED, SETTINGS, 0), 2);
  assert.equal(pollAfterSeconds(0, UNMEASURED, SETTINGS, 0.999), 3, "spread over a second");
  assert.equal(pollAfterSeconds(1_000_000, UNMEASURED, SETTINGS, 0), 50);
  assert.equal(pollAfterSeconds(1_000_000, UNMEASURED, SETTINGS, 0.999), 60);
  const between = pollAfterSeconds(500, UNMEASURED, SETTINGS, 0.5);
  assert.ok(between > 2 && between < 50, `${between}`);
});

Deno.test("nobody is told to be silent for longer than keeps the place", () => {
  for (const waitingTtlSeconds of [2, 3, 10, 59]) {
    const settings = { ...SETTINGS, pollMinSeconds: 60, waitingTtlMs: waitingTtlSeconds * 1000 };
    for (const ahead of [0, 1_000_000]) {
      assert.ok(pollAfterSeconds(ahead, UNMEASURED, settings, 0.999) <= waitingTtlSeconds / 2);
    }
  }
});

Deno.test("polls of a crowd are spread", () => {
  const randoms = Array.from({ length: 100 }, (_, i) => i / 100);
  const polls = randoms.map((random) => pollAfterSeconds(1_000_000, UNMEASURED, SETTINGS, random));
  assert.ok(new Set(polls).size >= 10);
});

Deno.test("with one bound for both there is one interval", () => {
  const settings = { ...SETTINGS, pollMinSeconds: 5, pollMaxSeconds: 5 };
  for (const ahead of [0, 1_000, 1_000_000]) {
    for (const random of [0, 0.5, 0.999]) {
      assert.equal(pollAfterSeconds(ahead, UNMEASURED, settings, random), 5);
    }
  }
});

Deno.test("`lineAnswer()` of a waiting fan", () => {
  const standing = {
    state: "WAITING",
    ahead: 2_500,
    aheadIsExact: false,
    expiresAtMs: AT_MS,
    pace: UNMEASURED,
  } as const;
  assert.deepEqual(lineAnswer(7, standing, SETTINGS, 0), {
    state: "WAITING",
    ticket: 7,
    position: 2_501,
    ahead: 2_500,
    positionIsExact: false,
    estimatedWaitSeconds: 600,
    pollAfterSeconds: 50,
    expiresAt: "2030-01-01T00:00:00.000Z",
    reason: null,
  });
  const first = lineAnswer(7, { ...standing, ahead: 0, aheadIsExact: true }, SETTINGS, 0);
  assert.equal(first.position, 1);
  assert.equal(first.ahead, 0);
  assert.equal(first.positionIsExact, true);
  assert.equal(first.estimatedWaitSeconds, 0);
});

const NOTHING = {
  position: null,
  ahead: null,
  positionIsExact: null,
  estimatedWaitSeconds: null,
  pollAfterSeconds: null,
  expiresAt: null,
  reason: null,
};

Deno.test("`lineAnswer()` of an admitted fan tells the end and nothing of a line", () => {
  const answer = lineAnswer(7, { state: "ADMITTED", expiresAtMs: AT_MS }, SETTINGS, 0);
  const expiresAt = "2030-01-01T00:00:00.000Z";
  assert.deepEqual(answer, { ...NOTHING, state: "ADMITTED", ticket: 7, expiresAt });
});

Deno.test("`lineAnswer()` of a place that is gone tells the reason alone", () => {
  for (const reason of ["ENDED", "LINE_RESET"] as const) {
    const answer = lineAnswer(orderBeforeFirst(AT_MS) + 7, { state: "GONE", reason }, SETTINGS, 0);
    assert.deepEqual(answer, { ...NOTHING, state: "GONE", ticket: 7, reason });
  }
});
