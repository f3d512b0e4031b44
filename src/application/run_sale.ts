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
import { CONCERTS_KEY, schedulesKey } from "./cache_keys.ts";

export interface RunSaleParts {
  readonly catalogue: Catalogue;
  readonly cache: Cache;
  readonly report: Report;
}

/** What the operator does with concerts. Caches are evicted after the commit, before the answer. */
export function runSale({ catalogue, cache, report }: RunSaleParts) {
  async function evict(concertId: ConcertId): Promise<void> {
    try {
      await cache.evict([CONCERTS_KEY, schedulesKey(concertId)]);
    } catch (error) {
      // The change is committed; the entries end with their TTL.
      report({ what: "cache_failed", error });
    }
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
      if (updated.ok) await evict(concertId);
      return updated;
    },
  };
}
