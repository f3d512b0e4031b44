import {
  LONGEST_OUTAGE_SHARE,
  PACE_SAMPLE_MS,
  type QueueBounds,
  SILENCE_MS,
} from "./queue_bounds.ts";

/** The decisions of a promotion. The Lua functions of the same names follow the same rules. */

export interface Allowance {
  /** Free slots, as capacity, state and stock allow. */
  readonly slots: number;
  /** How many of them the rate allows now. */
  readonly now: number;
}

export interface AllowanceInput {
  readonly nowMs: number;
  readonly capacity: number;
  readonly admitted: number;
  /** Whether the state promotes by itself; else at most `release` fans are promoted. */
  readonly promotes: boolean;
  readonly release: number;
  /** How many more the stock allows; null without a limit. */
  readonly budget: number | null;
  /** The rate; 0 for none. See `admissionPace`. */
  readonly intervalMs: number;
  readonly toleranceMs: number;
  /** The corrected theoretical arrival time of the next admission (GCRA). */
  readonly arrivalMs: number;
}

export function allowance(input: AllowanceInput): Allowance {
  const { nowMs, capacity, admitted, promotes, release, budget } = input;
  let slots = Math.max(0, capacity - admitted);
  if (!promotes) slots = Math.min(slots, release);
  if (budget !== null) slots = Math.min(slots, Math.max(0, budget));
  const { intervalMs, toleranceMs } = input;
  if (intervalMs === 0) return { slots, now: slots };
  const leftMs = nowMs + toleranceMs - Math.max(input.arrivalMs, nowMs);
  const byRate = leftMs < 0 ? 0 : Math.floor(leftMs / intervalMs) + 1;
  return { slots, now: Math.min(slots, byRate) };
}

/**
 * The stored arrival time, which an upkeep corrects: after a raise of the rate or a step back of
 * the clock it is at most one interval late.
 */
export function correctedArrival(
  { nowMs, intervalMs, toleranceMs, arrivalMs }: Pick<
    AllowanceInput,
    "nowMs" | "intervalMs" | "toleranceMs" | "arrivalMs"
  >,
): number {
  return Math.min(arrivalMs, nowMs + toleranceMs + intervalMs);
}

/**
 * The order up to which fans should be near. A far fan hears of it within the longest interval. Who
 * vanishes then is overdue, and takes no slot, the same interval and the time to show up later. Both
 * should have passed when the turn comes, and half a window at least, because the pace changes.
 */
export function nearLimit(
  called: number,
  pace: number,
  { toldMs, showUpMs }: { readonly toldMs: number; readonly showUpMs: number },
  { leastNear }: Pick<QueueBounds, "leastNear">,
): number {
  const windowMs = toldMs + showUpMs;
  const aheadMs = windowMs + Math.max(toldMs, windowMs / 2);
  return called + Math.max(leastNear, Math.ceil(pace * aheadMs / 1000));
}

/**
 * By when a fan whose turn comes must show up; null when the fan is overdue already and gets no
 * slot. `dueMs` is the time by which a fan who called as near was to call again. A fan who
 * only called as far has a window from the time at which the order became near.
 */
export function showUpDeadline(
  { dueMs, nearSinceMs, showUpMs, windowMs, nowMs }: {
    readonly dueMs: number | null;
    readonly nearSinceMs: number;
    readonly showUpMs: number;
    readonly windowMs: number;
    readonly nowMs: number;
  },
): number | null {
  const deadlineMs = dueMs === null ? nearSinceMs + windowMs : dueMs + showUpMs;
  return deadlineMs > nowMs ? deadlineMs : null;
}

/**
 * For how long nobody could call before the present act; deadlines do not come nearer meanwhile.
 * `dueMs` is the first time after the last act, and at most `PACE_SAMPLE_MS` before now, by which a
 * fan was to call; null if there is none. `farRaisedAtMs` is when far fans last became near:
 * one of them calls within `toldMs`.
 */
export function outageMs(
  { nowMs, actedAtMs, dueMs, farRaisedAtMs, toldMs, showUpMs, waitingTtlMs }: {
    readonly nowMs: number;
    readonly actedAtMs: number;
    readonly dueMs: number | null;
    readonly farRaisedAtMs: number;
    readonly toldMs: number;
    readonly showUpMs: number;
    readonly waitingTtlMs: number;
  },
): number {
  // A short time to show up must not pass in a silence.
  const silenceMs = Math.min(SILENCE_MS, Math.max(PACE_SAMPLE_MS, showUpMs));
  if (nowMs - actedAtMs <= silenceMs) return 0;
  const isFarDue = farRaisedAtMs + toldMs > actedAtMs;
  const beganMs = Math.min(dueMs ?? nowMs, isFarDue ? actedAtMs + PACE_SAMPLE_MS : nowMs);
  return Math.min(nowMs - beganMs, Math.floor(waitingTtlMs * LONGEST_OUTAGE_SHARE));
}

/** Of a score of `calls`, one unit a second, below 1 ms. It fits into a double until 2109. */
export const INTERVAL_UNITS = 2048;

/**
 * The score of a near fan who calls at `liveMs` and is to call again: the time by which to
 * call, in whole ms, and the interval as its fraction, so that the score also tells when the
 * fan called.
 */
export function callScore(liveMs: number, pollAfterSeconds: number): number {
  const interval = Math.min(pollAfterSeconds, INTERVAL_UNITS - 1) / INTERVAL_UNITS;
  return liveMs + pollAfterSeconds * 1000 + interval;
}

/** The highest score of a fan who was to call by this live time. */
export const lastScoreDueBy = (liveMs: number): number => liveMs + 1 - 1 / INTERVAL_UNITS;

/** The time by which a fan with this score was to call, live ms. */
export const dueOfCall = (score: number): number => Math.floor(score);

/** When a fan with this score called, live ms. */
export function timeOfCall(score: number): number {
  const dueMs = Math.floor(score);
  return dueMs - Math.round((score - dueMs) * INTERVAL_UNITS) * 1000;
}
