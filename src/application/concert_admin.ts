import type { OperatorAct } from "../domain/audit.ts";
import type { FailureOf } from "../domain/failures.ts";
import type { ConcertId, RoomId } from "../domain/ids.ts";
import type { Result } from "../domain/result.ts";
import type { AuditLog } from "../ports/audit_log.ts";
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
import type { StockRecount } from "./stock_recount.ts";

export interface ConcertAdminDependencies {
  readonly catalogue: Pick<Catalogue, "create" | "get" | "update" | "listOnSale">;
  readonly cache: Cache;
  readonly seatVersions: SeatVersions;
  readonly auditLog: Pick<AuditLog, "record">;
  readonly stockRecount: StockRecount;
  readonly report: Report;
}

type UpdateFailure = FailureOf<
  "CONCERT_NOT_FOUND" | "SCHEDULE_NOT_FOUND" | "ROOM_NOT_FOUND" | "WITHDRAWAL_FINAL"
>;

/**
 * The operator's acts on concerts. After the commit and before the answer, caches are evicted and
 * the seats of the room are counted again.
 */
export interface ConcertAdmin {
  /** `act` is null when no operator acts: then there is no audit entry. */
  create(
    concert: NewConcert,
    act: OperatorAct | null,
  ): Promise<Result<CreatedConcert, FailureOf<"ROOM_NOT_FOUND">>>;
  get(concertId: ConcertId): Promise<ConcertForOperator | null>;
  update(
    concertId: ConcertId,
    changes: ConcertChanges,
    act: OperatorAct,
  ): Promise<Result<ConcertForOperator, UpdateFailure>>;
  /** Evicts the list and the schedules of one concert, or of all on sale; gives the key count. */
  evictCaches(concertId: ConcertId | null, act: OperatorAct): Promise<number>;
}

export function createConcertAdmin(dependencies: ConcertAdminDependencies): ConcertAdmin {
  const { catalogue, cache, seatVersions, auditLog, stockRecount, report } = dependencies;
  // The change is committed. What is not evicted ends with its TTL, and the cron counts again.
  const reportFailure = (error: unknown) => report({ what: "cache_failed", error });

  async function evict(concertId: ConcertId): Promise<void> {
    await cache.evict([CONCERTS_KEY, schedulesKey(concertId)]).catch(reportFailure);
  }

  async function dropSeatVersions({ schedules }: ConcertForOperator): Promise<void> {
    const ids = schedules.map(({ scheduleId }) => scheduleId);
    await seatVersions.drop(ids).catch(reportFailure);
  }

  async function recount(room: RoomId): Promise<void> {
    await stockRecount.recount(room).catch(reportFailure);
  }

  return {
    async create(concert, act) {
      const created = await catalogue.create(concert, act);
      if (!created.ok) return created;
      const { concertId, room } = created.value;
      await Promise.all([evict(concertId), recount(room)]);
      return created;
    },
    get: (concertId) => catalogue.get(concertId),
    async update(concertId, changes, act) {
      const { status, schedules, room } = changes;
      const before = room === undefined ? null : await catalogue.get(concertId);
      const updated = await catalogue.update(concertId, changes, act);
      if (!updated.ok) return updated;
      // Only these changes decide whether and to whom the seats of a schedule are shown.
      const changesSeats = status !== undefined || schedules !== undefined || room !== undefined;
      await Promise.all([
        evict(concertId),
        ...changesSeats ? [dropSeatVersions(updated.value), recount(updated.value.room)] : [],
        ...before && before.room !== room ? [recount(before.room)] : [],
      ]);
      return updated;
    },
    async evictCaches(concertId, act) {
      const concerts = concertId === null
        ? (await catalogue.listOnSale()).value.map((concert) => concert.concertId)
        : [concertId];
      const keys = [CONCERTS_KEY, ...concerts.map(schedulesKey)];
      await auditLog.record({
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
