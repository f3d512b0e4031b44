import assert from "node:assert/strict";
import { pollAfterSeconds } from "../../../src/domain/polling.ts";
import {
  allowance,
  callScore,
  correctedArrival,
  nearLimit,
  outageMs,
  showUpDeadline,
  timeOfCall,
} from "../../../src/domain/promotion.ts";
import {
  ordersPerSecond,
  rememberedShare,
  slotSeconds,
  turnsTogether,
  usedShare,
} from "../../../src/domain/line_speed.ts";
import { admissionPace } from "../../../src/domain/room.ts";
import { QUEUE_BOUNDS } from "../../../src/domain/queue_bounds.ts";
import { writeNumbers } from "../../../src/adapters/upstash/queue_numbers.ts";
import DECISIONS from "../../../src/adapters/upstash/lua/shared/decisions.lua" with {
  type: "text",
};
import ANSWER from "../../../src/adapters/upstash/lua/shared/answer.lua" with { type: "text" };
import PROLOGUE from "../../../src/adapters/upstash/lua/shared/prologue.lua" with { type: "text" };
import SPEED from "../../../src/adapters/upstash/lua/shared/speed.lua" with { type: "text" };
import { withSeed } from "../../support/random.ts";
import { openUpstash, type UpstashForTests, upstashParts } from "../../support/upstash.ts";

const ROUNDS = 2_000;
const [NOW, SHOW_UP, WAITING_TTL] = [1_893_456_000_000, 60_000, 21_600_000];

/** Calls a function of `decisions.lua` for each case {fields, args}; returns all its results. */
const DISPATCH = `
local results = {}
for _, case in ipairs(cjson.decode(ARGV[4])) do
  R = case.fields
  local args = {}
  for i = 1, case.count do args[i] = case.args[i] ~= cjson.null and case.args[i] or nil end
  local found = { FUNCTION(args[1], args[2], args[3]) }
  for i, value in ipairs(found) do found[i] = text(value) end
  results[#results + 1] = table.concat(found, ' ')
end
return results`;

interface Case {
  readonly fields: Readonly<Record<string, number>>;
  readonly args: readonly (number | null)[];
  readonly expected: readonly number[];
}

let upstash: UpstashForTests | undefined;
Deno.test.beforeAll(async () => {
  upstash = await openUpstash();
});
Deno.test.afterAll(async () => {
  await upstash?.close();
});

/** The Lua function gives what the domain gives, for random inputs. */
function sameAsDomain(name: string, draw: (random: () => number) => Case): void {
  Deno.test(`decisions.lua: \`${name}()\` decides as the domain does`, () =>
    withSeed("tests/adapters/upstash/decisions_test.ts", async (random) => {
      const { redis, script } = upstashParts(upstash!.endpoint, () => NOW);
      const cases = Array.from({ length: ROUNDS }, () => draw(random));
      const sent = cases.map(({ fields, args }) => ({ fields, args, count: args.length }));
      const found = await redis.run({
        script: script(
          ...[PROLOGUE, ANSWER, DECISIONS, SPEED, DISPATCH.replace("FUNCTION", name)]
            .map(writeNumbers(QUEUE_BOUNDS)),
        ),
        keys: ["decisions"],
        args: [NOW, SHOW_UP, WAITING_TTL, JSON.stringify(sent)],
      }) as readonly string[];
      assert.equal(found.length, ROUNDS);
      cases.forEach(({ expected, ...input }, i) => {
        const result = found[i]!.split(" ").filter(Boolean).map(Number);
        assert.deepEqual(result, expected, JSON.stringify(input));
      });
    }));
}

const pick = <Value>(random: () => number, ...values: readonly Value[]): Value =>
  values[Math.floor(random() * values.length)]!;
const upTo = (random: () => number, most: number) => Math.floor(random() * (most + 1));
const near = (random: () => number, ms: number, spread: number) =>
  ms - spread + upTo(random, 2 * spread);

sameAsDomain("poll_after_seconds", (random) => {
  const pollMinSeconds = 1 + upTo(random, 5);
  const pollMaxSeconds = pollMinSeconds + upTo(random, 300);
  const pace = pick(random, 0, random() * 100);
  const [ahead, chance] = [pick(random, 0, 1, upTo(random, 100), upTo(random, 1e6)), random()];
  const rules = {
    state: "OPEN",
    opensAtMs: null,
    capacity: 1,
    admissionsPerMinute: null,
    holdTtlMs: 1,
    pollMinSeconds,
    pollMaxSeconds,
  } as const;
  const context = { waitingTtlMs: WAITING_TTL, random: chance };
  return {
    fields: { poll_min: pollMinSeconds, poll_max: pollMaxSeconds, pace },
    args: [ahead, chance],
    expected: [pollAfterSeconds(ahead, pace, rules, context)],
  };
});

sameAsDomain("allowance", (random) => {
  const intervalMs = pick(random, 0, 1 + upTo(random, 5_000));
  const input = {
    nowMs: NOW,
    capacity: 1 + upTo(random, 100),
    admitted: upTo(random, 110),
    promotes: random() < 0.7,
    release: upTo(random, 20),
    budget: pick(random, null, upTo(random, 20)),
    intervalMs,
    toleranceMs: intervalMs * upTo(random, 5),
    arrivalMs: near(random, NOW, 20_000),
  };
  const { slots, now } = allowance(input);
  return {
    fields: {
      capacity: input.capacity,
      inside: input.admitted,
      promotes: Number(input.promotes),
      interval: intervalMs,
      tolerance: input.toleranceMs,
      arrival: input.arrivalMs,
    },
    args: [input.release, input.budget],
    expected: [now, slots],
  };
});

sameAsDomain("corrected_arrival", (random) => {
  const [intervalMs, toleranceMs] = [upTo(random, 5_000), upTo(random, 9_000)];
  const arrivalMs = near(random, NOW, 30_000);
  return {
    fields: { interval: intervalMs, tolerance: toleranceMs, arrival: arrivalMs },
    args: [],
    expected: [correctedArrival({ nowMs: NOW, intervalMs, toleranceMs, arrivalMs })],
  };
});

sameAsDomain("near_limit", (random) => {
  const [called, pace] = [3_970_865_037_312_000 + upTo(random, 1e6), random() * 100];
  const times = { toldMs: 1_000 + upTo(random, 400_000), showUpMs: SHOW_UP };
  return {
    fields: {},
    args: [called, pace, times.toldMs],
    expected: [nearLimit(called, pace, times, QUEUE_BOUNDS)],
  };
});

sameAsDomain("show_up_deadline", (random) => {
  const dueMs = pick(random, null, near(random, NOW, 200_000));
  const [nearSinceMs, windowMs] = [near(random, NOW, 200_000), 60_000 + upTo(random, 60_000)];
  const deadline = showUpDeadline({ dueMs, nearSinceMs, showUpMs: SHOW_UP, windowMs, nowMs: 0 });
  return { fields: {}, args: [dueMs, nearSinceMs, windowMs], expected: [deadline!] };
});

sameAsDomain("outage_ms", (random) => {
  const actedAtMs = NOW - upTo(random, 60_000);
  const farRaisedAtMs = near(random, NOW - 60_000, 60_000);
  const [dueMs, toldMs] = [pick(random, null, near(random, NOW, 60_000)), 60_000];
  const times = {
    nowMs: NOW,
    actedAtMs,
    dueMs,
    farRaisedAtMs,
    toldMs,
    showUpMs: SHOW_UP,
    waitingTtlMs: WAITING_TTL,
  };
  return {
    fields: { acted_at: actedAtMs, far_raise_at: farRaisedAtMs },
    args: [dueMs, toldMs],
    expected: [outageMs(times)],
  };
});

/** A random tally, and the fields that the script keeps it in. */
function randomTally(random: () => number) {
  const called = upTo(random, 20_000);
  const tally = {
    ended: pick(random, 0, random() * 500),
    slotMs: random() * 1e9,
    surprise: random() * 1e4,
    called,
    absent: random() * called,
  };
  const { ended, slotMs, surprise, absent } = tally;
  const intervalMs = pick(random, 0, 1 + upTo(random, 5_000));
  const capacity = 1 + upTo(random, 2_000);
  const fields = {
    ended,
    slot_ms: slotMs,
    surprise,
    tally_called: called,
    tally_absent: absent,
    capacity,
  };
  return { tally, fields, capacity, intervalMs };
}

sameAsDomain("turns_together", (random) => {
  const { tally, fields } = randomTally(random);
  return { fields, args: [], expected: [turnsTogether(tally)] };
});

sameAsDomain("slot_seconds", (random) => {
  const { tally, fields, capacity } = randomTally(random);
  return { fields, args: [], expected: [slotSeconds(tally, capacity)] };
});

sameAsDomain("used_share", (random) => {
  const { tally, fields } = randomTally(random);
  return { fields, args: [], expected: [usedShare(tally)] };
});

sameAsDomain("orders_per_second", (random) => {
  const { tally, fields, capacity } = randomTally(random);
  const admissionsPerMinute = pick(random, null, 1 + upTo(random, 900));
  const interval = admissionPace(admissionsPerMinute)?.intervalMs ?? 0;
  const rules = { capacity, admissionsPerMinute };
  return { fields: { ...fields, interval }, args: [], expected: [ordersPerSecond(tally, rules)] };
});

sameAsDomain("remembered_share", (random) => {
  const [ended, capacity] = [random() * 500, 1 + upTo(random, 2_000)];
  return { fields: { capacity }, args: [ended], expected: [rememberedShare(ended, capacity)] };
});

sameAsDomain("call_score", (random) => {
  const [liveMs, after] = [near(random, NOW, 1e6), upTo(random, pick(random, 60, 100_000))];
  return { fields: {}, args: [liveMs, after], expected: [callScore(liveMs, after)] };
});

sameAsDomain("time_of_call", (random) => {
  const score = callScore(near(random, NOW, 1e6), upTo(random, pick(random, 60, 4_095)));
  return { fields: {}, args: [score], expected: [timeOfCall(score)] };
});
