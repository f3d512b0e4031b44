import type { RoomId } from "../domain/ids.ts";
import type { Bookings } from "../ports/bookings.ts";
import type { Clock } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Report } from "../ports/report.ts";
import type { Rooms } from "../ports/rooms.ts";
import type { StockRecount } from "./stock_recount.ts";

/**
 * The most rounds of promotion in one run, over all rooms; the next run or call continues. With
 * the sweeps and the repair of one room, a run stays below the fifty requests that one event of a
 * free Worker may send.
 */
const MAX_ROUNDS = 34;
const SWEEP_LIMIT = 500;
const MAX_SWEEPS = 8;
/** The last holds lapse after the last fan has left, so sweeping continues this much longer. */
const SWEEP_GRACE_MS = 120_000;

export interface MaintenanceDependencies {
  readonly queue: QueueStore;
  readonly rooms: Pick<Rooms, "recordOpening">;
  readonly bookings: Pick<Bookings, "sweep">;
  readonly stockRecount: StockRecount;
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
  /** The minute cron: expires and promotes in every room; sweeps PostgreSQL during a sale. */
  run(): Promise<MaintenanceOutcome>;
  /** Expires and promotes in one room. At most `release` fans are promoted although it is HELD. */
  runRoom(room: RoomId, release?: number): Promise<MaintenanceOutcome>;
}

export function createMaintenance(dependencies: MaintenanceDependencies): Maintenance {
  const { queue, rooms, bookings, stockRecount, clock, holdTtlMs, report } = dependencies;

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
      const upkeep = await queue.promote(room, Math.max(0, release - outcome.admitted));
      outcome.rounds++;
      outcome.expired += upkeep.expired;
      outcome.admitted += upkeep.admitted;
      outcome.hasOpened = upkeep.hasOpened;
      lastActiveAtMs = upkeep.lastActiveAtMs;
      if (!upkeep.more) break;
    }
    return { ...outcome, lastActiveAtMs };
  }

  /** Repairs what a lost call left undone: an opening, a change of rules, a count of seats. */
  async function repair(room: RoomId): Promise<void> {
    const recorded = await rooms.recordOpening(room);
    if (recorded) await queue.applyRules(room, recorded.rules);
    await stockRecount.recount(room);
  }

  return {
    async run() {
      let [expired, admitted, rounds, saleIsOn] = [0, 0, 0, false];
      const toRepair: RoomId[] = [];
      for (const room of await queue.rooms()) {
        const outcome = await promote(room, Math.max(1, MAX_ROUNDS - rounds));
        expired += outcome.expired;
        admitted += outcome.admitted;
        rounds += outcome.rounds;
        const isActive = outcome.lastActiveAtMs !== null &&
          clock() - outcome.lastActiveAtMs < holdTtlMs + SWEEP_GRACE_MS;
        if (isActive || outcome.hasOpened) toRepair.push(room);
        saleIsOn ||= isActive;
      }
      // Every queue has outcome by now, so a failure of PostgreSQL stops none of them.
      for (const room of toRepair) {
        await repair(room).catch((error) => report({ what: "repair_failed", error }));
      }
      if (saleIsOn) await sweep();
      return { expired, admitted };
    },
    async runRoom(room, release = 0) {
      const { expired, admitted } = await promote(room, MAX_ROUNDS, release);
      return { expired, admitted };
    },
  };
}
