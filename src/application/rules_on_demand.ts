import type { RoomId } from "../domain/ids.ts";
import type { Rules, Stock } from "../domain/room.ts";
import type { Clock } from "../ports/clock.ts";
import type { QueueStore } from "../ports/queue_store.ts";
import type { Report } from "../ports/report.ts";
import type { Rooms } from "../ports/rooms.ts";
import type { StockCounter } from "../ports/stock_counter.ts";

/** One isolate remembers this long that a room does not exist: anybody may ask for any name. */
const MISSING_MS = 2_000;
/** One isolate asks a failing PostgreSQL at most once in this time about rules to check. */
const RETRY_MS = 3_000;
const MAX_REMEMBERED = 1_000;

export interface RulesOnDemandDependencies {
  readonly queue: QueueStore;
  readonly rooms: Pick<Rooms, "rules">;
  readonly stockCounter: StockCounter;
  readonly clock: Clock;
  readonly report: Report;
}

interface LoadedRules {
  readonly rules: Rules;
  readonly stock: Stock | null;
  /** Of all rooms. */
  readonly names: readonly RoomId[];
}

/**
 * A queue that loads the rules of a room when the store has none, because the store was wiped or
 * the room is new, and when the room is empty and its rules were not checked lately: a failover may
 * have lost them. It reads the rules and counts the seats before it applies both in one act: rules
 * without a count would admit fans for nothing. Then it repeats the call.
 */
export function createRulesOnDemandQueue(
  { queue, rooms, stockCounter, clock, report }: RulesOnDemandDependencies,
): QueueStore {
  const missing = createRecentRooms(MISSING_MS, clock);
  const unreachable = createRecentRooms(RETRY_MS, clock);

  /** Null if there is no such room. */
  async function load(room: RoomId): Promise<LoadedRules | null> {
    if (missing.has(room)) return null;
    const { rules, deletedVersion, names } = await rooms.rules(room);
    if (rules) return { rules, stock: await stockCounter.count(room), names };
    if (deletedVersion !== null) await finishRemoval(room, deletedVersion);
    missing.add(room);
    return null;
  }
  /** The deletion of the room may have ended before its removal, or a failover has lost that. */
  async function finishRemoval(room: RoomId, version: number): Promise<void> {
    await queue.removeRoom(room, version)
      .catch((error) => report({ what: "repair_failed", error }));
  }
  /** Gives false if there is no such room. */
  async function apply(room: RoomId, loaded: LoadedRules | null): Promise<boolean> {
    if (loaded) await queue.applyRules(room, loaded.rules, loaded.stock, loaded.names);
    return loaded !== null;
  }
  /**
   * Loads the rules of a room that has some. While PostgreSQL fails, the rules that the store has
   * are good enough. Gives false if there is no such room any more.
   */
  async function check(room: RoomId): Promise<boolean> {
    if (unreachable.has(room)) return true;
    let loaded: LoadedRules | null;
    try {
      loaded = await load(room);
    } catch (error) {
      report({ what: "rules_unchecked", error });
      unreachable.add(room);
      return true;
    }
    return await apply(room, loaded);
  }

  return {
    ...queue,
    async join(room, fan, earlier, options) {
      const outcome = await queue.join(room, fan, earlier, options);
      switch (outcome.refused) {
        case "NO_RULES":
          if (!await apply(room, await load(room))) return outcome;
          return await queue.join(room, fan, earlier, options);
        case "UNCHECKED_RULES":
          if (!await check(room)) return { refused: "NO_RULES" };
          return await queue.join(room, fan, earlier, { ...options, acceptUncheckedRules: true });
        default:
          return outcome;
      }
    },
    async applyRules(room, ...applied) {
      missing.delete(room);
      await queue.applyRules(room, ...applied);
    },
    async counts(room) {
      const counts = await queue.counts(room);
      if (counts || !await apply(room, await load(room))) return counts;
      return await queue.counts(room);
    },
    async history(room) {
      const samples = await queue.history(room);
      if (samples || !await apply(room, await load(room))) return samples;
      return await queue.history(room);
    },
  };
}

/** Rooms of which something was seen within the last `ttlMs`. */
function createRecentRooms(ttlMs: number, clock: Clock) {
  const seenAtMs = new Map<RoomId, number>();
  return {
    has(room: RoomId): boolean {
      const atMs = seenAtMs.get(room);
      return atMs !== undefined && Math.abs(clock() - atMs) < ttlMs;
    },
    add(room: RoomId): void {
      if (seenAtMs.size >= MAX_REMEMBERED) seenAtMs.clear();
      seenAtMs.set(room, clock());
    },
    delete: (room: RoomId) => void seenAtMs.delete(room),
  };
}
