import {
  createMaintenance,
  type MaintenanceDependencies,
} from "../../src/application/maintenance.ts";
import { MAIN_ROOM } from "../../src/domain/ids.ts";
import type { Rules, Stock } from "../../src/domain/room.ts";
import type { Bookings } from "../../src/ports/bookings.ts";
import type { PromoteOptions, Upkeep } from "../../src/ports/queue_store.ts";
import type { ChangedRoom } from "../../src/ports/rooms.ts";
import type { StockCounter } from "../../src/ports/stock_counter.ts";

export const HOLD_TTL_MS = 300_000;
export const MINUTE_MS = 60_000;
/** A room is active for so long after its last fan. */
export const IDLE_AFTER_MS = HOLD_TTL_MS + 2 * MINUTE_MS;
export const RULES = { version: 7 } as Rules;
export const STOCK: Stock = { available: 3, returnsAtMs: null, asOfMs: 5 };

/** Gives one upkeep after the other; the last again and again. */
export function scriptedQueue(...upkeeps: readonly Upkeep[]) {
  const promotions: (PromoteOptions | undefined)[] = [];
  const changes: unknown[] = [];
  const queue: MaintenanceDependencies["queue"] = {
    async promote(_room, options) {
      promotions.push(options);
      return upkeeps[Math.min(promotions.length, upkeeps.length) - 1]!;
    },
    activeRooms: async () => upkeeps.length === 0 ? [] : [MAIN_ROOM],
    applyRules: async (...applied) => void changes.push(["apply", ...applied]),
    removeRoom: async (...removed) => void changes.push(["remove", ...removed]),
    updateStock: async (...counted) => void changes.push(["stock", ...counted]),
  };
  return { queue, promotions, changes, calls: () => promotions.length };
}

/** Has this many lapsed holds and old records to sweep. */
export function scriptedBookings(left: { holds: number; records: number }) {
  const limits: number[] = [];
  const sweep: Bookings["sweep"] = async (limit) => {
    limits.push(limit);
    const holds = Math.min(limit, left.holds);
    const records = Math.min(limit, left.records);
    left.holds -= holds;
    left.records -= records;
    return { holds, records };
  };
  return { bookings: { sweep } as Bookings, sweeps: () => limits.length, limits, left };
}

export const NO_WORK = {
  expired: 0,
  admitted: 0,
  more: false,
  hasOpened: false,
  countStock: false,
};

export function idle(lastActiveAtMs: number | null): Upkeep {
  return { ...NO_WORK, lastActiveAtMs };
}

type Deliver = MaintenanceDependencies["webhookDelivery"]["deliverDue"];

/** A maintenance, its requests to PostgreSQL, and what deliveries were allowed. */
export function scriptedMaintenance(
  { deletedVersion = null, hasAskedPostgres = false, ...parts }:
    & Pick<MaintenanceDependencies, "queue" | "bookings" | "clock">
    & { readonly deletedVersion?: number | null; readonly hasAskedPostgres?: boolean },
) {
  const requests: string[] = [];
  const carried: { isAwake: boolean }[] = [];
  const deliveries: Parameters<Deliver>[0][] = [];
  const evicted: string[] = [];
  const changedAt = new Date(parts.clock()).toISOString();
  const stockCounter: StockCounter = {
    async count(room) {
      requests.push(`count ${room}`);
      return STOCK;
    },
  };
  const maintenance = createMaintenance({
    ...parts,
    refunds: {
      async carryOn(options) {
        carried.push(options);
        return { hasAskedPostgres };
      },
    },
    rooms: {
      async recordOpening(room) {
        requests.push(`record opening ${room}`);
        return deletedVersion === null
          ? { rules: RULES, room: { changedAt } } as ChangedRoom
          : null;
      },
      rules: async () => ({ rules: null, deletedVersion, names: [] }),
    },
    stockCounter,
    cache: { evict: async (keys) => void evicted.push(...keys) },
    webhookDelivery: { deliverDue: async (options) => void deliveries.push(options) },
    holdTtlMs: HOLD_TTL_MS,
    report: ({ what }) => requests.push(what),
  });
  return { maintenance, requests, carried, deliveries, evicted };
}
