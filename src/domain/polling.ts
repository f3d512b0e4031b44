import type { Pace, RulesSnapshot } from "./queue.ts";

/** A measured rate is used from this many promotions and this time on. */
const MIN_MEASURED_PROMOTIONS = 5;
const MIN_MEASURED_MS = 1000;
/** Before anything was measured: the assumed time in which all admitted fans are replaced once. */
const ASSUMED_TURNOVER_SECONDS = 300;

/** A fan polls again after this share of the remaining wait. */
const POLL_SHARE_OF_WAIT = 0.2;
/** The jitter, as a share of the interval; at least one second, so that polls spread out. */
const POLL_JITTER = 0.2;
const MIN_POLL_JITTER_SECONDS = 1;

/** What an answer needs beside the standing. */
export interface AnswerContext {
  readonly waitingTtlMs: number;
  readonly nowMs: number;
  /** Uniform in [0, 1). */
  readonly random: number;
}

function measuredPerSecond(pace: Pace): number | null {
  if (pace.promoted < MIN_MEASURED_PROMOTIONS || pace.overMs < MIN_MEASURED_MS) return null;
  return pace.promoted / (pace.overMs / 1000);
}

function allowedPerSecond({ admissionsPerMinute }: RulesSnapshot): number {
  return admissionsPerMinute === null ? Infinity : admissionsPerMinute / 60;
}

/**
 * Seconds until a fan with `ahead` others in front is admitted: by the measured pace, or by
 * `floor(ahead / capacity) × 300` before it was measured; not less than the rate limit allows.
 */
export function estimatedWaitSeconds(ahead: number, pace: Pace, rules: RulesSnapshot): number {
  const measured = measuredPerSecond(pace);
  const byPace = measured === null
    ? Math.floor(ahead / rules.capacity) * ASSUMED_TURNOVER_SECONDS
    : Math.ceil(ahead / measured);
  return Math.max(byPace, Math.ceil(ahead / allowedPerSecond(rules)));
}

/** The bounds of polling in seconds. At least two polls fit into the time that ages out a place. */
function pollBounds(rules: RulesSnapshot, waitingTtlMs: number): { min: number; max: number } {
  const keepsPlace = Math.max(1, Math.floor(waitingTtlMs / 2000));
  return {
    min: Math.min(rules.pollMinSeconds, keepsPlace),
    max: Math.min(rules.pollMaxSeconds, keepsPlace),
  };
}

/** When to poll again, in whole seconds between the bounds: in proportion to the wait. */
export function pollAfterSeconds(
  ahead: number,
  pace: Pace,
  rules: RulesSnapshot,
  { waitingTtlMs, random }: Omit<AnswerContext, "nowMs">,
): number {
  const assumed = rules.capacity / ASSUMED_TURNOVER_SECONDS;
  const perSecond = Math.min(measuredPerSecond(pace) ?? assumed, allowedPerSecond(rules));
  const { min, max } = pollBounds(rules, waitingTtlMs);
  const highest = Math.min(max / (1 + POLL_JITTER), max - MIN_POLL_JITTER_SECONDS);
  const base = Math.max(min, Math.min(highest, POLL_SHARE_OF_WAIT * (ahead / perSecond)));
  const jitter = Math.max(MIN_POLL_JITTER_SECONDS, POLL_JITTER * base);
  return Math.min(max, Math.round(base + jitter * random));
}

/**
 * When a fan who gathered polls again: at the longest interval or, if the room opens sooner, some
 * seconds after the opening. The square root spreads the crowd: if all fans last polled evenly
 * over the interval before the opening, no second after it gets more than twice its even share.
 */
export function gatheredPollAfterSeconds(rules: RulesSnapshot, context: AnswerContext): number {
  const { waitingTtlMs, nowMs, random } = context;
  const { min, max } = pollBounds(rules, waitingTtlMs);
  const opening = Math.ceil(((rules.opensAtMs ?? Infinity) - nowMs) / 1000);
  if (opening <= 0 || opening >= max) {
    return pollAfterSeconds(Infinity, { promoted: 0, overMs: 0 }, rules, context);
  }
  const after = opening + 1 + Math.floor(Math.sqrt(random) * (max - opening));
  return Math.max(min, Math.min(max, after));
}
