/** The crowd has at most this share of a date's seats, held and bought together. */
const MOST_TAKEN = 0.5;
/** It buys up to this share; above it, it holds seats and gives them back. */
const MOST_BOUGHT = 0.4;

/** So many seats of one date. */
export interface SomeSeats {
  readonly scheduleId: number;
  readonly count: number;
  /** All seats of the date. */
  readonly outOf: number;
}

/** What the crowd as a whole may take: the rest is for the people who are watching. */
export interface Allowance {
  /** Counts the seats as taken; false where they are too many. */
  take(seats: SomeSeats): boolean;
  /** Whether seats that were taken may also be bought. */
  mayBuy(seats: SomeSeats): boolean;
  giveBack(seats: SomeSeats): void;
}

export function createAllowance(): Allowance {
  const taken = new Map<number, number>();
  const takenOf = ({ scheduleId }: SomeSeats) => taken.get(scheduleId) ?? 0;
  return {
    take(seats) {
      const after = takenOf(seats) + seats.count;
      if (after > MOST_TAKEN * seats.outOf) return false;
      taken.set(seats.scheduleId, after);
      return true;
    },
    mayBuy: (seats) => takenOf(seats) <= MOST_BOUGHT * seats.outOf,
    giveBack: (seats) => void taken.set(seats.scheduleId, takenOf(seats) - seats.count),
  };
}
