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
    text: "const slots = rules.current.capacity - admitted.size;",
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
    guard: "a parked fan who returns gets the next slot",
    file: UPKEEP,
    text: "return returned.first() ?? (isBehind ? undefined : first);",
    replacement: "return (isBehind ? undefined : first) ?? returned.first();",
    law: /L2/,
  },
  {
    guard: "an end is for exactly that place",
    file: ROOM,
    text: "if (order >= 0) return place?.order === order;",
    replacement: "if (order >= 0) return place !== undefined;",
    law: /L2|L5|left is GONE/,
  },
  {
    guard: "a place is parked once",
    file: PLACES,
    text: "if (place.shownUp || place.missedTurn) return remove(place);",
    replacement: "if (place.shownUp) return remove(place);",
    law: /L5|L2/,
  },
  {
    guard: "the position of a fan who rejoined never rises",
    file: ROOM,
    text: "return place.lowestAhead = Math.min(place.lowestAhead, rank);",
    replacement: "return rank;",
    law: /L4/,
  },
  {
    guard: "a position never rises when others rejoin in front",
    file: ROOM,
    text: "return rank - Math.min(rejoining.rejoinedSince(order), waiting.countBelow(first));",
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

/** Guards of the states, the rules, the rate and the stock of a room. */
export const LEVER_MUTATIONS: readonly Mutation[] = [
  {
    guard: "the rules with the higher version apply",
    file: RULES,
    text: "if (next.version <= rules.version) return;",
    replacement: "",
    law: /the higher version/,
  },
  {
    guard: "a longer polling interval of earlier rules keeps its window",
    file: RULES,
    text: "oldWindows = [...oldWindows, { windowMs: windowOf(rules), untilMs }];",
    replacement: "",
    law: /L4|L5/,
  },
  {
    guard: "nobody joins a room that is closed or draining",
    file: RULES,
    text: "return mayJoin && (!gathers || rules.draw !== null) ? null : closed(state, rules);",
    replacement: "return !gathers || rules.draw !== null ? null : closed(state, rules);",
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
    guard: "a release respects capacity and rate",
    file: UPKEEP,
    text: "return Math.min(allowed, release);",
    replacement: "return release;",
    law: /L1|L6/,
  },
  {
    guard: "nobody is promoted in a closed room or a lobby",
    file: UPKEEP,
    text: "    return 0;\n  }\n\n  /** Fans who joined",
    replacement: "    return allowed;\n  }\n\n  /** Fans who joined",
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
    guard: "admissions respect the rate",
    file: RATE,
    text: "return leftMs < 0 ? 0 : Math.floor(leftMs / intervalMs) + 1;",
    replacement: "return Infinity;",
    law: /L6/,
  },
  {
    guard: "each admission counts for the rate",
    file: RATE,
    text: "nextAtMs = Math.max(nextAtMs, nowMs) + admitted * pace.intervalMs;",
    replacement: "nextAtMs = Math.max(nextAtMs, nowMs) + pace.intervalMs;",
    law: /L6/,
  },
  {
    guard: "a burst is limited to the share of one second",
    file: RATE,
    text: "nextAtMs = Math.max(nextAtMs, nowMs) + admitted * pace.intervalMs;",
    replacement: "nextAtMs = Math.max(nextAtMs, nowMs - 60_000) + admitted * pace.intervalMs;",
    law: /L6/,
  },
  {
    guard: "a raised rate applies at once",
    file: RATE,
    text: "nextAtMs = Math.min(nextAtMs, nowMs + toleranceMs + intervalMs);",
    replacement: "",
    law: /L2|L5/,
  },
  {
    guard: "each admission reduces the stock budget by one",
    file: STOCK,
    text: "budget = Math.max(0, budget - admitted);",
    replacement: "",
    law: /nobody goes in for nothing/,
  },
  {
    guard: "nobody is admitted when no seat is left",
    file: UPKEEP,
    text: "return Math.min(allowed, Math.max(stock.budget, isNewFanAlone() ? 1 : 0));",
    replacement: "return allowed;",
    law: /nobody goes in for nothing/,
  },
  {
    guard: "a fan who joins an empty line is admitted at once",
    file: UPKEEP,
    text: "Math.max(stock.budget, isNewFanAlone() ? 1 : 0)",
    replacement: "stock.budget",
    law: /L2 L4/,
  },
  {
    guard: "the newer count applies",
    file: STOCK,
    text: "if (stock.asOfMs <= asOfMs) return false;",
    replacement: "",
    law: /L2 L4|for nothing/,
  },
  {
    guard: "one caller at a time recounts",
    file: STOCK,
    text: "if (isDue) recountAtMs = nowMs + RECOUNT_MS;",
    replacement: "",
    law: /L2 L4|L1 L5/,
  },
];

const STAYS_SO = /a place that is over stays so|a fan gets the right standing/;

/** Guards of the gathering and the draw. */
export const DRAW_MUTATIONS: readonly Mutation[] = [
  {
    guard: "the draw decides the order",
    file: GATHERING,
    text: "gathered.add(fan, drawValue(pseudonym, current));",
    replacement: "gathered.add(fan, gatherings);",
    law: /L2/,
  },
  {
    guard: "the list has the ticket of each drawn fan",
    file: GATHERING,
    text: "ticket: ticketOf(order) });",
    replacement: "ticket: list.length + 1 });",
    law: /the published list/,
  },
  {
    guard: "tickets are reserved for all gathered fans",
    file: GATHERING,
    text: "return lastTicket = last + gathered.size;",
    replacement: "lastTicket = last + gathered.size;\n      return last;",
    law: /L2|L3/,
  },
  {
    guard: "they are reserved before another fan gets a ticket",
    file: ROOM,
    text: "openIfDue(nowMs);\n      const known",
    replacement: "const known",
    law: /L2|L3/,
  },
  {
    guard: "a token of a gathering that was left is invalid",
    file: GATHERING,
    text: "ended.set(fan, gatherings);\n      remove(fan);",
    replacement: "remove(fan);",
    law: STAYS_SO,
  },
  {
    guard: "a token of the lobby is invalid for a later ticket",
    file: ROOM,
    text: "(lobby.has(fan) || place?.wasDrawn === true) && lobby.isValidOrder(fan, order)",
    replacement: "(lobby.has(fan) || place !== undefined) && lobby.isValidOrder(fan, order)",
    law: STAYS_SO,
  },
];

/** Guards that need more fans than one act draws, or two draws: separate scenes test them. */
export const SCENE_MUTATIONS: readonly Mutation[] = [
  {
    guard: "a token of an earlier draw is invalid for the next draw",
    file: GATHERING,
    text: "if (lastTicket > first) ended.set(fan, gatherings);",
    replacement: "",
    law: /a place that is over stays so/,
  },
  {
    guard: "gathered fans without a ticket are ahead of new fans",
    file: ROOM,
    text: "const undrawn = lobby.isDrawing && place.order > lobby.lastTicket ? lobby.size : 0;",
    replacement: "const undrawn = 0;",
    law: /the fresh stand behind the crowd/,
  },
  {
    guard: "fans with a drawn ticket are ahead of fans without one",
    file: ROOM,
    text: "return waiting.countBelow(lobby.lastTicket + 1) + lobby.rank(fan);",
    replacement: "return lobby.rank(fan);",
    law: /exact positions/,
  },
  {
    guard: "a crowd is drawn in bounded batches",
    file: UPKEEP,
    text: "for (let drawn = 0; drawn < UPKEEP_BATCH; drawn++) {",
    replacement: "for (;;) {",
    law: /drained in bounded shares/,
  },
];
