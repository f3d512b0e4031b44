import type { RoomId } from "../../domain/ids.ts";
import { SEAL_MS } from "../../domain/queue_bounds.ts";
import type { Clock } from "../../ports/clock.ts";
import type { KnownNames } from "../../ports/queue_store.ts";

/** The names of the rooms that the store has heard of. */
export function createRoomNames() {
  const names = new Set<RoomId>();
  let areAll = false;
  return {
    get known(): KnownNames {
      return { names: [...names], areAll };
    },
    add: (name: RoomId) => void names.add(name),
    delete: (name: RoomId) => void names.delete(name),
    learn(all: readonly RoomId[]): void {
      for (const name of all) names.add(name);
      areAll = true;
    },
    clear(): void {
      names.clear();
      areAll = false;
    },
  };
}

/** Rooms that were removed just now, whose old rules nobody must bring back. */
export function createSeals(clock: Clock) {
  const seals = new Map<RoomId, { readonly version: number; readonly untilMs: number }>();
  return {
    add(room: RoomId, version: number): void {
      const highest = Math.max(version, seals.get(room)?.version ?? 0);
      seals.set(room, { version: highest, untilMs: clock() + SEAL_MS });
    },
    /** Whether rules of this version are kept out. */
    keepOut(room: RoomId, version: number): boolean {
      const seal = seals.get(room);
      if (!seal) return false;
      if (version <= seal.version && clock() < seal.untilMs) return true;
      seals.delete(room);
      return false;
    },
    clear: () => seals.clear(),
  };
}
