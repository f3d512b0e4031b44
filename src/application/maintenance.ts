import type { RoomId } from "../domain/ids.ts";
import type { Bookings } from "../ports/bookings.ts";
import type { Clock } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Report } from "../ports/report.ts";
import type { Rooms } from "../ports/rooms.ts";
import type { StockCounter } from "../ports/stock_counter.ts";
import type { RefundService } from "./refund_service.ts";

/**
 * The most rounds of promotion in one run, over all rooms; the next run or call continues. With
 * the sweeps, the refunds and the repair of one room, a run stays below the fifty requests that one
 * event of a free Worker may send.
 */
const MAX_ROUNDS = 22;
const SWEEP_LIMIT = 500;
const MAX_SWEEPS = 8;
/** The last holds lapse after the last fan has left, so a room stays active this much longer. */
const IDLE_GRACE_MS = 120_000;

export interface MaintenanceDependencies {
  readonly queue: Pick<
    QueueStore,
    "activeRooms" | "promote" | "applyRules" | "removeRoom" | "updateStock"
  >;
  readonly rooms: Pick<Rooms, "recordOpening" | "rules">;
  readonly bookings: Pick<Bookings, "sweep">;
  readonly refunds: Pick<RefundService, "carryOn">;
  readonly stockCounter: StockCounter;
  readonly clock: Clock;
  /** The default duration of a hold. */
  readonly holdTtlMs: number;
  readonly report: Report;
}

export interface MaintenanceOutcome {
  readonly expired: number;
  readonly admitted: number;
}

export interface Maintenance {
  /**
   * The minute cron: expires and promotes in every active room, repairs it, carries unfinished
   * refunds on, and sweeps PostgreSQL during a sale. Idle rooms cost nothing, and without an active
   * room and an unfinished refund PostgreSQL is not asked.
   */
  run(): Promise<MaintenanceOutcome>;
  /** Expires and promotes in one room; `release` fans also where the state promotes nobody. */
  runRoom(room: RoomId, release?: number): Promise<MaintenanceOutcome>;
}

export function createMaintenance(dependencies: MaintenanceDependencies): Maintenance {
  const { queue, rooms, bookings, refunds, stockCounter, clock, report } = dependencies;
  const idleAfterMs = dependencies.holdTtlMs + IDLE_GRACE_MS;

  async function sweep(): Promise<void> {
    for (let round = 0; round < MAX_SWEEPS; round++) {
      const swept = await bookings.sweep(SWEEP_LIMIT);
      if (Math.max(swept.holds, swept.records) < SWEEP_LIMIT) return;
    }
  }

  async function promote(room: RoomId, maxRounds: number, release = 0) {
    const outcome = { expired: 0, admitted: 0, rounds: 0, hasOpened: false };
    let lastActiveAtMs: number | null = null;
    while (outcome.rounds < maxRounds) {
      const upkeep = await queue.promote(room, {
        release: Math.max(0, release - outcome.admitted),
        idleAfterMs,
      });
      outcome.rounds++;
      outcome.expired += upkeep.expired;
      outcome.admitted += upkeep.admitted;
      outcome.hasOpened = upkeep.hasOpened;
      lastActiveAtMs = upkeep.lastActiveAtMs;
      if (!upkeep.more) break;
    }
    return { ...outcome, lastActiveAtMs };
  }

  /**
   * Repairs what a lost call or a failover left undone: an opening, a change of rules, a count of
   * seats. The count also comes with the rules, because a store that was wiped just now would admit
   * fans for nothing without it.
   */
  async function repair(room: RoomId): Promise<void> {
    const [recorded, stock] = await Promise.all([
      rooms.recordOpening(room),
      stockCounter.count(room),
    ]);
    if (recorded) await queue.applyRules(room, recorded.rules, stock);
    else await removeIfDeleted(room);
    if (stock) await queue.updateStock(room, stock);
  }

  /** A deletion ended before the removal of the room, or fans joined before that. */
  async function removeIfDeleted(room: RoomId): Promise<void> {
    const { deletedVersion } = await rooms.rules(room);
    if (deletedVersion !== null) await queue.removeRoom(room, deletedVersion);
  }

  return {
    async run() {
      let [expired, admitted, rounds, saleIsOn] = [0, 0, 0, false];
      const toRepair: RoomId[] = [];
      for (const room of await queue.activeRooms()) {
        const outcome = await promote(room, Math.max(1, MAX_ROUNDS - rounds));
        expired += outcome.expired;
        admitted += outcome.admitted;
        rounds += outcome.rounds;
        const isActive = outcome.lastActiveAtMs !== null &&
          clock() - outcome.lastActiveAtMs < idleAfterMs;
        if (isActive || outcome.hasOpened) toRepair.push(room);
        saleIsOn ||= isActive;
      }
      // Every queue was moved by now, so a failure of PostgreSQL stops none of them.
      for (const room of toRepair) {
        await repair(room).catch((error) => report({ what: "repair_failed", error }));
      }
      await refunds.carryOn({ isAwake: saleIsOn || toRepair.length > 0 })
        .catch((error) => report({ what: "refunds_failed", error }));
      if (saleIsOn) await sweep();
      return { expired, admitted };
    },
    async runRoom(room, release = 0) {
      const { expired, admitted } = await promote(room, MAX_ROUNDS, release);
      return { expired, admitted };
    },
  };
}
