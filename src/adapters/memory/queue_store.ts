import type { FanId, RoomId } from "../../domain/ids.ts";
import type { LineSettings, PlaceRef, Standing } from "../../domain/line.ts";
import type { Clock, NewId } from "../../ports/clock.ts";
import type { Joined, LineCounts, QueueStore, Sighting, Upkeep } from "../../ports/queue_store.ts";
import { room } from "./room.ts";

const LINE_RESET: Standing = { state: "GONE", reason: "LINE_RESET" };

/** The line in this process's memory. Acts are synchronous, hence atomic. */
export function memoryQueueStore(
  { settings, clock, newId }: { settings: LineSettings; clock: Clock; newId: NewId },
): QueueStore & { wipe(): void } {
  const rooms = new Map<RoomId, ReturnType<typeof room>>();
  const lastTicks = new Map<RoomId, number>();

  function roomOf(id: RoomId): ReturnType<typeof room> {
    let found = rooms.get(id);
    if (!found) rooms.set(id, found = room(id, newId(), clock(), settings));
    return found;
  }

  /** The room if the token is of its present epoch. */
  function presentRoom(place: PlaceRef): ReturnType<typeof room> | undefined {
    const found = rooms.get(place.room);
    return found?.epoch === place.epoch ? found : undefined;
  }

  // Async functions, so that an act that throws rejects as one over a network would.
  return {
    async join(id: RoomId, fan: FanId, earlier: PlaceRef | null): Promise<Joined> {
      return roomOf(id).join(fan, earlier, clock());
    },
    async status(place: PlaceRef): Promise<Standing> {
      return presentRoom(place)?.status(place, clock()) ?? LINE_RESET;
    },
    async end(places: readonly PlaceRef[]): Promise<void> {
      const byRoom = Map.groupBy(places, (place) => presentRoom(place));
      for (const [present, ofRoom] of byRoom) present?.end(ofRoom, clock());
    },
    async leave(place: PlaceRef): Promise<Standing> {
      const present = presentRoom(place);
      present?.end([place], clock());
      return present ? { state: "GONE", reason: "ENDED" } : LINE_RESET;
    },
    async promote(id: RoomId): Promise<Upkeep> {
      lastTicks.set(id, clock());
      const known = rooms.get(id);
      if (!known) return { expired: 0, admitted: 0, more: false, lastActiveAtMs: null };
      return { ...known.upkeep(clock()), lastActiveAtMs: known.lastActiveAtMs };
    },
    async counts(id: RoomId): Promise<LineCounts> {
      const known = rooms.get(id);
      const counted = known?.counts(clock()) ??
        { waiting: 0, admitted: 0, parked: 0, admittedLastMinute: 0 };
      return { ...counted, lastTickAtMs: lastTicks.get(id) ?? null, epoch: known?.epoch ?? null };
    },
    async look(id: RoomId, fan: FanId): Promise<Sighting | null> {
      return rooms.get(id)?.look(fan, clock()) ?? null;
    },
    async ping(): Promise<void> {},
    /** Forgets everything, as a wiped Redis would. */
    wipe(): void {
      rooms.clear();
      lastTicks.clear();
    },
  };
}
