import assert from "node:assert/strict";
import type { AnswerContext } from "../../src/domain/polling.ts";
import { lineStatus } from "../../src/domain/line_status.ts";
import {
  type EndCause,
  orderOfGathered,
  type QueueToken,
  type RulesSnapshot,
  type Standing,
  type StockOutlook,
} from "../../src/domain/queue.ts";
import { estimateWait } from "../../src/domain/wait.ts";
import { type LineAnswer, lineAnswer } from "../../src/http/line_answer.ts";
import type { RoomState } from "../../src/domain/room.ts";
import { AT_MS, FIRST, RULES, tokenOfFan, UNMEASURED } from "../support/fronts.ts";

const AT = "2030-01-01T00:00:00.000Z";
const OPENS_AT_MS = AT_MS + 3_600_000;
const OPENS_AT = "2030-01-01T01:00:00.000Z";
const CONTEXT = { waitingTtlMs: 21_600_000, nowMs: AT_MS, random: 0 };
const PSEUDONYM = "0123456789abcdef";
const ORDER = FIRST + 7;
const TOKEN = tokenOfFan({ order: ORDER });
const FROM_LOBBY = tokenOfFan({ order: orderOfGathered(FIRST, 3), pseudonym: PSEUDONYM });

type Waiting = Standing & { state: "WAITING" };
const ADMITTED = {
  state: "ADMITTED" as const,
  order: ORDER,
  expiresAtMs: AT_MS,
  provenAtMs: AT_MS,
};
const WAITING: Waiting = {
  state: "WAITING",
  order: ORDER,
  ahead: 2_500,
  positionIs: "AT_MOST",
  isNear: false,
  pollAfterSeconds: 50,
  expiresAtMs: AT_MS,
  provenAtMs: AT_MS,
  speed: UNMEASURED,
  rules: RULES,
  seats: "SOME",
  countStock: false,
};
/** A line answer, whose members that only some states have are optional. */
type AnyLine = LineAnswer & {
  readonly token?: string | undefined;
  readonly seatsMayReturn?: boolean | undefined;
  readonly opensAt?: string | undefined;
};

/** The answer of the API for a standing. */
function answerOf(token: QueueToken, standing: Standing, context: AnswerContext): AnyLine {
  return lineAnswer(lineStatus(token, standing, context), signed);
}

/** A signed token, as a text that shows what is in it. */
function signed({ order, isNear, madeAtMs }: QueueToken): string {
  return `${order - FIRST} ${isNear ? "near" : "far"} ${madeAtMs - AT_MS}`;
}

function rangeAt(ahead: number) {
  const { low, high } = estimateWait(ahead, WAITING.speed, WAITING.rules, WAITING.seats)!;
  return { low, high };
}

const NOTHING = {
  ticket: null,
  position: null,
  ahead: null,
  positionIsExact: null,
  positionIs: null,
  estimatedWaitSeconds: null,
  estimatedWaitRange: null,
  pollAfterSeconds: null,
  expiresAt: null,
  reason: null,
};

Deno.test("`lineAnswer()` of a waiting fan", () => {
  assert.deepEqual(answerOf(TOKEN, WAITING, CONTEXT), {
    state: "WAITING",
    ticket: 7,
    position: 2_501,
    ahead: 2_500,
    positionIsExact: false,
    positionIs: "AT_MOST",
    estimatedWaitSeconds: 600,
    estimatedWaitRange: rangeAt(2_500),
    pollAfterSeconds: 50,
    expiresAt: AT,
    reason: null,
  });
  const first = answerOf(TOKEN, { ...WAITING, ahead: 0, positionIs: "EXACT" }, CONTEXT);
  assert.equal(first.position, 1);
  assert.equal(first.ahead, 0);
  assert.equal(first.positionIsExact, true);
  assert.equal(first.estimatedWaitSeconds, 0);
  assert.deepEqual(first.estimatedWaitRange, rangeAt(0));
});

Deno.test("`lineAnswer()` says how exact a position is, and EXACT alone is exact", () => {
  for (const positionIs of ["EXACT", "AT_MOST", "AT_LEAST"] as const) {
    const answer = answerOf(TOKEN, { ...WAITING, positionIs }, CONTEXT);
    assert.deepEqual([answer.positionIs, answer.positionIsExact], [
      positionIs,
      positionIs === "EXACT",
    ]);
  }
});

Deno.test("`lineAnswer()` during an outage contains neither a position nor a wait", () => {
  const unknown = answerOf(TOKEN, { ...WAITING, ahead: null, positionIs: null }, CONTEXT);
  assert.deepEqual(unknown, {
    ...NOTHING,
    state: "WAITING",
    ticket: 7,
    pollAfterSeconds: 50,
    expiresAt: AT,
  });
});

Deno.test("`lineAnswer()` contains no wait while nobody is admitted", () => {
  for (const state of ["HELD", "LOBBY", "CLOSED"] as const) {
    const answer = answerOf(TOKEN, { ...WAITING, rules: { ...RULES, state } }, CONTEXT);
    assert.deepEqual([answer.estimatedWaitSeconds, answer.estimatedWaitRange], [null, null]);
    assert.equal(answer.position, 2_501);
  }
});

Deno.test("`lineAnswer()` contains a token when the standing has news for it", () => {
  const near = { ...WAITING, isNear: true };
  assert.equal("token" in answerOf(TOKEN, WAITING, CONTEXT), false);
  assert.equal(answerOf(TOKEN, near, CONTEXT).token, "7 near 0");
  assert.equal("token" in answerOf({ ...TOKEN, isNear: true }, near, CONTEXT), false);
  assert.equal(answerOf(FROM_LOBBY, WAITING, CONTEXT).token, "7 far 0");
  assert.equal(answerOf(TOKEN, { ...WAITING, provenAtMs: AT_MS + 5 }, CONTEXT).token, "7 far 5");
  const admitted: Standing = { ...ADMITTED, rules: RULES };
  assert.equal(answerOf(TOKEN, admitted, CONTEXT).token, "7 near 0");
});

Deno.test("`lineAnswer()` contains the ticket, not the order of the token", () => {
  assert.equal(answerOf(FROM_LOBBY, WAITING, CONTEXT).ticket, 7);
  const undrawn = answerOf(FROM_LOBBY, { ...WAITING, order: null }, CONTEXT);
  assert.equal(undrawn.ticket, null);
  assert.equal(undrawn.position, 2_501);
});

Deno.test("`lineAnswer()` contains the interval of the standing, and a wait that the rate allows", () => {
  const rules = { ...RULES, admissionsPerMinute: 5 };
  const answer = answerOf(TOKEN, { ...WAITING, rules, pollAfterSeconds: 10 }, CONTEXT);
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
    const answer = answerOf(TOKEN, { ...WAITING, seats, rules: { ...RULES, state } }, CONTEXT);
    assert.equal(answer.reason, reason);
    assert.equal("seatsMayReturn" in answer, seatsMayReturn !== undefined);
    assert.equal(answer.seatsMayReturn, seatsMayReturn);
    assert.equal("pseudonym" in answer, false);
  });
}

Deno.test("`lineAnswer()` of a waiting fan contains a future opening", () => {
  for (const state of ["CLOSED", "LOBBY"] as const) {
    const rules = { ...RULES, state, opensAtMs: OPENS_AT_MS };
    assert.equal(answerOf(TOKEN, { ...WAITING, rules }, CONTEXT).opensAt, OPENS_AT);
    const unset: Waiting = { ...WAITING, rules: { ...rules, opensAtMs: null } };
    assert.equal("opensAt" in answerOf(TOKEN, unset, CONTEXT), false);
  }
  for (const state of ["OPEN", "HELD", "DRAINING"] as const) {
    const rules = { ...RULES, state, opensAtMs: OPENS_AT_MS };
    assert.equal("opensAt" in answerOf(TOKEN, { ...WAITING, rules }, CONTEXT), false);
  }
});

Deno.test("`lineAnswer()` of a gathered fan is WAITING without a position", () => {
  const rules: RulesSnapshot = { ...RULES, state: "LOBBY", opensAtMs: OPENS_AT_MS };
  const provenAtMs = AT_MS;
  const standing: Standing = {
    state: "GATHERED",
    pseudonym: PSEUDONYM,
    rules,
    provenAtMs,
    takenAtMs: CONTEXT.nowMs,
  };
  assert.deepEqual(answerOf(FROM_LOBBY, standing, CONTEXT), {
    ...NOTHING,
    state: "WAITING",
    pollAfterSeconds: 50,
    reason: "LOBBY",
    opensAt: OPENS_AT,
    pseudonym: PSEUDONYM,
  });
  const closed = { ...standing, rules: { ...RULES, state: "CLOSED" } } as const;
  assert.deepEqual(answerOf(FROM_LOBBY, closed, CONTEXT), {
    ...NOTHING,
    state: "WAITING",
    pollAfterSeconds: 50,
    reason: "CLOSED",
    pseudonym: PSEUDONYM,
  });
});

Deno.test("`lineAnswer()` of an admitted fan contains ticket and end, and no position", () => {
  const expected = { ...NOTHING, state: "ADMITTED", ticket: 7, expiresAt: AT };
  for (const state of ["OPEN", "HELD", "CLOSED"] as const) {
    const rules = { ...RULES, state, opensAtMs: OPENS_AT_MS };
    const admitted: Standing = { ...ADMITTED, rules };
    assert.deepEqual(answerOf({ ...TOKEN, isNear: true }, admitted, CONTEXT), expected);
  }
});

Deno.test("`lineAnswer()` of a place that is gone contains the reason, and how it ended if that is known", () => {
  const gone = (reason: "ENDED" | "LINE_RESET", endedBecause: EndCause | null): Standing => ({
    state: "GONE",
    reason,
    endedBecause,
  });
  for (const reason of ["ENDED", "LINE_RESET"] as const) {
    const answer = answerOf(TOKEN, gone(reason, null), CONTEXT);
    assert.deepEqual(answer, { ...NOTHING, state: "GONE", ticket: 7, reason });
    assert.equal(answerOf(FROM_LOBBY, gone(reason, null), CONTEXT).ticket, null);
  }
  const ended = { ...NOTHING, state: "GONE", ticket: 7, reason: "ENDED" };
  for (const endedBecause of ["PAID", "TURN_MISSED", "SILENT"] as const) {
    const answer = answerOf(TOKEN, gone("ENDED", endedBecause), CONTEXT);
    assert.deepEqual(answer, { ...ended, endedBecause });
  }
});
