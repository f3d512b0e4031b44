import assert from "node:assert/strict";
import {
  lineAnswer,
  orderBeforeFirst,
  orderOfGathered,
  type RulesTold,
  type SeatsToHopeFor,
  type Standing,
} from "../../src/domain/queue.ts";
import type { RoomState } from "../../src/domain/room.ts";

const AT_MS = Date.UTC(2030, 0, 1);
const AT = "2030-01-01T00:00:00.000Z";
const OPENS_AT_MS = AT_MS + 3_600_000;
const OPENS_AT = "2030-01-01T01:00:00.000Z";
const CLOCKWORK = { waitingTtlMs: 21_600_000, nowMs: AT_MS, random: 0 };
const RULES: RulesTold = {
  state: "OPEN",
  opensAtMs: null,
  capacity: 1_000,
  admissionsPerMinute: null,
  holdTtlMs: 300_000,
  pollMinSeconds: 2,
  pollMaxSeconds: 60,
};
const ORDER = orderBeforeFirst(AT_MS) + 7;
const FROM_LOBBY = orderOfGathered(orderBeforeFirst(AT_MS), 3);

type Waiting = Standing & { state: "WAITING" };
const WAITING: Waiting = {
  state: "WAITING",
  order: ORDER,
  ahead: 2_500,
  aheadIsExact: false,
  expiresAtMs: AT_MS,
  pace: { promoted: 0, overMs: 0 },
  rules: RULES,
  seats: "SOME",
  countStock: false,
};
const NOTHING = {
  ticket: null,
  position: null,
  ahead: null,
  positionIsExact: null,
  estimatedWaitSeconds: null,
  pollAfterSeconds: null,
  expiresAt: null,
  reason: null,
};

Deno.test("`lineAnswer()` of a waiting fan", () => {
  assert.deepEqual(lineAnswer(ORDER, WAITING, CLOCKWORK), {
    state: "WAITING",
    ticket: 7,
    position: 2_501,
    ahead: 2_500,
    positionIsExact: false,
    estimatedWaitSeconds: 600,
    pollAfterSeconds: 50,
    expiresAt: AT,
    reason: null,
  });
  const first = lineAnswer(ORDER, { ...WAITING, ahead: 0, aheadIsExact: true }, CLOCKWORK);
  assert.equal(first.position, 1);
  assert.equal(first.ahead, 0);
  assert.equal(first.positionIsExact, true);
  assert.equal(first.estimatedWaitSeconds, 0);
});

Deno.test("`lineAnswer()` tells the ticket, not what the token carries", () => {
  assert.equal(lineAnswer(FROM_LOBBY, WAITING, CLOCKWORK).ticket, 7);
  const undrawn = lineAnswer(FROM_LOBBY, { ...WAITING, order: null }, CLOCKWORK);
  assert.equal(undrawn.ticket, null);
  assert.equal(undrawn.position, 2_501);
});

Deno.test("`lineAnswer()` follows the rules of the room: the rate and the bounds of polling", () => {
  const rules = { ...RULES, admissionsPerMinute: 5, pollMinSeconds: 3, pollMaxSeconds: 12 };
  const answer = lineAnswer(ORDER, { ...WAITING, rules }, CLOCKWORK);
  assert.deepEqual([answer.estimatedWaitSeconds, answer.pollAfterSeconds], [30_000, 10]);
});

const REASONS: [RoomState, SeatsToHopeFor, string | null, boolean | undefined][] = [
  ["OPEN", "SOME", null, undefined],
  ["OPEN", "HELD", "SOLD_OUT", true],
  ["OPEN", "NONE", "SOLD_OUT", false],
  ["DRAINING", "SOME", null, undefined],
  ["DRAINING", "NONE", "SOLD_OUT", false],
  ["HELD", "SOME", "HELD", undefined],
  ["HELD", "HELD", "SOLD_OUT", true],
  ["HELD", "NONE", "SOLD_OUT", false],
  ["LOBBY", "SOME", "LOBBY", undefined],
  ["LOBBY", "NONE", "LOBBY", undefined],
  ["CLOSED", "SOME", "CLOSED", undefined],
  ["CLOSED", "HELD", "CLOSED", undefined],
];
for (const [state, seats, reason, seatsMayReturn] of REASONS) {
  Deno.test(`\`lineAnswer()\` in ${state} with ${seats} seats: ${reason}`, () => {
    const answer = lineAnswer(ORDER, { ...WAITING, seats, rules: { ...RULES, state } }, CLOCKWORK);
    assert.equal(answer.reason, reason);
    assert.equal("seatsMayReturn" in answer, seatsMayReturn !== undefined);
    assert.equal(answer.seatsMayReturn, seatsMayReturn);
    assert.equal("pseudonym" in answer, false);
  });
}

Deno.test("`lineAnswer()` of a waiting fan tells an opening that is to come", () => {
  for (const state of ["CLOSED", "LOBBY"] as const) {
    const rules = { ...RULES, state, opensAtMs: OPENS_AT_MS };
    assert.equal(lineAnswer(ORDER, { ...WAITING, rules }, CLOCKWORK).opensAt, OPENS_AT);
    const unset: Waiting = { ...WAITING, rules: { ...rules, opensAtMs: null } };
    assert.equal("opensAt" in lineAnswer(ORDER, unset, CLOCKWORK), false);
  }
  for (const state of ["OPEN", "HELD", "DRAINING"] as const) {
    const rules = { ...RULES, state, opensAtMs: OPENS_AT_MS };
    assert.equal("opensAt" in lineAnswer(ORDER, { ...WAITING, rules }, CLOCKWORK), false);
  }
});

Deno.test("`lineAnswer()` of whoever gathered is a waiting without a place", () => {
  const rules: RulesTold = { ...RULES, state: "LOBBY", opensAtMs: OPENS_AT_MS };
  const standing: Standing = { state: "GATHERED", pseudonym: "0123456789abcdef", rules };
  assert.deepEqual(lineAnswer(FROM_LOBBY, standing, CLOCKWORK), {
    ...NOTHING,
    state: "WAITING",
    pollAfterSeconds: 50,
    reason: "LOBBY",
    opensAt: OPENS_AT,
    pseudonym: "0123456789abcdef",
  });
  const closed = { ...standing, rules: { ...RULES, state: "CLOSED" } } as const;
  assert.deepEqual(lineAnswer(FROM_LOBBY, closed, CLOCKWORK), {
    ...NOTHING,
    state: "WAITING",
    pollAfterSeconds: 50,
    reason: "CLOSED",
    pseudonym: "0123456789abcdef",
  });
});

Deno.test("`lineAnswer()` of an admitted fan tells ticket and end, and nothing of a line", () => {
  const expected = { ...NOTHING, state: "ADMITTED", ticket: 7, expiresAt: AT };
  for (const state of ["OPEN", "HELD", "CLOSED"] as const) {
    const rules = { ...RULES, state, opensAtMs: OPENS_AT_MS };
    const admitted: Standing = { state: "ADMITTED", order: ORDER, expiresAtMs: AT_MS, rules };
    assert.deepEqual(lineAnswer(FROM_LOBBY, admitted, CLOCKWORK), expected);
  }
});

Deno.test("`lineAnswer()` of a place that is gone tells the reason alone", () => {
  for (const reason of ["ENDED", "LINE_RESET"] as const) {
    const gone = { state: "GONE", reason } as const;
    const answer = lineAnswer(ORDER, gone, CLOCKWORK);
    assert.deepEqual(answer, { ...NOTHING, state: "GONE", ticket: 7, reason });
    assert.equal(lineAnswer(FROM_LOBBY, gone, CLOCKWORK).ticket, null);
  }
});
