import type { FailureOf } from "../domain/failures.ts";
import type { ConcertId, RoomId } from "../domain/ids.ts";
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
import type { OperatorAct, Rooms } from "../ports/rooms.ts";
import type { SeatVersions } from "../ports/seat_versions.ts";
import { CONCERTS_KEY, schedulesKey } from "./cache_keys.ts";
import type { Restock } from "./stock_recount.ts";

export interface RunSaleParts {
  readonly catalogue: Catalogue;
  readonly cache: Cache;
  readonly seatVersions: SeatVersions;
  readonly rooms: Pick<Rooms, "record">;
  readonly restock: Restock;
  readonly report: Report;
}

type UpdateFailure = FailureOf<"CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "ROOM_NOT_FOUND">;

/**
 * What the operator does with concerts. Caches are evicted, and the line is told what seats there
 * are, after the commit, before the answer.
 */
export function runSale(parts: RunSaleParts) {
  const { catalogue, cache, seatVersions, rooms, restock, report } = parts;
  // The change is committed; what is not forgotten ends with its TTL.
  const failed = (error: unknown) => report({ what: "cache_failed", error });

  async function evict(concertId: ConcertId): Promise<void> {
    await cache.evict([CONCERTS_KEY, schedulesKey(concertId)]).catch(failed);
  }

  async function dropSeats({ schedules }: ConcertForOperator): Promise<void> {
    await seatVersions.drop(schedules.map(({ scheduleId }) => scheduleId)).catch(failed);
  }

  /** The cron counts again if this fails. */
  async function count(room: RoomId): Promise<void> {
    await restock(room).catch(failed);
  }

  return {
    async create(
      concert: NewConcert,
      act: OperatorAct | null,
    ): Promise<Result<CreatedConcert, FailureOf<"ROOM_NOT_FOUND">>> {
      const created = await catalogue.create(concert, act);
      if (!created.ok) return created;
      const { concertId, room } = created.value;
      await Promise.all([evict(concertId), count(room)]);
      return created;
    },
    get(concertId: ConcertId): Promise<ConcertForOperator | null> {
      return catalogue.get(concertId);
    },
    async update(
      concertId: ConcertId,
      changes: ConcertChanges,
      act: OperatorAct,
    ): Promise<Result<ConcertForOperator, UpdateFailure>> {
      const { status, schedules, room } = changes;
      const before = room === undefined ? null : await catalogue.get(concertId);
      const updated = await catalogue.update(concertId, changes, act);
      if (!updated.ok) return updated;
      // Nothing else that may be changed decides whether a date's seats are shown, and to whom.
      const shown = status !== undefined || schedules !== undefined || room !== undefined;
      await Promise.all([
        evict(concertId),
        ...shown ? [dropSeats(updated.value), count(updated.value.room)] : [],
        ...before && before.room !== room ? [count(before.room)] : [],
      ]);
      return updated;
    },
    /** Has the list, and the dates of one concert or of all on sale, loaded anew; tells how many. */
    async evictCaches(concertId: ConcertId | null, act: OperatorAct): Promise<number> {
      const concerts = concertId === null
        ? (await catalogue.listOnSale()).value.map((concert) => concert.concertId)
        : [concertId];
      const keys = [CONCERTS_KEY, ...concerts.map(schedulesKey)];
      await rooms.record({
        ...act,
        action: "CACHES_EVICTED",
        room: null,
        subject: concertId === null ? null : String(concertId),
        old: null,
        new: { evicted: keys.length },
      });
      await cache.evict(keys);
      return keys.length;
    },
  };
}
