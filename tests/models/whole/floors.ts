import type { Office } from "./office.ts";
import type { Work } from "./scheduler.ts";

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
      for (const date of after.dates) {
        const old = before.dates.find(({ scheduleId }) => scheduleId === date.scheduleId);
        if (!old || shown(old) === shown(date)) continue;
        concerts = Math.max(concerts, number);
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
function shown({ isWithdrawn, opensAtMs, endsAtMs, room, seats }: {
  readonly isWithdrawn: boolean;
  readonly opensAtMs: number;
  readonly endsAtMs: number;
  readonly room: string;
  readonly seats: readonly number[];
}): string {
  return [isWithdrawn, opensAtMs, endsAtMs, room, seats.some((seat) => seat >= 0)].join();
}
