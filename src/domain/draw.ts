/** The number of different values in a draw. */
export const DRAW_VALUES = 2 ** 52;

/** The value of a pseudonym in the draw with this seed: from 0 to below `DRAW_VALUES`. */
export type DrawValue = (pseudonym: string, seed: string) => number;

/** A draw whose tickets are issued, as far as answers to far fans need it. */
export interface Lot {
  /** The seed of the draw, which is public from the opening on. */
  readonly seed: string;
  /** The number of the last gathering before this draw's first one. */
  readonly gatheringsBefore: number;
  readonly openedAtMs: number;
  /** The order before the first ticket of the draw. */
  readonly before: number;
  /** How many tickets the draw has. */
  readonly tickets: number;
  /** The values of the last called ticket of the draw, and of the last near one. */
  readonly calledValue: number;
  readonly nearValue: number;
}

/**
 * At most so many stand ahead of a fan with this value. The number of values in an interval is
 * binomial: the mean plus 4.5 standard deviations plus 10 is exceeded in less than one of 100,000
 * draws. The bound never rises, because the called value only grows. All who gathered stand before
 * the end of the draw's tickets.
 */
export function drawBound(value: number, lot: Lot, called: number): number {
  const between = (value - lot.calledValue) / DRAW_VALUES * lot.tickets;
  const aheadOfLot = Math.max(0, lot.before - called);
  const bound = aheadOfLot + Math.ceil(between + 4.5 * Math.sqrt(between) + 10);
  return Math.min(bound, lot.before + lot.tickets - called - 1);
}
