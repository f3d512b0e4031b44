import { deepEqual, equal, ok } from "node:assert/strict";
import { DRAW_VALUES, drawBound, type Lot } from "../../src/domain/draw.ts";
import { type FarContext, frontOutageTtlMs, standing } from "../../src/domain/front.ts";
import type { FanId } from "../../src/domain/ids.ts";
import type { QueueToken, Standing } from "../../src/domain/queue.ts";
import { ROOM_STATES, type RoomState } from "../../src/domain/room.ts";
import { AT_MS, FIRST, frontOf, RULES, tokenOfFan } from "../support/fronts.ts";

const WAITING_TTL_MS = 21_600_000;
const QUARTER_MS = WAITING_TTL_MS / 4;

function context(members: Partial<FarContext> = {}): FarContext {
  return {
    nowMs: AT_MS,
    waitingTtlMs: WAITING_TTL_MS,
    random: 0,
    isOutage: false,
    drawValue: () => DRAW_VALUES / 2,
    ...members,
  };
}

function asks(token: QueueToken, front = frontOf(), members: Partial<FarContext> = {}): boolean {
  return standing(token, front, context(members)) === "ASK_QUEUE";
}

function waits(token: QueueToken, front = frontOf(), members: Partial<FarContext> = {}) {
  const found = standing(token, front, context(members));
  ok(found !== "ASK_QUEUE" && found.state === "WAITING", JSON.stringify(found));
  return found as Standing & { state: "WAITING" };
}

Deno.test("`standing()` of a far fan is a position that is not exceeded", () => {
  const { speed: _, ...found } = waits(tokenOfFan());
  deepEqual(found, {
    state: "WAITING",
    order: FIRST + 5_000,
    ahead: 3_999,
    positionIs: "AT_MOST",
    isNear: false,
    pollAfterSeconds: 50,
    expiresAtMs: AT_MS + WAITING_TTL_MS,
    provenAtMs: AT_MS,
    rules: RULES,
    seats: "SOME",
    countStock: false,
  });
});

Deno.test("only the queue answers a near token, and a token of another epoch", () => {
  equal(asks(tokenOfFan()), false);
  ok(asks(tokenOfFan({ isNear: true })));
  ok(asks(tokenOfFan({ epoch: "another" })));
});

Deno.test("a fan is far above the near limit alone", () => {
  ok(asks(tokenOfFan({ order: FIRST + 1_200 })));
  equal(asks(tokenOfFan({ order: FIRST + 1_201 })), false);
});

Deno.test("whoever was called is not answered as far, although the near limit is behind", () => {
  const front = frontOf({ called: FIRST + 1_300, near: FIRST + 1_200 });
  ok(asks(tokenOfFan({ order: FIRST + 1_300 }), front));
  equal(waits(tokenOfFan({ order: FIRST + 1_301 }), front).ahead, 0);
});

Deno.test("while the line re-forms, fans who rejoined are ahead and more may come", () => {
  const found = waits(tokenOfFan(), frontOf({ isReforming: true, rejoined: 20 }));
  deepEqual([found.ahead, found.positionIs], [4_019, "AT_LEAST"]);
});

Deno.test("a far place is proven within a quarter of the waiting TTL, spread over its half", () => {
  const dueMs = Array.from({ length: 2_000 }, (_, number) => {
    const token = tokenOfFan({ fan: `fan ${number}` as FanId });
    let [least, most] = [0, QUARTER_MS];
    while (most - least > 1) {
      const middle = Math.floor((least + most) / 2);
      if (asks(token, frontOf(), { nowMs: AT_MS + middle })) most = middle;
      else least = middle;
    }
    ok(asks(token, frontOf(), { nowMs: AT_MS + QUARTER_MS }));
    return most;
  });
  ok(Math.min(...dueMs) >= QUARTER_MS / 2);
  ok(Math.min(...dueMs) < QUARTER_MS * 0.53 && Math.max(...dueMs) > QUARTER_MS * 0.97);
});

Deno.test("during an outage a far fan gets no position, and no proof is due", () => {
  const proofIsDue = { nowMs: AT_MS + QUARTER_MS };
  ok(asks(tokenOfFan(), frontOf(), proofIsDue));
  const found = waits(tokenOfFan(), frontOf(), { ...proofIsDue, isOutage: true });
  deepEqual([found.ahead, found.positionIs], [null, null]);
  ok(asks(tokenOfFan({ isNear: true }), frontOf(), { isOutage: true }));
  ok(asks(tokenOfFan({ epoch: "another" }), frontOf(), { isOutage: true }));
});

Deno.test("the age of the document shortens the longest poll, but not below the shortest one", () => {
  const poll = (ageMs: number, isOutage: boolean, rules = RULES) =>
    waits(tokenOfFan({ order: FIRST + 9_000_000 }), frontOf({ rules }), {
      nowMs: AT_MS + ageMs,
      random: 0.999,
      isOutage,
    }).pollAfterSeconds;
  deepEqual([poll(0, false), poll(1, false), poll(999, false)], [60, 59, 59]);
  deepEqual([poll(1_000, false), poll(1_001, false)], [59, 58]);
  equal(poll(-5_000, false), 60, "the document is of a clock that is ahead");
  equal(poll(29_000, true), 31);
  const rare = { ...RULES, pollMinSeconds: 20, pollMaxSeconds: 20 };
  deepEqual([poll(999, false, rare), poll(29_000, true, rare)], [19, 20]);
  const often = { ...RULES, pollMinSeconds: 1, pollMaxSeconds: 1 };
  equal(poll(999, false, often), 1);
  const everyTwo = { ...RULES, pollMinSeconds: 2, pollMaxSeconds: 2 };
  equal(poll(1_000, false, everyTwo), 1, "a second at least");
});

const GATHERED = tokenOfFan({ order: -(FIRST + 70), pseudonym: "name" });

Deno.test("before the opening all who gathered are answered alike", () => {
  const front = frontOf({ drawnGatherings: 69, rules: { ...RULES, state: "LOBBY" } });
  deepEqual(standing(GATHERED, front, context()), {
    state: "GATHERED",
    pseudonym: "name",
    rules: front.rules,
    provenAtMs: AT_MS,
    takenAtMs: front.takenAtMs,
  });
  const provenLongAgo = { ...GATHERED, madeAtMs: AT_MS - context().waitingTtlMs / 4 };
  ok(asks(provenLongAgo, front), "the proof is due, which renews the token");
  ok(asks({ ...GATHERED, pseudonym: null }, front), "a token without a pseudonym");
  ok(asks({ ...GATHERED, order: -(FIRST - 5) }, front), "of another epoch");
});

Deno.test("every gathered fan is answered before the draw, from the first one on, until it begins", () => {
  const rules = { ...RULES, state: "LOBBY" as const };
  const asksOf = (number: number, drawnGatherings: number) =>
    asks({ ...GATHERED, order: -(FIRST + number) }, frontOf({ drawnGatherings, rules }));
  deepEqual([asksOf(1, 0), asksOf(70, 69), asksOf(70, 70), asksOf(71, 70)], [
    false,
    false,
    true,
    false,
  ]);
});

Deno.test("in a state in which nobody gathers the queue answers whoever is not drawn", () => {
  const asksIn = (state: RoomState) =>
    asks(GATHERED, frontOf({ drawnGatherings: 69, rules: { ...RULES, state } }));
  deepEqual(ROOM_STATES.filter(asksIn), ["OPEN", "HELD", "DRAINING"]);
});

const LOT: Lot = {
  seed: "seed",
  gatheringsBefore: 0,
  openedAtMs: AT_MS + 1_000,
  before: FIRST + 1_000,
  tickets: 100_000,
  calledValue: 0,
  nearValue: DRAW_VALUES / 100,
};

Deno.test("after the opening the value in the draw bounds the position", () => {
  const front = frontOf({ drawnGatherings: 100_000, lot: LOT });
  const values: string[] = [];
  const drawValue = (pseudonym: string, seed: string) => {
    values.push(`${pseudonym} ${seed}`);
    return DRAW_VALUES / 2;
  };
  const found = waits(GATHERED, front, { drawValue });
  deepEqual(values, ["name seed"]);
  equal(found.order, null);
  equal(found.ahead, drawBound(DRAW_VALUES / 2, LOT, front.called));
  deepEqual([found.provenAtMs, found.expiresAtMs], [
    LOT.openedAtMs,
    LOT.openedAtMs + WAITING_TTL_MS,
  ]);
});

Deno.test("after the opening only the queue answers near fans and those of another draw", () => {
  const front = frontOf({ drawnGatherings: 100_000, lot: LOT });
  ok(asks(GATHERED, front, { drawValue: () => LOT.nearValue }));
  equal(asks(GATHERED, front, { drawValue: () => LOT.nearValue + 1 }), false);
  const called = { ...front, lot: { ...front.lot!, calledValue: LOT.nearValue + 1 } };
  ok(
    asks(GATHERED, called, { drawValue: () => LOT.nearValue + 1 }),
    "called beyond the near limit",
  );
  ok(asks(GATHERED, frontOf({ drawnGatherings: 100_000, lot: null })));
  const later = { ...LOT, gatheringsBefore: 70 };
  ok(asks(GATHERED, frontOf({ drawnGatherings: 100_000, lot: later })));
});

Deno.test("the time of a gathered place begins with the opening", () => {
  const front = frontOf({ drawnGatherings: 100_000, lot: LOT });
  const old = { ...GATHERED, madeAtMs: AT_MS - WAITING_TTL_MS };
  equal(asks(old, front), false);
  ok(asks(old, front, { nowMs: LOT.openedAtMs + QUARTER_MS }));
});

Deno.test("the time of a place with a ticket begins with its token, also after a draw", () => {
  const { provenAtMs, expiresAtMs } = waits(tokenOfFan(), frontOf({ lot: LOT }));
  deepEqual([provenAtMs, expiresAtMs], [AT_MS, AT_MS + WAITING_TTL_MS]);
});

Deno.test("in an outage a document is used for 30 s, and no longer than a turn lasts", () => {
  const ttlMs = (pollMinSeconds: number, pollMaxSeconds: number, showUpMs: number) =>
    frontOutageTtlMs({ rules: { ...RULES, pollMinSeconds, pollMaxSeconds } }, {
      waitingTtlMs: WAITING_TTL_MS,
      showUpMs,
    });
  equal(ttlMs(2, 60, 60_000), 30_000);
  // From 5 s after the turn, when the fan calls at the soonest, to 12 s, and 3 s to show up.
  equal(ttlMs(5, 12, 3_000), 10_000);
  equal(ttlMs(5, 5, 3_000), 3_000);
});
