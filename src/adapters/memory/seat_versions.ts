import type { Clock } from "../../ports/clock.ts";
import type { QueueStore } from "../../ports/queue_store.ts";
import type { SeatsOf, SeatVersions } from "../../ports/seat_versions.ts";

/** Versions in this process's memory: one for each date that is looked at. */
export function memorySeatVersions(
  { queue, clock }: { queue: QueueStore; clock: Clock },
): SeatVersions {
  const kept = new Map<string, { version: string; sinceMs: number; untilMs: number }>();
  const keyOf = ({ concertId, scheduleId }: SeatsOf) => `${concertId}:${scheduleId}`;

  return {
    async check(place, seats) {
      const standing = await queue.status(place);
      const atMs = clock();
      for (const [key, { sinceMs, untilMs }] of kept) {
        if (untilMs <= atMs || sinceMs > atMs) kept.delete(key);
      }
      return { standing, version: kept.get(keyOf(seats))?.version ?? null, atMs };
    },
    async keep(seats, version, untilMs) {
      const present = kept.get(keyOf(seats));
      const sinceMs = clock();
      if (present && present.sinceMs <= sinceMs && present.untilMs >= untilMs) return;
      kept.set(keyOf(seats), { version, sinceMs, untilMs });
    },
  };
}
