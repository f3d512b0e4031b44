import type { Mutation } from "./mutations.ts";

const SHARED = "adapters/upstash/lua/shared";
const QUEUE = "adapters/upstash/lua/queue";

/** Guards of the line in Redis. The same rules are also guarded in memory; these are the scripts. */
export const LUA_MUTATIONS: readonly Mutation[] = [
  {
    guard: "a token is for exactly one place of its fan",
    file: `${SHARED}/standing.lua`,
    text: "if not order or order ~= order_now(fan) then\n    return { 'GONE'",
    replacement: "if not order or not order_now(fan) then\n    return { 'GONE'",
    law: /L5: an ended token/,
  },
  {
    guard: "an end is for exactly that place",
    file: `${QUEUE}/end_places.lua`,
    text: "if not order or order ~= now_order then return false end",
    replacement: "if not order or not now_order then return false end\n  order = now_order",
    law: /L5/,
    from: 5,
  },
  {
    guard: "a near poll proves exactly that place",
    file: `${QUEUE}/status_fast_path.lua`,
    text:
      "if ahead and call('ZADD', CALLS, 'XX', 'GT', 'CH', score, fan .. ':' .. ARGV[5]) == 1 then",
    replacement: "if ahead then call('ZADD', CALLS, score, fan .. ':' .. ARGV[5])",
    law: /L5/,
  },
  {
    guard: "a token is of one epoch",
    file: `${QUEUE}/status_fast_path.lua`,
    text: "if values[1] ~= ARGV[6] then return { 'RESET' } end",
    replacement: "if not values[1] then return { 'RESET' } end",
    law: /a token of another epoch/,
  },
  {
    guard: "a new place needs the challenge, on the fast path",
    file: `${QUEUE}/join_fast_path.lua`,
    text: "local lacks_challenge = values[28] == '1' and ARGV[11] ~= '1'",
    replacement: "local lacks_challenge = false",
    law: /nobody gets a new place/,
    from: 16,
  },
  {
    guard: "a new place needs the challenge, elsewhere",
    file: `${QUEUE}/join.lua`,
    text:
      "if not order and R.challenge == 1 and ARGV[11] ~= '1' then return finish({ 'CHALLENGE' }) end",
    replacement: "",
    law: /nobody gets a new place/,
    from: 16,
  },
  {
    guard: "the near limit never falls",
    file: `${SHARED}/promotion.lua`,
    text: "if wish <= R.near then return false end",
    replacement: "if wish == R.near then return false end",
    law: /near and called never fall/,
  },
  {
    guard: "far fans have a window since they became near",
    file: `${SHARED}/promotion.lua`,
    text: "if tonumber(raises[i]) >= order then return tonumber(raises[i + 1]) end",
    replacement: "if tonumber(raises[i]) >= order then return 0 end",
    law: /L2/,
  },
  {
    guard: "absent fans get no slot",
    file: `${SHARED}/decisions.lua`,
    text: "return due_ms and due_ms + show_up_ms or near_since_ms + window_ms",
    replacement: "return live() + window_ms",
    law: /absent fans get no slot/,
  },
  {
    guard: "the clock of deadlines stops in an outage",
    file: `${SHARED}/upkeep.lua`,
    text: "set('lost', R.lost + outage)",
    replacement: "",
    law: /L2/,
    from: 31,
  },
  {
    guard: "nobody goes in while the line re-forms",
    file: `${SHARED}/promotion.lua`,
    text: "local highest = now < R.hold and '(0' or R.drawing == 1 and text(R.drawn)",
    replacement: "local highest = R.drawing == 1 and text(R.drawn)",
    law: /nobody goes in while the line re-forms/,
  },
  {
    guard: "a token of an earlier epoch brings its order once",
    file: `${QUEUE}/join.lua`,
    text: "if not use_up_earlier(fan) then return nil end",
    replacement: "use_up_earlier(fan)",
    law: /brings its order once/,
  },
  {
    guard: "a fan who gathers in an idle room makes it active",
    file: `${QUEUE}/join_fast_path.lua`,
    text: "now - number(23) <= RULES_CHECK_MS and values[24] == '1'",
    replacement: "now - number(23) <= RULES_CHECK_MS",
    law: /a room with fans is active/,
  },
  {
    guard: "a far answer of the queue is a proof",
    file: `${QUEUE}/status_fast_path.lua`,
    text: "call('ZADD', PROOFS, text(now), fan)",
    replacement: "",
    law: /L4 L5|L5: nobody vanishes/,
    from: 70,
  },
  {
    guard: "capacity",
    file: `${SHARED}/decisions.lua`,
    text: "local slots = max(0, R.capacity - R.inside)",
    replacement: "local slots = R.capacity",
    law: /L1/,
  },
  {
    guard: "nobody is promoted in a state that does not promote",
    file: `${SHARED}/decisions.lua`,
    text: "if R.promotes == 0 then slots = min(slots, release) end",
    replacement: "",
    law: /L7/,
  },
  {
    guard: "admissions respect the rate",
    file: `${SHARED}/decisions.lua`,
    text: "min(slots, left_ms < 0 and 0 or floor(left_ms / R.interval) + 1), slots",
    replacement: "slots, slots + 0 * left_ms",
    law: /L6/,
  },
  {
    guard: "each admission may take a seat",
    file: `${SHARED}/promotion.lua`,
    text: "set('limited_admitted', R.limited_admitted + went)",
    replacement: "set('limited_admitted', 0)",
    law: /for nothing/,
  },
  {
    guard: "nobody gathers for a draw that was opened",
    file: `${QUEUE}/apply_rules.lua`,
    text: "R.opened_draw == ARGV[7] then set('gathers', 0) end",
    replacement: "R.opened_draw == ARGV[7] then set('gathers', 1) end",
    law: /nobody for a draw that was opened/,
  },
];
