import assert from "node:assert/strict";
import type { AnswerContext } from "../../src/domain/polling.ts";
import { lineStatus } from "../../src/domain/line_status.ts";
import {
  orderBeforeFirst,
  orderOfGathered,
  type RulesSnapshot,
  type Standing,
  type StockOutlook,
} from "../../src/domain/queue.ts";
import { lineAnswer } from "../../src/http/line_answer.ts";
import type { RoomState } from "../../src/domain/room.ts";

const AT_MS = Date.UTC(2030, 0, 1);
const AT = "2030-01-01T00:00:00.000Z";
const OPENS_AT_MS = AT_MS + 3_600_000;
const OPENS_AT = "2030-01-01T01:00:00.000Z";
const CONTEXT = { waitingTtlMs: 21_600_000, nowMs: AT_MS, random: 0 };
const RULES: RulesSnapshot = {
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
/** The answer of the API for a standing. */
function answerOf(order: number, standing: Standing, context: AnswerContext) {
  return lineAnswer(lineStatus(order, standing, context));
}

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
  assert.deepEqual(answerOf(ORDER, WAITING, CONTEXT), {
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
  const first = answerOf(ORDER, { ...WAITING, ahead: 0, aheadIsExact: true }, CONTEXT);
  assert.equal(first.position, 1);
  assert.equal(first.ahead, 0);
  assert.equal(first.positionIsExact, true);
  assert.equal(first.estimatedWaitSeconds, 0);
});

Deno.test("`lineAnswer()` contains the ticket, not the order of the token", () => {
  assert.equal(answerOf(FROM_LOBBY, WAITING, CONTEXT).ticket, 7);
  const undrawn = answerOf(FROM_LOBBY, { ...WAITING, order: null }, CONTEXT);
  assert.equal(undrawn.ticket, null);
  assert.equal(undrawn.position, 2_501);
});

Deno.test("`lineAnswer()` follows the rules of the room: the rate and the bounds of polling", () => {
  const rules = { ...RULES, admissionsPerMinute: 5, pollMinSeconds: 3, pollMaxSeconds: 12 };
  const answer = answerOf(ORDER, { ...WAITING, rules }, CONTEXT);
  assert.deepEqual([answer.estimatedWaitSeconds, answer.pollAfterSeconds], [30_000, 10]);
});

const REASONS: [RoomState, StockOutlook, string | null, boolean | undefined][] = [
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
    const answer = answerOf(ORDER, { ...WAITING, seats, rules: { ...RULES, state } }, CONTEXT);
    assert.equal(answer.reason, reason);
    assert.equal("seatsMayReturn" in answer, seatsMayReturn !== undefined);
    assert.equal(answer.seatsMayReturn, seatsMayReturn);
    assert.equal("pseudonym" in answer, false);
  });
}

Deno.test("`lineAnswer()` of a waiting fan contains a future opening", () => {
  for (const state of ["CLOSED", "LOBBY"] as const) {
    const rules = { ...RULES, state, opensAtMs: OPENS_AT_MS };
    assert.equal(answerOf(ORDER, { ...WAITING, rules }, CONTEXT).opensAt, OPENS_AT);
    const unset: Waiting = { ...WAITING, rules: { ...rules, opensAtMs: null } };
    assert.equal("opensAt" in answerOf(ORDER, unset, CONTEXT), false);
  }
  for (const state of ["OPEN", "HELD", "DRAINING"] as const) {
    const rules = { ...RULES, state, opensAtMs: OPENS_AT_MS };
    assert.equal("opensAt" in answerOf(ORDER, { ...WAITING, rules }, CONTEXT), false);
  }
});

Deno.test("`lineAnswer()` of a gathered fan is WAITING without a position", () => {
  const rules: RulesSnapshot = { ...RULES, state: "LOBBY", opensAtMs: OPENS_AT_MS };
  const standing: Standing = { state: "GATHERED", pseudonym: "0123456789abcdef", rules };
  assert.deepEqual(answerOf(FROM_LOBBY, standing, CONTEXT), {
    ...NOTHING,
    state: "WAITING",
    pollAfterSeconds: 50,
    reason: "LOBBY",
    opensAt: OPENS_AT,
    pseudonym: "0123456789abcdef",
  });
  const closed = { ...standing, rules: { ...RULES, state: "CLOSED" } } as const;
  assert.deepEqual(answerOf(FROM_LOBBY, closed, CONTEXT), {
    ...NOTHING,
    state: "WAITING",
    pollAfterSeconds: 50,
    reason: "CLOSED",
    pseudonym: "0123456789abcdef",
  });
});

Deno.test("`lineAnswer()` of an admitted fan contains ticket and end, and no position", () => {
  const expected = { ...NOTHING, state: "ADMITTED", ticket: 7, expiresAt: AT };
  for (const state of ["OPEN", "HELD", "CLOSED"] as const) {
    const rules = { ...RULES, state, opensAtMs: OPENS_AT_MS };
    const admitted: Standing = { state: "ADMITTED", order: ORDER, expiresAtMs: AT_MS, rules };
    assert.deepEqual(answerOf(FROM_LOBBY, admitted, CONTEXT), expected);
  }
});

Deno.test("`lineAnswer()` of a place that is gone contains the reason alone", () => {
  for (const reason of ["ENDED", "LINE_RESET"] as const) {
    const gone = { state: "GONE", reason } as const;
    const answer = answerOf(ORDER, gone, CONTEXT);
    assert.deepEqual(answer, { ...NOTHING, state: "GONE", ticket: 7, reason });
    assert.equal(answerOf(FROM_LOBBY, gone, CONTEXT).ticket, null);
  }
});
