import type { OperatorAct } from "../domain/audit.ts";
import type { Page, PageRequest } from "../domain/booking.ts";
import type { ConcertId, RoomId, SeatId } from "../domain/ids.ts";
import { ok, type Result } from "../domain/result.ts";
import type { AuditLog } from "../ports/audit_log.ts";
import type { Cache } from "../ports/cache.ts";
import type {
  Catalogue,
  ConcertChanges,
  ConcertFilter,
  ConcertForOperator,
  CreateFailure,
  NewConcert,
  NewSchedule,
  NewSeat,
  RecordedConcert,
  ScheduleRef,
  UpdateConcertFailure,
} from "../ports/catalogue.ts";
import type { IdempotentRequest } from "../ports/idempotency.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Report } from "../ports/report.ts";
import type { Sale, Sales, SalesFilter } from "../ports/sales.ts";
import type { SeatChanges, Seating } from "../ports/seating.ts";
import {
  CONCERTS_KEYS,
  DELIVERIES_KEY,
  PROGRAMME_KEYS,
  REFUNDS_KEY,
  roomKey,
  schedulesKey,
  seatMapKey,
  seatStatusesKey,
} from "./cache_keys.ts";
import type { Programme } from "./programme.ts";
import type { RequestContext } from "./request_context.ts";
import type { StockRecount } from "./stock_recount.ts";
import type { WebhookDelivery } from "./webhook_delivery.ts";

export interface ConcertAdminDependencies {
  readonly catalogue: Pick<Catalogue, "create" | "get" | "list" | "update" | "idsOnSale">;
  readonly seating: Seating;
  readonly sales: Sales;
  readonly queue: Pick<QueueStore, "knownRooms">;
  readonly cache: Cache;
  readonly programme: Pick<Programme, "forget">;
  readonly auditLog: Pick<AuditLog, "record">;
  readonly stockRecount: StockRecount;
  readonly webhookDelivery: Pick<WebhookDelivery, "deliverSoon">;
  readonly report: Report;
}

/**
 * The operator's acts on concerts. After the commit and before the answer, caches are evicted and
 * the seats of the room are counted again.
 */
export interface ConcertAdmin {
  /** `act` is null when no operator acts: then there is no audit entry. */
  create(
    concert: NewConcert,
    act: OperatorAct | null,
    once: IdempotentRequest | null,
  ): Promise<Result<RecordedConcert, CreateFailure>>;
  get(concertId: ConcertId): Promise<ConcertForOperator | null>;
  list(filter: ConcertFilter, page: PageRequest): Promise<Page<ConcertForOperator>>;
  /** Null if there is no such concert. */
  sales(concertId: ConcertId, filter: SalesFilter, page: PageRequest): Promise<Page<Sale> | null>;
  update(
    context: RequestContext,
    concertId: ConcertId,
    changes: ConcertChanges,
    act: OperatorAct,
  ): Promise<Result<ConcertForOperator, UpdateConcertFailure>>;
  addSchedule(
    concertId: ConcertId,
    schedule: NewSchedule,
    act: OperatorAct,
    once: IdempotentRequest | null,
  ): ReturnType<Seating["addSchedule"]>;
  addSeats(
    schedule: ScheduleRef,
    seats: readonly NewSeat[],
    options: { readonly dryRun: boolean },
    act: OperatorAct,
    once: IdempotentRequest | null,
  ): ReturnType<Seating["addSeats"]>;
  seats: Seating["seats"];
  changeSeat(
    context: RequestContext,
    schedule: ScheduleRef,
    seatId: SeatId,
    changes: SeatChanges,
    act: OperatorAct,
  ): ReturnType<Seating["changeSeat"]>;
  /**
   * Evicts the list and the schedules of one concert, or of all on sale; gives their number. Of all
   * also what is kept of the rooms, and that the cron has no refund and no delivery to carry on: a
   * restored database may have some.
   */
  evictCaches(concertId: ConcertId | null, act: OperatorAct): Promise<number>;
}

export function createConcertAdmin(dependencies: ConcertAdminDependencies): ConcertAdmin {
  const { catalogue, seating, sales, cache, programme, auditLog } = dependencies;
  const { queue, stockRecount, webhookDelivery, report } = dependencies;
  // The change is committed. What is not evicted ends with its TTL, and the cron counts again.
  const reportFailure = (error: unknown) => report({ what: "cache_failed", error });

  async function evict(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await cache.evict(keys).catch(reportFailure);
    programme.forget();
  }

  async function keysBesideConcerts(): Promise<string[]> {
    const { names } = await queue.knownRooms();
    return [REFUNDS_KEY, DELIVERIES_KEY, ...names.map(roomKey)];
  }

  async function recount(room: RoomId): Promise<void> {
    await stockRecount.recount(room).catch(reportFailure);
  }

  return {
    async create(concert, act, once) {
      const created = await catalogue.create(concert, act, once);
      if (!created.ok) return created;
      const { concertId, room } = created.value;
      await Promise.all([evict(keysOf(concertId)), recount(room)]);
      return created;
    },
    get: (concertId) => catalogue.get(concertId),
    list: (filter, page) => catalogue.list(filter, page),
    sales: (concertId, filter, page) => sales.list(concertId, filter, page),
    async update(context, concertId, changes, act) {
      const { status, schedules, room } = changes;
      const before = room === undefined ? null : await catalogue.get(concertId);
      const updated = await catalogue.update(concertId, changes, act);
      if (!updated.ok) return updated;
      const { events, ...concert } = updated.value;
      if (events) context.afterAnswer(webhookDelivery.deliverSoon);
      // Only these changes decide whether and to whom the seats of a schedule are shown.
      const changesSeats = status !== undefined || schedules !== undefined || room !== undefined;
      await Promise.all([
        evict([...keysOf(concertId), ...changesSeats ? keysOfSeats(schedulesOf(concert)) : []]),
        ...changesSeats ? [recount(concert.room)] : [],
        ...before && before.room !== room ? [recount(before.room)] : [],
      ]);
      return ok(concert);
    },
    async addSchedule(concertId, schedule, act, once) {
      const added = await seating.addSchedule(concertId, schedule, act, once);
      if (added.ok) await Promise.all([evict(keysOf(concertId)), recount(added.value.room)]);
      return added;
    },
    async addSeats(schedule, seats, { dryRun }, act, once) {
      const added = await seating.addSeats(schedule, seats, { dryRun }, act, once);
      if (!added.ok || dryRun) return added;
      await Promise.all([
        evict([...keysOf(schedule.concertId), ...keysOfSeats([schedule])]),
        recount(added.value.room),
      ]);
      return added;
    },
    seats: (schedule) => seating.seats(schedule),
    async changeSeat(context, schedule, seatId, changes, act) {
      const changed = await seating.changeSeat(schedule, seatId, changes, act);
      if (!changed.ok) return changed;
      const { room, effects } = changed.value;
      const stale = effects.concertsWithChangedSchedule.map(schedulesKey);
      if (effects.changedConcerts.length > 0) stale.push(...CONCERTS_KEYS);
      if (effects.events) context.afterAnswer(webhookDelivery.deliverSoon);
      await Promise.all([
        evict([...stale, ...keysOfSeats([schedule])]),
        ...changes.status === undefined ? [] : [recount(room)],
      ]);
      return changed;
    },
    async evictCaches(concertId, act) {
      const concerts = concertId === null ? await catalogue.idsOnSale() : [concertId];
      const evicted = 1 + concerts.length;
      await auditLog.record({
        ...act,
        action: "CACHES_EVICTED",
        room: null,
        subject: concertId === null ? null : String(concertId),
        old: null,
        new: { evicted },
      });
      const others = concertId === null ? await keysBesideConcerts() : [];
      await cache.evict([
        ...CONCERTS_KEYS,
        ...PROGRAMME_KEYS,
        ...concerts.map(schedulesKey),
        ...others,
      ]);
      programme.forget();
      return evicted;
    },
  };
}

function keysOf(concertId: ConcertId): string[] {
  return [...CONCERTS_KEYS, ...PROGRAMME_KEYS, schedulesKey(concertId)];
}

/**
 * The maps of sections are not among them: a map counts only while the statuses name its version.
 */
function keysOfSeats(schedules: readonly ScheduleRef[]): string[] {
  return schedules.flatMap((one) => [seatStatusesKey(one), seatMapKey(one, null)]);
}

function schedulesOf({ concertId, schedules }: ConcertForOperator): ScheduleRef[] {
  return schedules.map(({ scheduleId }) => ({ concertId, scheduleId }));
}
