import type { Mutation } from "./mutations.ts";

const GATHERING = "adapters/memory/gathering.ts";
const PLACES = "adapters/memory/places.ts";
const RATE = "adapters/memory/rate.ts";
const ROOM = "adapters/memory/room.ts";
const RULES = "adapters/memory/rules.ts";
const STOCK = "adapters/memory/stock.ts";
const UPKEEP = "adapters/memory/upkeep.ts";

export const LINE_MUTATIONS: readonly Mutation[] = [
  {
    guard: "promotion counts the admitted",
    file: UPKEEP,
    text: "const slots = rules.now.capacity - admitted.size;",
    replacement: "const slots = Infinity;",
    law: /L1/,
  },
  {
    guard: "one place per fan",
    file: ROOM,
    text: "const known = places.live(fan, nowMs);",
    replacement: "places.live(fan, nowMs);\n      const known = undefined as Place | undefined;",
    law: /L3/,
  },
  {
    guard: "ticket order",
    file: PLACES,
    text: "else waiting.add(place.fan, place.order);",
    replacement: "else waiting.add(place.fan, -place.order);",
    law: /L2/,
  },
  {
    guard: "who returns takes the next slot",
    file: UPKEEP,
    text: "return returned.first() ?? (isBehind ? undefined : first);",
    replacement: "return (isBehind ? undefined : first) ?? returned.first();",
    law: /L2/,
  },
  {
    guard: "an end is of exactly that place",
    file: ROOM,
    text: "if (order >= 0) return place?.order === order;",
    replacement: "if (order >= 0) return place !== undefined;",
    law: /L2|L5|left is GONE/,
  },
  {
    guard: "parked once",
    file: PLACES,
    text: "if (place.shownUp || place.missedTurn) return remove(place);",
    replacement: "if (place.shownUp) return remove(place);",
    law: /L5|L2/,
  },
  {
    guard: "a position told to whoever rejoined never rises",
    file: ROOM,
    text: "return place.toldAhead = Math.min(place.toldAhead, rank);",
    replacement: "return rank;",
    law: /L4/,
  },
  {
    guard: "a position told never rises, whoever rejoins in front",
    file: ROOM,
    text: "return rank - Math.min(earlierTickets.since(order), waiting.countBelow(first));",
    replacement: "return rank;",
    law: /L4/,
  },
  {
    guard: "an admission lapses at its end, to the millisecond",
    file: PLACES,
    text: "deadlineMs !== undefined && deadlineMs <= nowMs",
    replacement: "deadlineMs !== undefined && deadlineMs < nowMs",
    law: /L\d/,
  },
];

/** Of the states of a room, its rules, its rate and its stock. */
export const LEVER_MUTATIONS: readonly Mutation[] = [
  {
    guard: "of two rules the higher version counts",
    file: RULES,
    text: "if (next.version <= rules.version) return;",
    replacement: "",
    law: /the higher version/,
  },
  {
    guard: "who was told to poll seldom keeps the window for it",
    file: RULES,
    text: "oldWindows = [...oldWindows, { windowMs: windowOf(rules), untilMs }];",
    replacement: "",
    law: /L4|L5/,
  },
  {
    guard: "nobody joins a room that is closed or draining",
    file: RULES,
    text: 'const mayJoin = state === "OPEN" || state === "HELD" ||',
    replacement: 'const mayJoin = state !== "LOBBY" ||',
    law: /L7: who may join/,
  },
  {
    guard: "nobody is promoted in a room that is held",
    file: UPKEEP,
    text: "return Math.min(allowed, release);",
    replacement: "return allowed;",
    law: /L7/,
  },
  {
    guard: "a release keeps to capacity and rate",
    file: UPKEEP,
    text: "return Math.min(allowed, release);",
    replacement: "return release;",
    law: /L1|L6/,
  },
  {
    guard: "nobody is promoted in a closed room or a lobby",
    file: UPKEEP,
    text: "      default:\n        return 0;",
    replacement: "      default:\n        return allowed;",
    law: /L7/,
  },
  {
    guard: "a room opens at its time, to the millisecond",
    file: "domain/room.ts",
    text: "opensAtMs <= nowMs",
    replacement: "opensAtMs < nowMs",
    law: /L2|L5|L7|higher version/,
  },
  {
    guard: "admissions keep to the rate",
    file: RATE,
    text: "return leftMs < 0 ? 0 : Math.floor(leftMs / intervalMs) + 1;",
    replacement: "return Infinity;",
    law: /L6/,
  },
  {
    guard: "each admission counts for the rate",
    file: RATE,
    text: "nextAtMs = Math.max(nextAtMs, nowMs) + count * pace.intervalMs;",
    replacement: "nextAtMs = Math.max(nextAtMs, nowMs) + pace.intervalMs;",
    law: /L6/,
  },
  {
    guard: "no credit is saved up beyond a second's share",
    file: RATE,
    text: "nextAtMs = Math.max(nextAtMs, nowMs) + count * pace.intervalMs;",
    replacement: "nextAtMs = Math.max(nextAtMs, nowMs - 60_000) + count * pace.intervalMs;",
    law: /L6/,
  },
  {
    guard: "a rate that was raised keeps nobody waiting by the old one",
    file: RATE,
    text: "nextAtMs = Math.min(nextAtMs, nowMs + toleranceMs + intervalMs);",
    replacement: "",
    law: /L2|L5/,
  },
  {
    guard: "each admission takes one off what was counted",
    file: STOCK,
    text: "budget = Math.max(0, budget - admitted);",
    replacement: "",
    law: /nobody goes in for nothing/,
  },
  {
    guard: "with no seat left nobody goes in",
    file: UPKEEP,
    text: "return Math.min(allowed, Math.max(stock.budget, walksIn() ? 1 : 0));",
    replacement: "return allowed;",
    law: /nobody goes in for nothing/,
  },
  {
    guard: "into an empty line a fan goes at once",
    file: UPKEEP,
    text: "Math.max(stock.budget, walksIn() ? 1 : 0)",
    replacement: "stock.budget",
    law: /L2 L4/,
  },
  {
    guard: "of two counts the newer stands",
    file: STOCK,
    text: "if (stock.asOfMs <= asOfMs) return false;",
    replacement: "",
    law: /L2 L4|for nothing/,
  },
  {
    guard: "one caller is to count",
    file: STOCK,
    text: "if (isDue) recountAtMs = nowMs + RECOUNT_MS;",
    replacement: "",
    law: /L2 L4|L1 L5/,
  },
];

const STAYS_SO = /a place that is over stays so|a fan gets the right standing/;

/** Of those who gather, and the draw. */
export const DRAW_MUTATIONS: readonly Mutation[] = [
  {
    guard: "the draw decides the order",
    file: GATHERING,
    text: "gathered.add(fan, drawValue(pseudonym, present));",
    replacement: "gathered.add(fan, gatherings);",
    law: /L2/,
  },
  {
    guard: "the list is of those drawn, each with the ticket",
    file: GATHERING,
    text: "ticket: ticketOf(order) });",
    replacement: "ticket: list.length + 1 });",
    law: /the published list/,
  },
  {
    guard: "tickets are reserved for all who gathered",
    file: GATHERING,
    text: "return lastTicket = last + gathered.size;",
    replacement: "lastTicket = last + gathered.size;\n      return last;",
    law: /L2|L3/,
  },
  {
    guard: "they are reserved before anybody else has one",
    file: ROOM,
    text: "open(nowMs);\n      const known",
    replacement: "const known",
    law: /L2|L3/,
  },
  {
    guard: "a token of what was left stands for nothing",
    file: GATHERING,
    text: "ended.set(fan, gatherings);\n      remove(fan);",
    replacement: "remove(fan);",
    law: STAYS_SO,
  },
  {
    guard: "a token of the lobby is none of a ticket taken since",
    file: ROOM,
    text: "(lobby.has(fan) || place?.wasDrawn === true) && lobby.isGood(fan, order)",
    replacement: "(lobby.has(fan) || place !== undefined) && lobby.isGood(fan, order)",
    law: STAYS_SO,
  },
];

/** These show with a crowd that one act does not drain, or in two draws: in scenes of their own. */
export const SCENE_MUTATIONS: readonly Mutation[] = [
  {
    guard: "a token of an earlier draw is none of the next",
    file: GATHERING,
    text: "if (lastTicket > first) ended.set(fan, gatherings);",
    replacement: "",
    law: /a place that is over stays so/,
  },
  {
    guard: "those who have yet to draw are ahead of the fresh",
    file: ROOM,
    text: "const undrawn = lobby.isDrawing && place.order > lobby.lastTicket ? lobby.size : 0;",
    replacement: "const undrawn = 0;",
    law: /the fresh stand behind the crowd/,
  },
  {
    guard: "those who have drawn are ahead of those who have yet to",
    file: ROOM,
    text: "return waiting.countBelow(lobby.lastTicket + 1) + lobby.rank(fan);",
    replacement: "return lobby.rank(fan);",
    law: /exact positions/,
  },
  {
    guard: "a crowd is drained in bounded shares",
    file: UPKEEP,
    text: "for (let drawn = 0; drawn < UPKEEP_BATCH; drawn++) {",
    replacement: "for (;;) {",
    law: /drained in bounded shares/,
  },
];
