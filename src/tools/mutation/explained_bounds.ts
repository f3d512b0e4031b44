import type { Explanation } from "./explanations.ts";

const BATCHES =
  "How many one act takes is a compromise of cost and time: any number will do. The tests use smaller ones.";
const A_MILLISECOND =
  "A millisecond more or less is within what the clocks of two servers differ by.";

/** A number of `queue_bounds.ts` that was chosen: its neighbours would do. */
function chosen(text: string, value: string, number: number, reason: string): Explanation {
  const mutations = [number + 1, number - 1].map((other) => `${value} → ${other}`);
  return { file: "domain/queue_bounds.ts", text, mutations, reason };
}
const span = (name: string, value: string, reason: string) =>
  chosen(`export const ${name} = ${value};`, value, Number(value.replaceAll("_", "")), reason);

/** Mutants of the bounds and spans of the queue. */
export const BOUNDS_EXPLANATIONS: readonly Explanation[] = [
  chosen("promotionBatch: 256,", "256", 256, BATCHES),
  chosen("ageingBatch: 128,", "128", 128, BATCHES),
  chosen("drawBatch: 128,", "128", 128, BATCHES),
  chosen(
    "leastNear: 200,",
    "200",
    200,
    "Near fans are more than the hundred with an exact position.",
  ),
  span("NEAR_STEP_MS", "1_000", "It bounds the writes of the near limit to about one a second."),
  span("OUTAGES_KEPT", "64", "More outages within one waiting TTL are not expected."),
  span(
    "LOTS_LOOKED_AT",
    "16",
    "A room that had so many draws while a token lives is not expected.",
  ),
  span("DRAW_STEP_MS", "25", "It spreads the work of a draw: a millisecond changes no order."),
  span("ENDED_KEPT_MS", "3_600_000", A_MILLISECOND),
  {
    file: "domain/queue_bounds.ts",
    text: "export const RELEASE_KEPT_MS = 25 * 3_600_000;",
    mutations: ["3_600_000 → 3600001", "3_600_000 → 3599999"],
    reason: A_MILLISECOND,
  },
  span("RULES_CHECK_MS", "60_000", A_MILLISECOND),
  {
    file: "domain/queue_bounds.ts",
    text: "export const ISSUED_LOG_SHARE = 1 / 64;",
    mutations: ["1 → 2", "64 → 65", "64 → 63"],
    reason: "The age of a ticket is known to any such small share of the waiting TTL.",
  },
  span("RECOUNT_MS", "5_000", A_MILLISECOND),
  span("SOLD_OUT_RECOUNT_MS", "60_000", A_MILLISECOND),
  span("SOONEST_RECOUNT_MS", "1_000", A_MILLISECOND),
  span("COUNT_TAKES_MS", "3_000", A_MILLISECOND),
  span("COUNT_ORDER_MS", "10_000", A_MILLISECOND),
  span("SEAL_MS", "60_000", A_MILLISECOND),
  span("TTL_NOTED_MS", "60_000", A_MILLISECOND),
  span("OLD_TTL_KEPT_MS", "900_000", A_MILLISECOND),
  span(
    "ADMISSION_BUCKET_MS",
    "5_000",
    "The count of a minute is kept in buckets: it is about right.",
  ),
  {
    file: "domain/room.ts",
    text: "export const OPENING_MARGIN_MS = 5_000;",
    mutations: ["5_000 → 5001", "5_000 → 4999"],
    reason: A_MILLISECOND,
  },
  {
    file: "domain/room.ts",
    text: "const TICK_MS = 1 / 1024;",
    mutations: ["1 → 2"],
    reason: "Multiples of 2 / 1024 ms have exact sums, too.",
  },
  {
    file: "domain/key_set.ts",
    text: "export const KEY_SET_DEADLINE_MS = 3_000;",
    mutations: ["3_000 → 3001", "3_000 → 2999"],
    reason: A_MILLISECOND,
  },
  {
    file: "domain/queue.ts",
    text: "export const RETURNED_ORDERS = -(2 ** 52);",
    mutations: ["52 → 51"],
    reason: "A thousand million returns fit into half the room, too.",
  },
];
