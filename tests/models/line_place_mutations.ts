import type { Mutation } from "./mutations.ts";

const JOINING = "adapters/memory/joining.ts";
const PLACES = "adapters/memory/places.ts";
const STANDING = "adapters/memory/standing.ts";
const STORE = "adapters/memory/queue_store.ts";

/** Guards of places and their tokens. */
export const TOKEN_MUTATIONS: readonly Mutation[] = [
  {
    guard: "a token is for exactly one place of its fan",
    file: PLACES,
    text: "return present === order ? order : null;",
    replacement: "return present;",
    law: /L5: an ended token|a ticket never changes|L5/,
  },
  {
    guard: "a token is of one epoch",
    file: STORE,
    text: "return room?.epoch === epoch ? room : undefined;",
    replacement: "return room;",
    law: /a token of another epoch/,
  },
  {
    guard: "one place per fan",
    file: JOINING,
    text: 'if (live && live.standing.state !== "GONE") return live;',
    replacement: 'if (live && live.standing.state === "ADMITTED") return live;',
    law: /L3/,
  },
  {
    guard: "a token of an earlier epoch brings its order once",
    file: JOINING,
    text: "|| room.rejoined.has(markOf(room, fan))) return null;",
    replacement: ") return null;",
    law: /brings its order once/,
  },
  {
    guard: "a stale token brings nothing",
    file: JOINING,
    text: "if (madeAtMs <= createdAtMs - waitingTtlMs || ",
    replacement: "if (",
    law: /brings its order once/,
    from: 246,
  },
  {
    guard: "a token that is older than the room brings nothing",
    file: JOINING,
    text: " || madeAtMs < rules.current.madeAtMs) return null;",
    replacement: ") return null;",
    law: /brings its order once/,
  },
  {
    guard: "tokens bring orders for a while only",
    file: JOINING,
    text: "=== 0 && nowMs < createdAtMs + settings.waitingTtlMs;",
    replacement: "=== 0;",
    law: /brings its order once|L7/,
  },
  {
    guard: "whoever rejoins in a lobby gathers",
    file: JOINING,
    text: "earlier.epoch === epoch || rules.allows.gathers) return null;",
    replacement: "earlier.epoch === epoch) return null;",
    law: /brings its order once|fans gather/,
  },
  {
    guard: "why a place ended is kept",
    file: PLACES,
    text: "if (isKept) keepEnd(room, fan, { order, cause, atMs: nowMs });\n  else",
    replacement: "",
    law: /endedBecause is known/,
  },
  {
    guard: "an admission that lapsed was not missed",
    file: PLACES,
    text: 'if (isOver) endPlace(room, fan, "ADMISSION_LAPSED", nowMs);',
    replacement: 'if (isOver) endPlace(room, fan, "TURN_MISSED", nowMs);',
    law: /endedBecause is true/,
  },
  {
    guard: "deadlines of calls leave with the fan",
    file: PLACES,
    text: "room.calls.remove(callOf(fan, score));",
    replacement: "",
    law: /an empty room keeps nothing/,
  },
  {
    guard: "an admission lasts as long as its first answer says",
    file: PLACES,
    text: 'if (place?.state === "CALLED" || place?.state === "CALLED_AGAIN") {',
    replacement: 'if (place && "sinceMs" in place) {',
    law: /an admission lasts/,
  },
  {
    guard: "returned fans count in nobody's position",
    file: STANDING,
    text: "const inLine = rank - room.returnedWaiting;",
    replacement: "const inLine = rank;",
    law: /L4|the very front/,
    from: 593,
  },
  {
    guard: "undrawn fans are ahead of later tickets",
    file: STANDING,
    text: "const highest = lobby.isDrawing ? Math.min(near, lobby.drawn) : near;",
    replacement: "const highest = near;",
    law: /L4/,
    from: 170,
  },
];
