import assert from "node:assert/strict";
import fc from "fast-check";
import { gatheredPollAfterSeconds, pollAfterSeconds } from "../../src/domain/polling.ts";
import type { RulesSnapshot } from "../../src/domain/queue.ts";
import { RULES } from "../support/fronts.ts";

const SEED = 20_300_101;
const ASSUMED = 1_000 / 300;
const NOBODY_GOES_IN = 0;
const WAITING_TTL_MS = 21_600_000;
const AT_MS = Date.UTC(2030, 0, 1);
const DAY_MS = 86_400_000;

function clockwork(random: number, nowMs = AT_MS) {
  return { waitingTtlMs: WAITING_TTL_MS, nowMs, random };
}

const someWait = fc.record({
  ahead: fc.integer({ min: 0, max: 2_000_000 }),
  pace: fc.double({ min: 0, max: 100_000, noNaN: true }),
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
  assert.equal(pollAfterSeconds(0, ASSUMED, RULES, clockwork(0)), 2);
  assert.equal(pollAfterSeconds(0, ASSUMED, RULES, clockwork(0.999)), 2);
  assert.equal(pollAfterSeconds(1, ASSUMED, RULES, clockwork(0.999)), 3, "spread over a second");
  assert.equal(pollAfterSeconds(1_000_000, ASSUMED, RULES, clockwork(0)), 50);
  assert.equal(pollAfterSeconds(1_000_000, ASSUMED, RULES, clockwork(0.999)), 60);
  const between = pollAfterSeconds(250, ASSUMED, RULES, clockwork(0.5));
  assert.ok(between > 2 && between < 50, `${between}`);
});

Deno.test("no poll pace is longer than the place lives", () => {
  for (const waitingTtlSeconds of [2, 3, 10, 59]) {
    const rules = { ...RULES, pollMinSeconds: 60 };
    const silent = { ...clockwork(0.999), waitingTtlMs: waitingTtlSeconds * 1000 };
    for (const ahead of [0, 1_000_000]) {
      assert.ok(pollAfterSeconds(ahead, ASSUMED, rules, silent) <= waitingTtlSeconds / 2);
    }
  }
});

Deno.test("two polls fit into the time that ages out a place, and each is a second at least", () => {
  const longest = (waitingTtlMs: number) =>
    pollAfterSeconds(1_000_000, ASSUMED, RULES, { waitingTtlMs, random: 0.999 });
  assert.deepEqual([3_999, 4_000, 8_000].map(longest), [1, 2, 4]);
  assert.equal(longest(1_000), 1);
});

Deno.test("the longest polls are spread over a second at least", () => {
  const rules = { ...RULES, pollMinSeconds: 1, pollMaxSeconds: 2 };
  const polls = [0, 0.999].map((random) =>
    pollAfterSeconds(1_000_000, ASSUMED, rules, clockwork(random))
  );
  assert.deepEqual(polls, [1, 2]);
});

Deno.test("polls of a crowd are spread", () => {
  const randoms = Array.from({ length: 100 }, (_, i) => i / 100);
  const polls = randoms.map((random) =>
    pollAfterSeconds(1_000_000, ASSUMED, RULES, clockwork(random))
  );
  assert.ok(new Set(polls).size >= 10);
});

Deno.test("with one bound for both there is one interval", () => {
  const rules = { ...RULES, pollMinSeconds: 5, pollMaxSeconds: 5 };
  for (const ahead of [0, 1_000, 1_000_000]) {
    for (const random of [0, 0.5, 0.999]) {
      assert.equal(pollAfterSeconds(ahead, ASSUMED, rules, clockwork(random)), 5);
    }
  }
});

Deno.test("while nobody goes in only the first polls at the least interval", () => {
  assert.equal(pollAfterSeconds(0, NOBODY_GOES_IN, RULES, clockwork(0)), 2);
  assert.equal(pollAfterSeconds(1, NOBODY_GOES_IN, RULES, clockwork(0)), 50);
  assert.equal(pollAfterSeconds(1, NOBODY_GOES_IN, RULES, clockwork(0.999)), 60);
});

const LOBBY: RulesSnapshot = { ...RULES, state: "LOBBY" };
const takenNow = (rules: RulesSnapshot) => ({ rules, takenAtMs: AT_MS });

Deno.test("a gathered fan polls at the longest pace, long before the opening", () => {
  for (const opensAtMs of [null, AT_MS + 60_000, AT_MS + DAY_MS, AT_MS - 1]) {
    const rules = { ...LOBBY, opensAtMs };
    assert.equal(gatheredPollAfterSeconds(takenNow(rules), clockwork(0)), 50);
    assert.equal(gatheredPollAfterSeconds(takenNow(rules), clockwork(0.999)), 60);
  }
});

Deno.test("a gathered fan polls some seconds after an opening that is near", () => {
  for (const opensInMs of [1, 1_000, 12_345, 30_000, 30_001, 59_000]) {
    const rules = { ...LOBBY, opensAtMs: AT_MS + opensInMs };
    for (const random of [0, 0.3, 0.999, 1 - 2 ** -53]) {
      const seconds = gatheredPollAfterSeconds(takenNow(rules), clockwork(random));
      assert.ok(Number.isInteger(seconds) && seconds <= 60, `${seconds}`);
      assert.ok(seconds * 1000 > opensInMs, `${seconds} s for ${opensInMs} ms`);
    }
    const soonest = gatheredPollAfterSeconds(takenNow(rules), clockwork(0));
    assert.equal(soonest, Math.ceil(opensInMs / 1000) + 1);
  }
});

Deno.test("a quarter of the fans who gathered polls in the first half of the time after the opening", () => {
  const rules = { ...LOBBY, opensAtMs: AT_MS + 11_000 };
  // From the 12th second on, half of the 49 seconds until the 60th.
  assert.equal(gatheredPollAfterSeconds(takenNow(rules), clockwork(0.25)), 12 + 24);
});

Deno.test("the age of the rules, in begun seconds, shortens the longest poll of a gathered fan", () => {
  const after = (ageMs: number) =>
    gatheredPollAfterSeconds({ rules: LOBBY, takenAtMs: AT_MS - ageMs }, clockwork(0.999));
  assert.deepEqual([-5_000, 0, 28_000, 28_001].map(after), [60, 60, 32, 31]);
});

Deno.test("a gathered fan polls within the longest interval since the rules were read", () => {
  for (const opensAtMs of [null, AT_MS - 1, AT_MS + 20_000]) {
    const read = { rules: { ...LOBBY, opensAtMs }, takenAtMs: AT_MS - 28_500 };
    for (const random of [0, 0.999]) {
      assert.ok(gatheredPollAfterSeconds(read, clockwork(random)) <= 31);
    }
  }
});

Deno.test("the polls of all who gathered are spread over the minute after the opening", () => {
  const fansEachMs = 3;
  const perSecond = new Map<number, number>();
  const opensAtMs = AT_MS + 60_000;
  for (let fan = 0; fan < 60_000 * fansEachMs; fan++) {
    const beforeMs = 1 + Math.floor(fan / fansEachMs);
    const random = ((fan * 2_654_435_761) % 2 ** 32) / 2 ** 32;
    const atMs = opensAtMs - beforeMs;
    const read = { rules: { ...LOBBY, opensAtMs }, takenAtMs: atMs };
    const seconds = gatheredPollAfterSeconds(read, clockwork(random, atMs));
    const second = Math.floor((seconds * 1000 - beforeMs) / 1000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  const evenShare = 1000 * fansEachMs;
  assert.ok(Math.max(...perSecond.values()) <= 2.2 * evenShare);
});

Deno.test("the poll pace of a gathered fan is never longer than the place lives", () => {
  const short = { waitingTtlMs: 20_000, nowMs: AT_MS, random: 0.999 };
  assert.equal(gatheredPollAfterSeconds(takenNow(LOBBY), short), 10);
  assert.equal(
    gatheredPollAfterSeconds(takenNow({ ...LOBBY, opensAtMs: AT_MS + 4_000 }), short),
    10,
  );
  const rare = { ...LOBBY, pollMinSeconds: 20, opensAtMs: AT_MS + 1_000 };
  assert.equal(
    gatheredPollAfterSeconds(takenNow(rare), clockwork(0)),
    20,
    "not sooner than the bound",
  );
});
