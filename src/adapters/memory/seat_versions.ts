import type { ConcertId, ScheduleId } from "../../domain/ids.ts";
import type { Clock } from "../../ports/clock.ts";
import type { QueueStore } from "../../ports/queue_store.ts";
import { SEATS_GUARD_MS, type SeatVersions } from "../../ports/seat_versions.ts";

interface StoredVersion {
  /** Null after a drop. */
  readonly current: { readonly concertId: ConcertId; readonly version: string } | null;
  readonly atMs: number;
  readonly untilMs: number;
}

/** Versions in this process's memory: one for each schedule that was checked recently. */
export function memorySeatVersions(
  { queue, clock }: { queue: QueueStore; clock: Clock },
): SeatVersions {
  const stored = new Map<ScheduleId, StoredVersion>();

  /** Removes old versions, and versions with a time in the future: the clock was set back. */
  function removeOld(nowMs: number): void {
    for (const [schedule, { atMs }] of stored) {
      if (atMs > nowMs || atMs + SEATS_GUARD_MS <= nowMs) stored.delete(schedule);
    }
  }

  return {
    async check(place, { concertId, scheduleId }) {
      const standing = await queue.status(place);
      const atMs = clock();
      removeOld(atMs);
      const found = stored.get(scheduleId);
      const current = found && found.untilMs > atMs ? found.current : null;
      return { standing, version: current?.concertId === concertId ? current.version : null, atMs };
    },
    async keep({ concertId, scheduleId }, { version, atMs, forMs }) {
      const nowMs = clock();
      const untilMs = atMs + forMs;
      removeOld(nowMs);
      if (atMs > nowMs || untilMs <= nowMs) return;
      if ((stored.get(scheduleId)?.atMs ?? -Infinity) >= atMs) return;
      stored.set(scheduleId, { current: { concertId, version }, atMs, untilMs });
    },
    async drop(schedules) {
      const nowMs = clock();
      removeOld(nowMs);
      for (const schedule of schedules) {
        stored.set(schedule, { current: null, atMs: nowMs, untilMs: nowMs });
      }
    },
  };
}
