import { type EndCause, orderOfGathered, type PlaceRef } from "../../domain/queue.ts";
import { leaveLobby } from "./gathering.ts";
import { endPlace, keepEnd } from "./places.ts";
import type { Room } from "./room.ts";
import { resolve } from "./standing.ts";
import { upkeep } from "./upkeep.ts";

/** Ends all places before any promotion, so that no place is promoted only to be ended. */
export function endPlaces(
  room: Room,
  refs: readonly PlaceRef[],
  because: EndCause,
  nowMs: number,
): void {
  if (nowMs >= room.dueMs) upkeep(room, nowMs);
  for (const ref of refs) {
    const order = resolve(room, ref);
    if (order === null) continue;
    room.activeAtMs = nowMs;
    if (typeof order === "number") endPlace(room, ref.fan, because, nowMs);
    else {
      leaveLobby(room, ref.fan);
      const last = orderOfGathered(room.first, room.lobby.gatherings);
      if (because === "REMOVED") keepEnd(room, ref.fan, last, because, nowMs);
    }
  }
  // A line that became empty is called to its end.
  if (nowMs >= room.dueMs || room.waiting.size === 0) upkeep(room, nowMs);
}
