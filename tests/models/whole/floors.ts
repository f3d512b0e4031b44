import type { DateState, Office } from "./office.ts";
import type { Work } from "./scheduler.ts";
import { concertsAt } from "./views.ts";

/**
 * The versions before which nobody reads any more: an act that changed what is cached has evicted
 * it, and was not disturbed.
 */
export interface Floors {
  readonly concerts: number;
  schedulesOf(concertId: number): number;
  /** The request has ended, with all that follows its answer. */
  note(work: Work, office: Office): void;
  /** Evictions were lost. */
  forget(): void;
}

export function createFloors(): Floors {
  let concerts = 0;
  const schedules = new Map<number, number>();
  return {
    get concerts() {
      return concerts;
    },
    schedulesOf: (concertId) => schedules.get(concertId) ?? 0,
    note(work, { made, versions }) {
      const number = made.get(work);
      if (number === undefined || work.faults > 0) return;
      const [before, after] = [versions[number - 1]!, versions[number]!];
      // The sell-out of a date evicts the list when it is that of the concert.
      const isListChanged = concertsAt(before, after.atMs) !== concertsAt(after, after.atMs);
      for (const date of after.dates) {
        const old = before.dates.find(({ scheduleId }) => scheduleId === date.scheduleId);
        if (!old || shown(old) === shown(date)) continue;
        if (rulesOf(old) !== rulesOf(date) || isListChanged) concerts = Math.max(concerts, number);
        schedules.set(date.concertId, Math.max(schedules.get(date.concertId) ?? 0, number));
      }
    },
    forget() {
      concerts = 0;
      schedules.clear();
    },
  };
}

/** What lists show of a date. */
function shown(date: DateState): string {
  return `${rulesOf(date)},${date.seats.some((seat) => seat >= 0)}`;
}

/** What an operator sets of a date. */
function rulesOf({ isWithdrawn, opensAtMs, endsAtMs, room }: DateState): string {
  return [isWithdrawn, opensAtMs, endsAtMs, room].join();
}
