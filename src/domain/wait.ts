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
 * How far the range reaches on each side, in standard deviations: 1.28 would hold four of five
 * normal errors, the rest is for what the measured turns do not show.
 */
const RANGE_DEVIATIONS = 1.34;
/** The phase of the next admission by the rate, in intervals of it. */
const RATE_PHASE = { low: 0.2, middle: 0.5, high: 0.8 };
/** A fan hears of the turn at the next poll: so many shortest polling intervals later. */
const HEARD_AFTER = { low: 0.1, middle: 0.6, high: 1.2 };

/** Whether the line admits fans, who find seats. */
export function isMoving({ state }: RulesSnapshot, seats: StockOutlook): boolean {
  return ROOM_STATE_POLICIES[state].promotes && seats === "SOME";
}

/**
 * The wait of a fan with `ahead` others in front; null while nobody is admitted, or when the seats
 * left are for those in front. The fan needs one slot more than those in front will use. Before a
 * turn ended a full house is assumed to be replaced at once. The wait is never below what the rate
 * allows.
 */
export function estimateWait(
  ahead: number,
  speed: LineSpeed,
  rules: RulesSnapshot,
  seats: StockOutlook,
): WaitEstimate | null {
  const { capacity, admissionsPerMinute, pollMinSeconds } = rules;
  const others = ahead * usedShare(speed);
  if (!isMoving(rules, seats) || others >= (speed.seatsLeft ?? Infinity)) return null;
  const turns = Math.max(0, others + 1 + speed.admitted - capacity);
  const bySlots = turns * slotSeconds(speed, capacity) / capacity;
  const interval = (admissionPace(admissionsPerMinute)?.intervalMs ?? 0) / 1000;
  const errors = relativeErrors(turns, others, speed);

  function quantile(which: keyof typeof RATE_PHASE, deviations: number): number {
    const byRate = (others * Math.exp(deviations * errors.ofUse) + RATE_PHASE[which]) * interval;
    const seconds = Math.max(bySlots * Math.exp(deviations * errors.ofSlots), byRate);
    const heard = Math.round(seconds + HEARD_AFTER[which] * pollMinSeconds);
    return Math.min(Number.MAX_SAFE_INTEGER, heard);
  }
  const assumed = Math.max(
    Math.floor(ahead / capacity) * ASSUMED_TURNOVER_SECONDS,
    Math.ceil(others * interval),
  );
  const seconds = speed.ended === 0 ? assumed : Math.max(pollMinSeconds, quantile("middle", 0));
  return {
    seconds,
    low: Math.min(seconds, quantile("low", -RANGE_DEVIATIONS)),
    high: Math.max(seconds, quantile("high", RANGE_DEVIATIONS)),
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
  const ofUse = Math.max(0, 1 - usedShare(speed)) *
    (1 / Math.max(1, others) + 1 / Math.max(1, speed.called - speed.absent));
  const phase = (turnsTogether(speed) / 3) ** 2;
  const ofSlots = 1 / toCome + 1 / measured + phase * (1 / toCome ** 2 + 1 / measured ** 2);
  // A larger error would be no range any more.
  const deviation = (variance: number) => Math.sqrt(Math.min(1, variance));
  return { ofSlots: deviation(ofUse + ofSlots), ofUse: deviation(ofUse) };
}
