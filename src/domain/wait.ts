import { ASSUMED_TURNOVER_SECONDS, ordersPerSecond } from "./polling.ts";
import type { LineSpeed, RulesSnapshot, StockOutlook } from "./queue.ts";
import { ROOM_STATE_POLICIES } from "./room.ts";

/** How long a fan waits, in seconds. Four fans of five wait from `low` to `high`. */
export interface WaitEstimate {
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

/** The share of the estimate by which it misses in a long line. A short line adds chance. */
const RELATIVE_ERROR = 0.15;

/**
 * The wait of a fan with `ahead` others in front; null while nobody is admitted. It follows the
 * measured pace. Before that all admitted fans are assumed to be replaced at once, in turn. It is
 * never below what the rate allows.
 */
export function estimateWait(
  ahead: number,
  { pace }: LineSpeed,
  rules: RulesSnapshot,
  seats: StockOutlook,
): WaitEstimate | null {
  if (!ROOM_STATE_POLICIES[rules.state].promotes || seats !== "SOME") return null;
  const { capacity, admissionsPerMinute } = rules;
  const byPace = pace > 0
    ? Math.ceil(ahead / ordersPerSecond(pace, rules))
    : Math.floor(ahead / capacity) * ASSUMED_TURNOVER_SECONDS;
  const byRate = admissionsPerMinute === null ? 0 : Math.ceil(ahead * 60 / admissionsPerMinute);
  const seconds = Math.max(byPace, byRate);
  const error = RELATIVE_ERROR + 1 / Math.sqrt(ahead + 1);
  return {
    seconds,
    low: Math.max(0, Math.floor(seconds * (1 - error))),
    high: Math.ceil(seconds * (1 + error)),
  };
}
