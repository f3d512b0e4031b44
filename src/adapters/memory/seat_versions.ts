import type { ConcertId, ScheduleId } from "../../domain/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import type { QueueStore } from "../../ports/queue_store.ts";
import { SEATS_GUARD_MS, type SeatVersions } from "../../ports/seat_versions.ts";

interface Kept {
  /** Null after a drop. */
  readonly told: { readonly concertId: ConcertId; readonly version: string } | null;
  readonly atMs: number;
  readonly untilMs: number;
}

/** Versions in this process's memory: one for each date that is looked at. */
export function memorySeatVersions(
  { queue, clock }: { queue: QueueStore; clock: Clock },
): SeatVersions {
  const kept = new Map<ScheduleId, Kept>();

  /** What is from the future, of a clock that went back, does not stand. */
  function forgetOld(nowMs: number): void {
    for (const [date, { atMs }] of kept) {
      if (atMs > nowMs || atMs + SEATS_GUARD_MS <= nowMs) kept.delete(date);
    }
  }

  return {
    async check(place, { concertId, scheduleId }) {
      const standing = await queue.status(place);
      const atMs = clock();
      forgetOld(atMs);
      const present = kept.get(scheduleId);
      const told = present && present.untilMs > atMs ? present.told : null;
      return { standing, version: told?.concertId === concertId ? told.version : null, atMs };
    },
    async keep({ concertId, scheduleId }, { version, atMs, forMs }) {
      const nowMs = clock();
      const untilMs = atMs + forMs;
      forgetOld(nowMs);
      if (atMs > nowMs || untilMs <= nowMs) return;
      if ((kept.get(scheduleId)?.atMs ?? -Infinity) >= atMs) return;
      kept.set(scheduleId, { told: { concertId, version }, atMs, untilMs });
    },
    async drop(dates) {
      const nowMs = clock();
      forgetOld(nowMs);
      for (const date of dates) kept.set(date, { told: null, atMs: nowMs, untilMs: nowMs });
    },
  };
}
