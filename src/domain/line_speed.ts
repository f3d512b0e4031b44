import type { RulesSnapshot, TurnTally } from "./queue.ts";
import { FEWEST_TURNS, REMEMBERED_TURNOVERS } from "./queue_bounds.ts";
import { admissionPace } from "./room.ts";

/** How fast the line moves, from the turns measured lately. Lua functions have the same names. */

/** Before a turn ended: the assumed time in which all admitted fans are replaced once. */
export const ASSUMED_TURNOVER_SECONDS = 300;
/** The lowest share of fans who use their turn that the pace assumes. */
export const LEAST_USED_SHARE = 1 / 10;
/** So that the pace is a moderate number also when all turns ended at once. */
export const SHORTEST_TURN_SECONDS = 1;

/**
 * The share of the tally that still counts after a sample in which so many turns ended. Turns are
 * forgotten as others end: a line that stands still forgets nothing.
 */
export function rememberedShare(ended: number, capacity: number): number {
  const remembered = Math.max(FEWEST_TURNS, REMEMBERED_TURNOVERS * capacity);
  return remembered / (remembered + ended);
}

/**
 * How many turns end together: the variance of their number in a sample as a multiple of the mean,
 * which is 1 when they end independently of each other (the index of dispersion). It is no more than
 * have ended: samples in which nothing ended, before the first turns, say nothing of it.
 */
export function turnsTogether({ ended, surprise }: TurnTally): number {
  return ended === 0 ? 1 : Math.max(1, Math.min(ended, surprise / ended));
}

/**
 * The mean time in seconds for which a fan who uses the turn holds the slot. The time of turns that
 * go on counts too: time / turns is the maximum-likelihood estimate for censored exponential times
 * (Epstein and Sobel, "Life testing", 1953). After few turns it is a guess, and in the first
 * minutes, when only the shortest turns are over, it is too long. So turns that are missing for
 * `FEWEST_TURNS`, or for one turn of each slot while the measured time is longer than the assumed
 * one, count with the assumed time.
 */
export function slotSeconds(tally: TurnTally, capacity: number): number {
  const { ended, slotMs } = tally;
  if (ended === 0) return ASSUMED_TURNOVER_SECONDS;
  const seconds = slotMs / 1000;
  // The end of the measured time lies, on average, half-way between two ends of turns.
  const turns = ended + turnsTogether(tally) / 2;
  const isLong = seconds / turns > ASSUMED_TURNOVER_SECONDS;
  const enough = isLong ? capacity : Math.min(capacity, FEWEST_TURNS);
  const missing = Math.max(0, enough - turns);
  const mean = (seconds + missing * ASSUMED_TURNOVER_SECONDS) / (turns + missing);
  return Math.max(SHORTEST_TURN_SECONDS, mean);
}

/**
 * The share of the orders in line whose fan will use a slot, by Laplace's rule of succession. It is
 * `LEAST_USED_SHARE` at least: a run of absent fans must not make the whole line near, because near
 * fans never become far again.
 */
export function usedShare({ called, absent }: TurnTally): number {
  const share = (Math.max(0, called - absent) + 1) / (called + 1);
  return Math.max(LEAST_USED_SHARE, share);
}

/** The expected number of orders called a second, as slots come free and as the rate allows. */
export function ordersPerSecond(
  tally: TurnTally,
  { capacity, admissionsPerMinute }: Pick<RulesSnapshot, "capacity" | "admissionsPerMinute">,
): number {
  const bySlots = slotSeconds(tally, capacity) / capacity;
  const byRate = (admissionPace(admissionsPerMinute)?.intervalMs ?? 0) / 1000;
  return 1 / (usedShare(tally) * Math.max(bySlots, byRate));
}
