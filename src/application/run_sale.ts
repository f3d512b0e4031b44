import type { FailureOf } from "../domain/failures.ts";
import type { ConcertId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { Cache } from "../ports/cache.ts";
import type {
  Catalogue,
  ConcertChanges,
  ConcertForOperator,
  CreatedConcert,
  NewConcert,
} from "../ports/catalogue.ts";
import type { Report } from "../ports/report.ts";
import type { SeatVersions } from "../ports/seat_versions.ts";
import { CONCERTS_KEY, schedulesKey } from "./cache_keys.ts";

export interface RunSaleParts {
  readonly catalogue: Catalogue;
  readonly cache: Cache;
  readonly seatVersions: SeatVersions;
  readonly report: Report;
}

/** What the operator does with concerts. Caches are evicted after the commit, before the answer. */
export function runSale({ catalogue, cache, seatVersions, report }: RunSaleParts) {
  // The change is committed; what is not forgotten ends with its TTL.
  const failed = (error: unknown) => report({ what: "cache_failed", error });

  async function evict(concertId: ConcertId): Promise<void> {
    await cache.evict([CONCERTS_KEY, schedulesKey(concertId)]).catch(failed);
  }

  async function dropSeats({ schedules }: ConcertForOperator): Promise<void> {
    await seatVersions.drop(schedules.map(({ scheduleId }) => scheduleId)).catch(failed);
  }

  return {
    async create(concert: NewConcert): Promise<CreatedConcert> {
      const created = await catalogue.create(concert);
      await evict(created.concertId);
      return created;
    },
    get(concertId: ConcertId): Promise<ConcertForOperator | null> {
      return catalogue.get(concertId);
    },
    async update(
      concertId: ConcertId,
      changes: ConcertChanges,
    ): Promise<Result<ConcertForOperator, FailureOf<"CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND">>> {
      const updated = await catalogue.update(concertId, changes);
      if (!updated.ok) return updated;
      // Nothing else that may be changed decides whether a date's seats are shown.
      const shown = changes.status !== undefined || changes.schedules !== undefined;
      await Promise.all([evict(concertId), shown ? dropSeats(updated.value) : null]);
      return updated;
    },
  };
}
