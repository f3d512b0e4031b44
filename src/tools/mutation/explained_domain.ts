import type { Explanation } from "./explanations.ts";

const ORDERS_FAR_FROM_ZERO =
  "An order is the number of steps of 16 s since 1970 times 2^25 and more, above or below zero. " +
  "None is near zero.";
const NOT_BELOW_ZERO = "A time of less than zero to 1 ms is no begun second, as zero is.";
const ANY_HASH = "Any hash will do that spreads fans over the time: a test measures the spread.";
const GUARD_OF_NOTHING =
  "Outside of the text there is no letter, and nothing is not equal to a letter.";
const NO_RATE =
  "Without a rate the interval only takes part in a maximum with a number that is not below zero.";
const CAPPED = "Below one the relative error is above one with either number, and counts as one.";

/** Mutants of src/domain in what the functions compute. */
export const DOMAIN_EXPLANATIONS: readonly Explanation[] = [
  {
    file: "domain/front.ts",
    text: "if (token.order >= 0) {",
    mutations: ["token.order >= 0 → >", "0 → 1", "0 → -1"],
    reason: ORDERS_FAR_FROM_ZERO,
  },
  {
    file: "domain/front.ts",
    text: 'if (pseudonym === null || number <= 0) return "ASK_QUEUE";',
    mutations: ["number <= 0 → <", "0 → -1"],
    reason:
      "Gathering 0 does not exist. It is not after any draw's gatherings: the queue is asked.",
  },
  {
    file: "domain/front.ts",
    text: "const ageSeconds = Math.ceil(Math.max(0, nowMs - takenAtMs) / 1000);",
    mutations: ["0 → -1"],
    reason: NOT_BELOW_ZERO,
  },
  {
    file: "domain/front.ts",
    text: "return !isOutage && nowMs - provenAtMs >= waitingTtlMs / 4 * (0.5 + shareOf(fan) / 2);",
    mutations: ["nowMs - provenAtMs >= waitingTtlMs / 4 * (0.5 + shareOf(fan) / 2) → >"],
    reason: "The time is a fraction of a millisecond for all but one of 2^32 hashes.",
  },
  {
    file: "domain/front.ts",
    text: "let hash = 0x811c9dc5;",
    mutations: ["0x811c9dc5 → 2166136262", "0x811c9dc5 → 2166136260"],
    reason: ANY_HASH,
  },
  {
    file: "domain/front.ts",
    text: "for (let i = 0; i < text.length; i++) {",
    mutations: ["0 → 1", "0 → -1", "i < text.length → <="],
    reason: ANY_HASH,
  },
  {
    file: "domain/front.ts",
    text: "hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);",
    mutations: ["0x01000193 → 16777620", "0x01000193 → 16777618"],
    reason: ANY_HASH,
  },
  {
    file: "domain/line_history.ts",
    text: "if (!first) return null;",
    mutations: ["!first → false"],
    reason: "Each sample is the first of those from it on. The type of a list does not say so.",
  },
  {
    file: "domain/line_speed.ts",
    text: "const isLong = seconds / turns > ASSUMED_TURNOVER_SECONDS;",
    mutations: ["seconds / turns > ASSUMED_TURNOVER_SECONDS → >="],
    reason: "The mean of times of 300 s is 300 s, however many assumed ones of 300 s are added.",
  },
  {
    file: "domain/line_speed.ts",
    text: "const byRate = (admissionPace(admissionsPerMinute)?.intervalMs ?? 0) / 1000;",
    mutations: ["0 → -1"],
    reason: NO_RATE,
  },
  {
    file: "domain/line_status.ts",
    text: "ticket: token.order < 0 ? null : ticketOf(token.order),",
    mutations: ["token.order < 0 → <=", "0 → 1", "0 → -1"],
    reason: ORDERS_FAR_FROM_ZERO,
  },
  {
    file: "domain/misspelling.ts",
    text: "if (Math.abs(right.length - letters.length) > mistakes) continue;",
    mutations: ["Math.abs(right.length - letters.length) > mistakes → false", "without continue;"],
    reason:
      "It saves the comparison: names have at least as many mistakes as their lengths differ.",
  },
  {
    file: "domain/misspelling.ts",
    text:
      "let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];",
    mutations: ["1 → 2"],
    reason: "Nothing reads the number behind the last letter.",
  },
  {
    file: "domain/misspelling.ts",
    text: "for (let i = 1; i <= a.length; i++) {",
    mutations: ["1 → 0"],
    reason: "The row of no letter comes out of itself.",
  },
  {
    file: "domain/misspelling.ts",
    text: "const exchanged = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];",
    mutations: ["i > 1 && j > 1 → ||", "i > 1 → >=", "1 → 0", "j > 1 → >=", "1 → 0 #2"],
    reason: GUARD_OF_NOTHING,
  },
  {
    file: "domain/network.ts",
    text: 'const [before = "", after] = address.split("::");',
    mutations: ['"" → "mutated"'],
    reason: "A text that is split has a first part. The default serves the type.",
  },
  {
    file: "domain/origins.ts",
    text: 'const [, protocol, anyLabels, host = "", port = ""] = ORIGIN.exec(origin) ?? [];',
    mutations: ['"" → "mutated"'],
    reason: "Every match has a host. The default serves the type.",
  },
  {
    file: "domain/polling.ts",
    text: "const max = Math.max(min, longest - Math.ceil(Math.max(0, nowMs - takenAtMs) / 1000));",
    mutations: ["0 → -1"],
    reason: NOT_BELOW_ZERO,
  },
  {
    file: "domain/polling.ts",
    text: "return Math.min(max, pollAfterSeconds(Infinity, 0, rules, context));",
    mutations: ["0 → 1"],
    reason: "Infinitely many ahead wait for infinitely long at any pace.",
  },
  {
    file: "domain/queue.ts",
    text: "return order <= first ? order : first - TICKET_SPAN + ((order - first) % TICKET_SPAN);",
    mutations: ["order <= first → <"],
    reason: "No ticket has the order before the first one.",
  },
  {
    file: "domain/queue.ts",
    text: "return order <= first ? order : first - TICKET_SPAN + ((order - first) % TICKET_SPAN);",
    mutations: ["order - first → +"],
    reason: "The order before the first one is a multiple of the span.",
  },
  {
    file: "domain/queue.ts",
    text: "const within = 1 + Math.floor(share * (TICKET_SPAN - 2));",
    mutations: ["1 → 2", "floor() → ceil()", "2 → 3", "2 → 1"],
    reason:
      "The laws are that the order of the draw stays and that the order lies within the span. " +
      "Which number of the span it is says nothing.",
  },
  {
    file: "domain/queue.ts",
    text: "return Math.min(before, first - 2 * TICKET_SPAN) + within;",
    mutations: ["2 → 3"],
    reason: "One span further ahead is ahead, too.",
  },
  {
    file: "domain/queue_token.ts",
    text:
      "const place = { room, fan, epoch, order: ticketed, isDrawn: order < 0 && ticketed >= 0 };",
    mutations: [
      ...["order < 0 → <=", "0 → 1", "0 → -1", "ticketed >= 0 → >", "0 → 1 #2", "0 → -1 #2"],
    ],
    reason: ORDERS_FAR_FROM_ZERO,
  },
  {
    file: "domain/queue_token.ts",
    text: "pseudonym: present.pseudonym ?? (present.order < 0 ? token.pseudonym : null),",
    mutations: ["present.order < 0 → <=", "0 → 1", "0 → -1"],
    reason: ORDERS_FAR_FROM_ZERO,
  },
  {
    file: "domain/room.ts",
    text: "const burst = Math.max(1, Math.floor((perMinute * CATCH_UP_SECONDS) / 60));",
    mutations: ["perMinute * CATCH_UP_SECONDS → /"],
    reason: "The constant is 1.",
  },
  {
    file: "domain/seat_map.ts",
    text: "for (let i = 0; i < runs.length; i += 2) {",
    mutations: ["i < runs.length → <="],
    reason: "Behind the last run there is an empty piece.",
  },
  {
    file: "domain/seat_map.ts",
    text: "if (last > 0 && runs[last - 1]! + runs[last]! === place) runs[last]!++;",
    mutations: ["last > 0 → >=", "0 → -1"],
    reason: "The list has an even number of members, so the last index is odd, or -1.",
  },
  {
    file: "domain/wait.ts",
    text: "const turns = Math.max(0, others + 1 + speed.admitted - capacity);",
    mutations: ["0 → -1"],
    reason: "A wait of less than zero is one until the next poll, as one of zero is.",
  },
  {
    file: "domain/wait.ts",
    text: "const interval = (admissionPace(admissionsPerMinute)?.intervalMs ?? 0) / 1000;",
    mutations: ["0 → -1"],
    reason: NO_RATE,
  },
  {
    file: "domain/wait.ts",
    text: "const [toCome, measured] = [Math.max(1, turns), Math.max(1, speed.ended)];",
    mutations: ["1 → 0", "1 → 0 #2"],
    reason: CAPPED,
  },
];
