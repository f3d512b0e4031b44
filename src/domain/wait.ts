import { ASSUMED_TURNOVER_SECONDS, slotSeconds, turnsTogether, usedShare } from "./line_speed.ts";
import type { LineSpeed, RulesSnapshot, StockOutlook } from "./queue.ts";
import { admissionPace, ROOM_STATE_POLICIES } from "./room.ts";

/** How long a fan waits, in seconds. Four fans of five wait from `low` to `high`. */
export interface WaitEstimate {
  readonly seconds: number;
  readonly low: number;
  readonly high: number;
}

/**
 * The range is so many standard deviations wide on each side. 1.28 would hold four of five normal
 * errors; the rest is for what the measured turns do not show.
 */
const RANGE_DEVIATIONS = 1.28;
/** A fan hears of the turn at the next poll: within these multiples of the shortest interval. */
const HEARD_AFTER = { least: 0.1, mean: 0.6, most: 1.25 };

/**
 * The wait of a fan with `ahead` others in front; null while nobody is admitted. The fan needs a
 * slot after those of the others who will use one. Before a turn ended, a full house is assumed to
 * be replaced at once. The wait is never below what the rate allows.
 */
export function estimateWait(
  ahead: number,
  speed: LineSpeed,
  rules: RulesSnapshot,
  seats: StockOutlook,
): WaitEstimate | null {
  const { capacity, admissionsPerMinute, pollMinSeconds } = rules;
  const others = ahead * usedShare(speed);
  if (!ROOM_STATE_POLICIES[rules.state].promotes || seats !== "SOME") return null;
  if (speed.seatsLeft !== null && others >= speed.seatsLeft) return null;
  const turns = Math.max(0, others + 1 + speed.admitted - capacity);
  const bySlots = turns * slotSeconds(speed, capacity) / capacity;
  const byRate = others * (admissionPace(admissionsPerMinute)?.intervalMs ?? 0) / 1000;
  const errors = relativeErrors(turns, others, speed);
  const within = (deviations: number) =>
    Math.max(
      bySlots * Math.exp(deviations * errors.ofSlots),
      byRate * Math.exp(deviations * errors.ofUse),
    );
  const heard = (seconds: number, after: number) => Math.round(seconds + after * pollMinSeconds);
  const assumed = Math.floor(ahead / capacity) * ASSUMED_TURNOVER_SECONDS;
  const seconds = speed.ended === 0
    ? Math.max(assumed, Math.ceil(byRate))
    : Math.max(pollMinSeconds, heard(within(0), HEARD_AFTER.mean));
  return {
    seconds,
    low: Math.min(seconds, heard(within(-RANGE_DEVIATIONS), HEARD_AFTER.least)),
    high: Math.max(seconds, heard(within(RANGE_DEVIATIONS), HEARD_AFTER.most)),
  };
}

/**
 * The standard deviations of the logarithms of both ways to the wait. `ofUse`: of the share of fans
 * who use a slot, binomial in the sample and in the line. `ofSlots`: that, and the relative
 * variances 1 / n of the mean turn measured from n turns and of the sum of the turns to come
 * (gamma), and the phase of turns that end together, up to a third of their number on each side.
 */
function relativeErrors(
  turns: number,
  others: number,
  speed: LineSpeed,
): { readonly ofSlots: number; readonly ofUse: number } {
  const [toCome, measured] = [Math.max(1, turns), Math.max(1, speed.ended)];
  const ofUse = (1 - usedShare(speed)) *
    (1 / Math.max(1, others) + 1 / Math.max(1, speed.called - speed.absent));
  const phase = (turnsTogether(speed) / 3) ** 2;
  const ofSlots = 1 / toCome + 1 / measured + phase * (1 / toCome ** 2 + 1 / measured ** 2);
  // A larger error would be no range any more.
  const deviation = (variance: number) => Math.sqrt(Math.min(1, variance));
  return { ofSlots: deviation(ofUse + ofSlots), ofUse: deviation(ofUse) };
}
