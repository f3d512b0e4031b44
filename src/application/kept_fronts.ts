import type { Front } from "../domain/front.ts";
import type { RoomId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";

/** One isolate keeps the documents of so many rooms. */
const MAX_ROOMS = 1_000;

/** The latest front document of each room that this isolate has seen. */
export interface KeptFronts {
  find(room: RoomId): Front | null;
  /** Replaces the document of the room, unless the present one was taken later. */
  keep(room: RoomId, front: Front): void;
}

/**
 * A document that comes along with another answer has the time of the store's clock. If that clock
 * is ahead of this isolate's, the document counts as taken when it arrived: it never seems younger
 * than that.
 */
export function createKeptFronts({ clock }: { readonly clock: Clock }): KeptFronts {
  const fronts = new Map<RoomId, Front>();
  return {
    find: (room) => fronts.get(room) ?? null,
    keep(room, front) {
      const nowMs = clock();
      const takenAtMs = Math.min(front.takenAtMs, nowMs);
      const present = fronts.get(room);
      // After a step back of the clock the present one may be of the future.
      if (present && present.takenAtMs > takenAtMs && present.takenAtMs <= nowMs) return;
      // The room becomes the last one, so that the first one is the longest without a document.
      fronts.delete(room);
      fronts.set(room, { ...front, takenAtMs });
      if (fronts.size > MAX_ROOMS) fronts.delete(fronts.keys().next().value!);
    },
  };
}
