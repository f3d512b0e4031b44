import assert from "node:assert/strict";
import fc from "fast-check";
import {
  estimatedWaitSeconds,
  gatheredPollAfterSeconds,
  pollAfterSeconds,
} from "../../src/domain/polling.ts";
import {
  DRAW_PROBES,
  orderAfterReset,
  orderBeforeFirst,
  orderOfGathered,
  orderOfGatheredAfterReset,
  type Pace,
  type RulesSnapshot,
  showUpWindowMs,
  TICKET_SPAN,
  ticketOf,
} from "../../src/domain/queue.ts";

const SEED = 20_300_101;
const UNMEASURED: Pace = { promoted: 0, overMs: 0 };
const RULES: RulesSnapshot = {
  state: "OPEN",
  opensAtMs: null,
  capacity: 1_000,
  admissionsPerMinute: null,
  holdTtlMs: 300_000,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
};
const WAITING_TTL_MS = 21_600_000;
const AT_MS = Date.UTC(2030, 0, 1);
const DAY_MS = 86_400_000;

function clockwork(random: number, nowMs = AT_MS) {
  return { waitingTtlMs: WAITING_TTL_MS, nowMs, random };
}

Deno.test("`showUpWindowMs()` is the longest poll and the time to show up", () => {
  assert.equal(showUpWindowMs(60_000, 60), 120_000);
  assert.equal(showUpWindowMs(500, 7), 7_500);
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

Deno.test("a ticket is ahead of every ticket of a later epoch, with its number", () => {
  const orders = [AT_MS, AT_MS + 20_000, AT_MS + DAY_MS].flatMap((beganMs) =>
    [1, 2, 1_000_000].map((ticket) => orderBeforeFirst(beganMs) + ticket)
  );
  const first = orderBeforeFirst(AT_MS + 2 * DAY_MS);
  assert.deepEqual(orders.map((order) => orderAfterReset(order, first)), orders);
  assert.ok(orders.every((order, index) => order < (orders[index + 1] ?? first)));
});

Deno.test("a ticket of an epoch that began a moment ago is ahead too", () => {
  const first = orderBeforeFirst(AT_MS);
  const [one, two] = [orderAfterReset(first + 1, first), orderAfterReset(first + 2, first)];
  assert.ok(one < two && two < first);
  assert.deepEqual([ticketOf(one), ticketOf(two)], [1, 2]);
});

Deno.test("a gathered fan is, after a reset, ahead of every ticket of that epoch", () => {
  const first = orderBeforeFirst(AT_MS);
  const tokens = [1, 2, 1_000_000].map((number) => orderOfGathered(first, number));
  const shares = [0, 0.5, 1 - 2 ** -52];
  for (const resetMs of [AT_MS, AT_MS + 20_000, AT_MS + DAY_MS]) {
    const next = orderBeforeFirst(resetMs);
    const ofTickets = [1, 1_000_000].map((ticket) => orderAfterReset(first + ticket, next));
    for (const token of tokens) {
      assert.ok(token < 0);
      const back = shares.map((share) => orderOfGatheredAfterReset(token, share, next));
      assert.deepEqual(back, back.toSorted((a, b) => a - b), "in the order of the draw");
      assert.equal(new Set(back).size, shares.length);
      assert.ok(back.every((order) => order + DRAW_PROBES <= Math.min(...ofTickets)));
      assert.ok(back.every((order) => order > 0 && ticketOf(order) + DRAW_PROBES <= TICKET_SPAN));
    }
  }
});

Deno.test("a fan who gathered in an earlier epoch is ahead of a later epoch's", () => {
  const [earlier, later] = [AT_MS, AT_MS + 40_000].map((beganMs) =>
    orderOfGathered(orderBeforeFirst(beganMs), 1)
  );
  const first = orderBeforeFirst(AT_MS + DAY_MS);
  const last = orderOfGatheredAfterReset(earlier!, 1 - 2 ** -52, first);
  assert.ok(last < orderOfGatheredAfterReset(later!, 0, first));
});

Deno.test("before a rate is measured a full house takes 300 s to turn over", () => {
  const expected = [[0, 0], [999, 0], [1_000, 300], [1_999, 300], [2_000, 600], [25_500, 7_500]];
  for (const [ahead, seconds] of expected) {
    assert.equal(estimatedWaitSeconds(ahead!, UNMEASURED, RULES), seconds);
  }
});

Deno.test("too few promotions, or too short a time, are no rate", () => {
  assert.equal(estimatedWaitSeconds(1_000, { promoted: 4, overMs: 60_000 }, RULES), 300);
  assert.equal(estimatedWaitSeconds(1_000, { promoted: 500, overMs: 999 }, RULES), 300);
});

Deno.test("the wait follows the measured rate", () => {
  assert.equal(estimatedWaitSeconds(100, { promoted: 5, overMs: 10_000 }, RULES), 200);
  assert.equal(estimatedWaitSeconds(0, { promoted: 5, overMs: 10_000 }, RULES), 0);
  assert.equal(estimatedWaitSeconds(1, { promoted: 600, overMs: 300_000 }, RULES), 1);
  assert.equal(estimatedWaitSeconds(5_000, { promoted: 600, overMs: 300_000 }, RULES), 2_500);
});

Deno.test("the wait is no shorter than the rate allows", () => {
  const slow = { ...RULES, admissionsPerMinute: 7 };
  const fast = { ...RULES, admissionsPerMinute: 60_000 };
  assert.equal(estimatedWaitSeconds(1_000, UNMEASURED, slow), 8_572);
  assert.equal(estimatedWaitSeconds(1_000, UNMEASURED, fast), 300);
  assert.equal(estimatedWaitSeconds(0, UNMEASURED, slow), 0);
  const measured = { promoted: 600, overMs: 300_000 };
  assert.equal(estimatedWaitSeconds(5_000, measured, slow), 42_858);
  assert.equal(estimatedWaitSeconds(5_000, measured, fast), 2_500);
});

const someWait = fc.record({
  ahead: fc.integer({ min: 0, max: 2_000_000 }),
  pace: fc.record({
    promoted: fc.integer({ min: 0, max: 100_000 }),
    overMs: fc.integer({ min: 0, max: 300_000 }),
  }),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  rules: fc.record({
    capacity: fc.integer({ min: 1, max: 100_000 }),
    admissionsPerMinute: fc.option(fc.integer({ min: 1, max: 100_000 })),
    pollMinSeconds: fc.integer({ min: 1, max: 100 }),
    above: fc.integer({ min: 0, max: 200 }),
  }).map(({ above, ...rules }) => ({
    ...RULES,
    ...rules,
    pollMaxSeconds: rules.pollMinSeconds + above,
  })),
});

Deno.test("polls are whole seconds within the bounds", () => {
  fc.assert(
    fc.property(someWait, ({ ahead, pace, rules, random }) => {
      const seconds = pollAfterSeconds(ahead, pace, rules, clockwork(random));
      assert.ok(Number.isInteger(seconds));
      assert.ok(seconds >= rules.pollMinSeconds && seconds <= rules.pollMaxSeconds);
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

Deno.test("nobody nearer the front polls later", () => {
  fc.assert(
    fc.property(someWait, fc.nat({ max: 1_000_000 }), ({ ahead, pace, rules, random }, more) => {
      const nearer = pollAfterSeconds(ahead, pace, rules, clockwork(random));
      assert.ok(nearer <= pollAfterSeconds(ahead + more, pace, rules, clockwork(random)));
    }),
    { seed: SEED, numRuns: 2_000 },
  );
});

Deno.test("the first polls at the least interval, the last within jitter of the longest", () => {
  assert.equal(pollAfterSeconds(0, UNMEASURED, RULES, clockwork(0)), 2);
  assert.equal(pollAfterSeconds(0, UNMEASURED, RULES, clockwork(0.999)), 3, "spread over a second");
  assert.equal(pollAfterSeconds(1_000_000, UNMEASURED, RULES, clockwork(0)), 50);
  assert.equal(pollAfterSeconds(1_000_000, UNMEASURED, RULES, clockwork(0.999)), 60);
  const between = pollAfterSeconds(500, UNMEASURED, RULES, clockwork(0.5));
  assert.ok(between > 2 && between < 50, `${between}`);
});

Deno.test("no poll pace is longer than the place lives", () => {
  for (const waitingTtlSeconds of [2, 3, 10, 59]) {
    const rules = { ...RULES, pollMinSeconds: 60 };
    const silent = { ...clockwork(0.999), waitingTtlMs: waitingTtlSeconds * 1000 };
    for (const ahead of [0, 1_000_000]) {
      assert.ok(pollAfterSeconds(ahead, UNMEASURED, rules, silent) <= waitingTtlSeconds / 2);
    }
  }
});

Deno.test("polls of a crowd are spread", () => {
  const randoms = Array.from({ length: 100 }, (_, i) => i / 100);
  const polls = randoms.map((random) =>
    pollAfterSeconds(1_000_000, UNMEASURED, RULES, clockwork(random))
  );
  assert.ok(new Set(polls).size >= 10);
});

Deno.test("with one bound for both there is one interval", () => {
  const rules = { ...RULES, pollMinSeconds: 5, pollMaxSeconds: 5 };
  for (const ahead of [0, 1_000, 1_000_000]) {
    for (const random of [0, 0.5, 0.999]) {
      assert.equal(pollAfterSeconds(ahead, UNMEASURED, rules, clockwork(random)), 5);
    }
  }
});

Deno.test("nobody polls sooner than the rate makes sense of", () => {
  const slow = { ...RULES, admissionsPerMinute: 6 };
  assert.equal(pollAfterSeconds(0, UNMEASURED, slow, clockwork(0)), 2);
  assert.equal(pollAfterSeconds(20, UNMEASURED, RULES, clockwork(0)), 2);
  assert.equal(pollAfterSeconds(20, UNMEASURED, slow, clockwork(0)), 40);
});

const LOBBY: RulesSnapshot = { ...RULES, state: "LOBBY" };

Deno.test("a gathered fan polls at the longest pace, long before the opening", () => {
  for (const opensAtMs of [null, AT_MS + 60_000, AT_MS + DAY_MS, AT_MS - 1]) {
    const rules = { ...LOBBY, opensAtMs };
    assert.equal(gatheredPollAfterSeconds(rules, clockwork(0)), 50);
    assert.equal(gatheredPollAfterSeconds(rules, clockwork(0.999)), 60);
  }
});

Deno.test("a gathered fan polls some seconds after an opening that is near", () => {
  for (const opensInMs of [1, 1_000, 12_345, 30_000, 59_000]) {
    const rules = { ...LOBBY, opensAtMs: AT_MS + opensInMs };
    for (const random of [0, 0.3, 0.999, 1 - 2 ** -53]) {
      const seconds = gatheredPollAfterSeconds(rules, clockwork(random));
      assert.ok(Number.isInteger(seconds) && seconds <= 60, `${seconds}`);
      assert.ok(seconds * 1000 > opensInMs, `${seconds} s for ${opensInMs} ms`);
    }
    const soonest = gatheredPollAfterSeconds(rules, clockwork(0));
    assert.equal(soonest, Math.ceil(opensInMs / 1000) + 1);
  }
});

Deno.test("the polls of all who gathered are spread over the minute after the opening", () => {
  const fansEachMs = 3;
  const perSecond = new Map<number, number>();
  const opensAtMs = AT_MS + 60_000;
  for (let fan = 0; fan < 60_000 * fansEachMs; fan++) {
    const beforeMs = 1 + Math.floor(fan / fansEachMs);
    const random = ((fan * 2_654_435_761) % 2 ** 32) / 2 ** 32;
    const seconds = gatheredPollAfterSeconds(
      { ...LOBBY, opensAtMs },
      clockwork(random, opensAtMs - beforeMs),
    );
    const second = Math.floor((seconds * 1000 - beforeMs) / 1000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  const evenShare = 1000 * fansEachMs;
  assert.ok(Math.max(...perSecond.values()) <= 2.2 * evenShare);
});

Deno.test("the poll pace of a gathered fan is never longer than the place lives", () => {
  const short = { waitingTtlMs: 20_000, nowMs: AT_MS, random: 0.999 };
  assert.equal(gatheredPollAfterSeconds(LOBBY, short), 10);
  assert.equal(gatheredPollAfterSeconds({ ...LOBBY, opensAtMs: AT_MS + 4_000 }, short), 10);
  const rare = { ...LOBBY, pollMinSeconds: 20, opensAtMs: AT_MS + 1_000 };
  assert.equal(gatheredPollAfterSeconds(rare, clockwork(0)), 20, "not sooner than the bound");
});
