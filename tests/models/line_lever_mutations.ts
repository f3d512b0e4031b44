import type { Mutation } from "./mutations.ts";

const GATHERING = "adapters/memory/gathering.ts";
const JOINING = "adapters/memory/joining.ts";
const PROMOTING = "adapters/memory/promotion.ts";
const PROMOTION = "domain/promotion.ts";
const RULES = "adapters/memory/rules.ts";
const STOCK = "adapters/memory/stock.ts";
const STORE = "adapters/memory/queue_store.ts";
const UPKEEP = "adapters/memory/upkeep.ts";

/** Guards of the capacity, the states, the rules, the rate and the stock of a room. */
export const LEVER_MUTATIONS: readonly Mutation[] = [
  {
    guard: "capacity",
    file: PROMOTION,
    text: "let slots = Math.max(0, capacity - admitted);",
    replacement: "let slots = capacity;",
    law: /L1/,
  },
  {
    guard: "fans who were called and have not shown up have slots",
    file: PROMOTING,
    text: "admitted: room.inside,",
    replacement: "admitted: room.admitted.size,",
    law: /L1/,
  },
  {
    guard: "nobody is promoted in a state that does not promote",
    file: PROMOTION,
    text: "if (!promotes) slots = Math.min(slots, release);",
    replacement: "",
    law: /L7/,
  },
  {
    guard: "only a releasable state releases",
    file: PROMOTING,
    text: "release: allows.isReleasable ? release : 0,",
    replacement: "release,",
    law: /L7/,
  },
  {
    guard: "nobody joins a room that is closed or draining",
    file: JOINING,
    text: "if (rejoined === null && !mayJoin) return false;",
    replacement: "",
    law: /L7/,
  },
  {
    guard: "a room opens at its time, to the millisecond",
    file: UPKEEP,
    text: "if (rules.opensAtMs <= nowMs) rules.openByTime();",
    replacement: "if (rules.opensAtMs < nowMs) rules.openByTime();",
    law: /L7|L8/,
  },
  {
    guard: "the rules with the higher version apply",
    file: STORE,
    text: "if (next.version <= room.rules.current.version) return false;",
    replacement: "",
    law: /L8/,
  },
  {
    guard: "what was due under the old rules comes before the new ones",
    file: STORE,
    text: "upkeep(room, nowMs);\n  room.rules.replace",
    replacement: "room.rules.replace",
    law: /shuffles all who gathered|fans gather|L7|L2/,
  },
  {
    guard: "rules of an empty room are checked before a join",
    file: JOINING,
    text: "if (isUnchecked && !acceptUncheckedRules && room.isDeserted) {",
    replacement: "if (isUnchecked && !acceptUncheckedRules && room.parked < 0) {",
    law: /L8: the rules of an empty room/,
  },
  {
    guard: "admissions respect the rate",
    file: PROMOTION,
    text: "const byRate = leftMs < 0 ? 0 : Math.floor(leftMs / intervalMs) + 1;",
    replacement: "const byRate = Infinity;",
    law: /L6/,
  },
  {
    guard: "each admission counts for the rate",
    file: PROMOTING,
    text: "room.arrivalMs = from + promoted * rate.intervalMs;",
    replacement: "room.arrivalMs = from + Math.sign(promoted) * rate.intervalMs;",
    law: /L6/,
  },
  {
    guard: "a burst is limited to the share of one second",
    file: PROMOTING,
    text: "const from = promoted > 0 ? Math.max(arrivalMs, nowMs) : arrivalMs;",
    replacement: "const from = promoted > 0 ? Math.max(arrivalMs, nowMs - 60_000) : arrivalMs;",
    law: /L6/,
  },
  {
    guard: "a raised rate applies at once",
    file: PROMOTION,
    text: "return Math.min(arrivalMs, nowMs + toleranceMs + intervalMs);",
    replacement: "return arrivalMs;",
    law: /no free slot idles/,
  },
  {
    guard: "upkeep is due when the rate allows the next admission",
    file: UPKEEP,
    text: "times.push(Math.max(nowMs + 1, Math.ceil(room.arrivalMs - toleranceMs)));",
    replacement: "void toleranceMs;",
    law: /no free slot idles/,
  },
  {
    guard: "nobody is admitted when no seat is left",
    file: PROMOTION,
    text: "if (budget !== null) slots = Math.min(slots, Math.max(0, budget));",
    replacement: "",
    law: /for nothing/,
  },
  {
    guard: "each admission may take a seat",
    file: STOCK,
    text: "if (this.#limit && nowMs > this.#limit.sinceMs) this.#limit.admitted++;",
    replacement: "",
    law: /for nothing/,
  },
  {
    guard: "ends after the count began are not in it",
    file: STOCK,
    text: "this.overAtCount = this.lastEndMs <= beganMs ? this.over : sampled;",
    replacement: "this.overAtCount = this.over;",
    law: /for nothing/,
  },
  {
    guard: "admissions that ended take no more seats",
    file: STOCK,
    text: "this.over++;",
    replacement: "",
    law: /no free slot idles/,
  },
  {
    guard: "plenty of seats end the limit",
    file: STOCK,
    text: "if (available >= PLENTIFUL_STOCK) this.#limit = null;",
    replacement: "if (available < 0) this.#limit = null;",
    law: /no free slot idles|whoever calls as told gets through/,
  },
  {
    guard: "the newer count applies",
    file: STOCK,
    text: "ageMs < COUNT_ORDER_MS) return false;",
    replacement: "ageMs < 0) return false;",
    law: /no free slot idles|for nothing/,
  },
];

/** Guards of the gathering and the draw. */
export const DRAW_MUTATIONS: readonly Mutation[] = [
  {
    guard: "the draw decides the order",
    file: GATHERING,
    text: "this.gathered.add(fan, drawValue(pseudonymOf(fan, this.draw), this.draw.seed));",
    replacement: "this.gathered.add(fan, this.gatherings);",
    law: /in the order of the draw|L2/,
  },
  {
    guard: "the list has the ticket of each drawn fan",
    file: GATHERING,
    text: ".map((pseudonym, i) => ({ pseudonym, ticket: before + from + i + 1 }));",
    replacement: ".map((pseudonym, i) => ({ pseudonym, ticket: before + from + i }));",
    law: /the ticket of the list/,
  },
  {
    guard: "tickets are reserved for all who gathered",
    file: UPKEEP,
    text: "room.tickets = last;",
    replacement: "",
    law: /L2|L3|L5|nobody for a draw that was opened/,
  },
  {
    guard: "a token of a gathering that was left stays invalid",
    file: GATHERING,
    text: "if (leftAt !== undefined) this.#again.set(fan, leftAt);",
    replacement: "",
    law: /L5: an ended token/,
  },
  {
    guard: "who left is known when the fan gathers again",
    file: GATHERING,
    text: "this.#left.set(fan, this.gatherings);",
    replacement: "",
    law: /L5: an ended token/,
  },
  {
    guard: "a token of a gathering is for the tickets of its draw",
    file: GATHERING,
    text: "if (order > 0) return this.placeOf(fan, tokenOrder, order) === order;",
    replacement: "if (order > 0) return this.#lotOf(tokenOrder) !== undefined;",
    law: /L5: an ended token|endedBecause is true/,
  },
  {
    guard: "nobody gathers for a draw that was opened by time",
    file: RULES,
    text: "this.openedDraw = this.current.draw?.id ?? null;",
    replacement: "",
    law: /nobody for a draw that was opened/,
  },
  {
    guard: "nobody gathers for a draw that was opened by its fans",
    file: UPKEEP,
    text: "room.rules.openedDraw = room.lobby.draw!.id;",
    replacement: "",
    law: /nobody for a draw that was opened/,
  },
  {
    guard: "nobody gathers while a draw goes on",
    file: GATHERING,
    text: "if (this.draw === null || this.isDrawing) return false;",
    replacement: "if (this.draw === null) return false;",
    law: /L2|L5|the list|one pseudonym|the opening shuffles|does not wait again/,
  },
  {
    guard: "the bound of an undrawn fan is not exceeded",
    file: "domain/draw.ts",
    text: "Math.ceil(between + 4.5 * Math.sqrt(between) + 10)",
    replacement: "Math.ceil(between)",
    law: /L4/,
  },
  {
    guard: "numbers of left places are dropped after the draw",
    file: GATHERING,
    text: "this.#again.delete(fan);\n  }\n\n  /** Reserves",
    replacement: "}\n\n  /** Reserves",
    law: /an empty room keeps nothing/,
  },
  {
    guard: "a next draw comes after the present one",
    file: STORE,
    text: "if (next.draw.id !== room.lobby.draw?.id) openLobby(room, nowMs);",
    replacement: "",
    law: /L2|L5|the list|one pseudonym|the opening shuffles|in the order/,
  },
];
