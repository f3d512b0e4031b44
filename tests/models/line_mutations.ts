import type { Mutation } from "./mutations.ts";

const AGEING = "adapters/memory/ageing.ts";
const FRONT = "domain/front.ts";
const JOINING = "adapters/memory/joining.ts";
const PLACES = "adapters/memory/places.ts";
const PROMOTING = "adapters/memory/promotion.ts";
const PROMOTION = "domain/promotion.ts";
const STANDING = "adapters/memory/standing.ts";
const UPKEEP = "adapters/memory/upkeep.ts";

/** Guards of near and far: marks, documents, proofs. */
export const FRONT_MUTATIONS: readonly Mutation[] = [
  {
    guard: "a token that is near stays near",
    file: "domain/queue_token.ts",
    text: "isNear: token.isNear || present.isNear,",
    replacement: "isNear: false,",
    law: /near never becomes far/,
    from: 427,
  },
  {
    guard: "the near limit never falls",
    file: PROMOTING,
    text: "if (wanted <= near) return false;",
    replacement: "if (wanted === near) return false;",
    law: /near and called never fall/,
  },
  {
    guard: "the near limit is raised once a second",
    file: PROMOTING,
    text: "if (nowMs < room.nearAtMs + NEAR_STEP_MS) return true;",
    replacement: "",
    law: /raised at most once a second/,
  },
  {
    guard: "only so many are near as can be called within a window",
    file: PROMOTION,
    text: "Math.ceil(pace * aheadMs / 1000)",
    replacement: "Math.ceil(pace * aheadMs)",
    law: /only those are near/,
  },
  {
    guard: "those are near who can be called before the next poll",
    file: STANDING,
    text: "isNear: order !== null && order <= room.near,",
    replacement: "isNear: false,",
    law: /L2|near never becomes far/,
  },
  {
    guard: "a document is used for a second",
    file: "application/fronts.ts",
    text: "if (kept && isYoungerThan(renewalShare * FRONT_TTL_MS, kept)) {",
    replacement: "if (kept && isYoungerThan(5 * FRONT_TTL_MS, kept)) {",
    law: /a document is used for a second|L4/,
  },
  {
    guard: "a document is not used for longer than 30 s in an outage",
    file: "application/fronts.ts",
    text: "return isYoungerThan(ttlMs, front)",
    replacement: "return isYoungerThan(10 * ttlMs, front)",
    law: /for 30 s in an outage/,
    from: 31,
  },
  {
    guard: "an old document does not ask a fan to call after the end of the turn",
    file: "domain/front.ts",
    text: "return Math.min(FRONT_OUTAGE_TTL_MS, (max - min) * 1000 + showUpMs);",
    replacement: "return FRONT_OUTAGE_TTL_MS;",
    law: /after the end of a turn/,
    from: 126,
  },
  {
    guard: "a document from a clock that is ahead counts as taken when it came",
    file: "application/kept_fronts.ts",
    text: "const takenAtMs = Math.min(front.takenAtMs, nowMs);",
    replacement: "const takenAtMs = front.takenAtMs - 900;",
    law: /a document is used for a second/,
  },
  {
    guard: "an old document gives no position",
    file: FRONT,
    text: "ahead: isOutage ? null : bound,",
    replacement: "ahead: bound,",
    law: /no position is told from an old document/,
  },
  {
    guard: "the near limit of a document",
    file: FRONT,
    text: "token.order <= Math.max(front.near, front.called)",
    replacement: "token.order <= front.called",
    law: /L2|near never becomes far|L4/,
  },
  {
    guard: "called fans are not far",
    file: FRONT,
    text: "token.order <= Math.max(front.near, front.called)",
    replacement: "token.order <= front.near",
    law: /a number ahead is not below 0/,
    from: 562,
  },
  {
    guard: "a far place is proven in time",
    file: FRONT,
    text: "return !isOutage && nowMs - provenAtMs",
    replacement: "return nowMs < 0 && nowMs - provenAtMs",
    law: /L4|L5/,
    from: 113,
  },
  {
    guard: "a far answer of the queue is a proof",
    file: STANDING,
    text: "if (!standing.isNear) room.proofs.add(fan, nowMs);",
    replacement: "if (!standing.isNear) void 0;",
    law: /L4 L5|L5: nobody vanishes/,
    from: 113,
  },
  {
    guard: "a call after an outage is no call before it",
    file: AGEING,
    text: "calledMs < liveMs",
    replacement: "calledMs <= liveMs",
    law: /L4 L5|L5: nobody vanishes|endedBecause is true/,
    from: 2507,
  },
  {
    guard: "silent places are looked for",
    file: AGEING,
    text: "if (limit === undefined) return false;",
    replacement: "if (limit !== -1) return false;",
    law: /silent places age out/,
    from: 114,
  },
  {
    guard: "a place ages after the waiting TTL, not before",
    file: AGEING,
    text: "const silentMs = nowMs - waitingTtlMs;",
    replacement: "const silentMs = nowMs - waitingTtlMs / 2;",
    law: /L4 L5|L5: nobody vanishes|endedBecause is true/,
  },
];

/** Guards of turns: who is called, in which order, and until when. */
export const TURN_MUTATIONS: readonly Mutation[] = [
  {
    guard: "the clock of deadlines stops in an outage",
    file: UPKEEP,
    text: "room.lostMs += outage;",
    replacement: "",
    law: /L2: nobody who calls as told is parked|L2/,
    from: 31,
  },
  {
    guard: "called fans are waited for in an outage",
    file: UPKEEP,
    text: "turn ? turn.score - settings.showUpMs : Infinity,",
    replacement: "Infinity,",
    law: /L2/,
    from: 272,
  },
  {
    guard: "far fans have a window since they became near",
    file: PROMOTING,
    text: "room.raises.find(({ near }) => near >= score)?.sinceMs ?? liveMs,",
    replacement: "0,",
    law: /L2/,
  },
  {
    guard: "absent fans get no slot",
    file: PROMOTION,
    text: "return deadlineMs > nowMs ? deadlineMs : null;",
    replacement: "return Math.max(deadlineMs, nowMs + windowMs);",
    law: /absent fans get no slot/,
  },
  {
    guard: "a near fan has the time to show up after the told call",
    file: PROMOTION,
    text: "const deadlineMs = dueMs === null ? nearSinceMs + windowMs : dueMs + showUpMs;",
    replacement: "const deadlineMs = dueMs === null ? nearSinceMs + windowMs : dueMs;",
    law: /L2/,
  },
  {
    guard: "a longer polling interval of earlier rules keeps its window",
    file: "adapters/memory/rules.ts",
    text: "const oldMs = liveMs < this.#oldPollUntilMs ? this.#oldPollMs : 0;",
    replacement: "const oldMs = 0;",
    law: /L2/,
  },
  {
    guard: "whoever is near when drawn has the time of a poll",
    file: UPKEEP,
    text: "if (order <= room.near) room.calls.add(callOf(fan, order), score);",
    replacement: "",
    law: /L2/,
  },
  {
    guard: "a fan who comes back gets the next slot",
    file: PROMOTING,
    text: "const head = waiting.first();",
    replacement:
      "const head = waiting.above(-1)[Symbol.iterator]().next().value ?? waiting.first();",
    law: /L2: a fan who comes back/,
  },
  {
    guard: "a place is parked once",
    file: PLACES,
    text: 'else if (isMissed && place?.state === "CALLED") {',
    replacement: "else if (isMissed && place) {",
    law: /a second missed turn/,
  },
  {
    guard: "a first missed turn parks the place",
    file: PLACES,
    text: 'else if (isMissed && place?.state === "CALLED") {',
    replacement: 'else if (isMissed && place?.state === "PARKED") {',
    law: /L4 L5|L5: nobody vanishes/,
  },
  {
    guard: "nobody goes in while the line re-forms",
    file: JOINING,
    text: "room.holdUntilMs = createdAtMs + room.windowMs(nowMs);",
    replacement: "",
    law: /nobody goes in while the line re-forms/,
  },
  {
    guard: "tickets of an empty line are called",
    file: UPKEEP,
    text: "if (isEmpty) room.called = Math.max(room.called, room.tickets);",
    replacement: "",
    law: /no free slot idles|the very front/,
    from: 472,
  },
  {
    guard: "upkeep is due when a slot comes free",
    file: PLACES,
    text: "room.stock.recordEnd(place.sinceMs, nowMs);\n  room.dueMs = 0;",
    replacement: "room.stock.recordEnd(place.sinceMs, nowMs);",
    law: /no free slot idles/,
  },
];
