import type { RoomId } from "../domain/ids.ts";
import type { Stock } from "../domain/room.ts";
import type { Bookings } from "../ports/bookings.ts";
import type { Cache } from "../ports/cache.ts";
import type { Clock } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Report } from "../ports/report.ts";
import type { ChangedRoom, Rooms } from "../ports/rooms.ts";
import type { StockCounter } from "../ports/stock_counter.ts";
import type { RefundService } from "./refund_service.ts";
import { roomKey } from "./cache_keys.ts";
import type { WebhookDelivery } from "./webhook_delivery.ts";

/** The requests that one event of a free Worker may send. Deliveries get what a run has left. */
const MAX_REQUESTS = 50;
/** The most rounds of promotion in one run, over all rooms; the next run or call continues. */
const MAX_ROUNDS = 17;
/** Of the repair of one room. */
const REPAIR_REQUESTS = 5;
/** The most of the refunds that are carried on: see MAX_REFUND_BATCHES. */
const REFUND_REQUESTS = 10;
/** Deliveries and what they ask of the stores, also after a run that has nothing left for them. */
const MIN_DELIVERY_REQUESTS = 10;
const SWEEP_LIMIT = 500;
const MAX_SWEEPS = 8;
/** The last holds lapse after the last fan has left, so a room stays active this much longer. */
const IDLE_GRACE_MS = 120_000;
/** For so long after a change of a room its public answer is evicted again. */
const EVICTED_AGAIN_MS = 600_000;

export interface MaintenanceDependencies {
  readonly queue: Pick<
    QueueStore,
    "activeRooms" | "promote" | "applyRules" | "removeRoom" | "updateStock"
  >;
  readonly rooms: Pick<Rooms, "recordOpening" | "rules">;
  readonly bookings: Pick<Bookings, "sweep">;
  readonly refunds: Pick<RefundService, "carryOn">;
  readonly stockCounter: StockCounter;
  readonly cache: Pick<Cache, "evict">;
  readonly webhookDelivery: Pick<WebhookDelivery, "deliverDue">;
  readonly clock: Clock;
  /** The default duration of a hold. */
  readonly holdTtlMs: number;
  readonly report: Report;
}

/** At most `count` fans, over all calls with this `id`; null: over one call. */
export interface Release {
  readonly count: number;
  readonly id: string | null;
}

const NO_RELEASE: Release = { count: 0, id: null };

export interface MaintenanceOutcome {
  readonly expired: number;
  readonly admitted: number;
}

/** What a run has done so far. */
interface Run extends Record<keyof MaintenanceOutcome, number> {
  requests: number;
  saleIsOn: boolean;
}

export interface Maintenance {
  /**
   * The minute cron: expires and promotes in every active room, repairs it, carries unfinished
   * refunds on, sweeps PostgreSQL while it is awake, and delivers events. Idle rooms cost nothing.
   * Without an active room, an unfinished refund and a delivery that may be due, PostgreSQL is
   * asked once a day.
   */
  run(): Promise<MaintenanceOutcome>;
  /** Expires and promotes in one room, also where the state promotes nobody. */
  runRoom(room: RoomId, release?: Release): Promise<MaintenanceOutcome>;
}

export function createMaintenance(dependencies: MaintenanceDependencies): Maintenance {
  const { queue, rooms, bookings, refunds, stockCounter, cache, clock, report } = dependencies;
  const { webhookDelivery } = dependencies;
  const idleAfterMs = dependencies.holdTtlMs + IDLE_GRACE_MS;

  async function sweep(run: Run): Promise<void> {
    for (let round = 0; round < MAX_SWEEPS; round++) {
      run.requests++;
      const swept = await bookings.sweep(SWEEP_LIMIT);
      if (Math.max(swept.holds, swept.records) < SWEEP_LIMIT) return;
    }
  }

  async function promote(room: RoomId, maxRounds: number, release: Release = NO_RELEASE) {
    const { count, id } = release;
    const outcome = { expired: 0, admitted: 0, rounds: 0, hasOpened: false };
    let lastActiveAtMs: number | null = null;
    while (outcome.rounds < maxRounds) {
      const left = id === null ? Math.max(0, count - outcome.admitted) : count;
      const upkeep = await queue.promote(room, { release: left, releaseId: id, idleAfterMs });
      outcome.rounds++;
      // With an id the queue has the sums.
      outcome.expired = upkeep.expired + (id === null ? outcome.expired : 0);
      outcome.admitted = upkeep.admitted + (id === null ? outcome.admitted : 0);
      outcome.hasOpened = upkeep.hasOpened;
      lastActiveAtMs = upkeep.lastActiveAtMs;
      if (!upkeep.more) break;
    }
    return { ...outcome, lastActiveAtMs };
  }

  /**
   * Repairs what a lost call or a failover left undone: an opening, a change of rules and the
   * eviction after it, a count of seats. The count also comes with the rules, because a store that
   * was wiped just now would admit fans for nothing without it.
   */
  async function repair(room: RoomId): Promise<void> {
    const [recorded, stock] = await Promise.all([
      rooms.recordOpening(room),
      stockCounter.count(room),
    ]);
    if (recorded) await applyAgain(room, recorded, stock);
    else await removeIfDeleted(room);
    if (stock) await queue.updateStock(room, stock);
  }

  async function applyAgain(room: RoomId, recorded: ChangedRoom, stock: Stock | null) {
    await queue.applyRules(room, recorded.rules, stock);
    const sinceChangeMs = clock() - Date.parse(recorded.room.changedAt);
    if (sinceChangeMs < EVICTED_AGAIN_MS) await cache.evict([roomKey(room)]);
  }

  /** A deletion ended before the removal of the room, or fans joined before that. */
  async function removeIfDeleted(room: RoomId): Promise<void> {
    const { deletedVersion } = await rooms.rules(room);
    if (deletedVersion !== null) await queue.removeRoom(room, deletedVersion);
  }

  async function runRooms(run: Run): Promise<{ readonly isAwake: boolean }> {
    const toRepair: RoomId[] = [];
    let rounds = 0;
    run.requests++;
    for (const room of await queue.activeRooms()) {
      const outcome = await promote(room, Math.max(1, MAX_ROUNDS - rounds));
      run.expired += outcome.expired;
      run.admitted += outcome.admitted;
      run.requests += outcome.rounds;
      rounds += outcome.rounds;
      const isActive = outcome.lastActiveAtMs !== null &&
        clock() - outcome.lastActiveAtMs < idleAfterMs;
      if (isActive || outcome.hasOpened) toRepair.push(room);
      run.saleIsOn ||= isActive;
    }
    // Every queue was moved by now, so a failure of PostgreSQL stops none of them.
    for (const room of toRepair) {
      run.requests += REPAIR_REQUESTS;
      await repair(room).catch((error) => report({ what: "repair_failed", error }));
    }
    return { isAwake: run.saleIsOn || toRepair.length > 0 };
  }

  /** Also after a failure of what went before: a receiver does not wait for Redis. */
  async function deliver({ saleIsOn, requests }: Run): Promise<void> {
    const maxRequests = Math.max(MIN_DELIVERY_REQUESTS, MAX_REQUESTS - requests);
    await webhookDelivery.deliverDue({ saleIsOn, maxRequests })
      .catch((error) => report({ what: "deliveries_failed", error }));
  }

  return {
    async run() {
      const run: Run = { expired: 0, admitted: 0, requests: 0, saleIsOn: false };
      try {
        const database = await runRooms(run);
        run.requests += REFUND_REQUESTS;
        const { hasAskedPostgres } = await refunds.carryOn(database).catch((error) => {
          report({ what: "refunds_failed", error });
          return { hasAskedPostgres: false };
        });
        // A run that woke PostgreSQL sweeps too: what a lost queue left is swept within a day.
        if (run.saleIsOn || hasAskedPostgres) await sweep(run);
      } finally {
        await deliver(run);
      }
      return { expired: run.expired, admitted: run.admitted };
    },
    async runRoom(room, release = NO_RELEASE) {
      const { expired, admitted } = await promote(room, MAX_ROUNDS, release);
      return { expired, admitted };
    },
  };
}
