import type { ConcertId, RoomId } from "../domain/ids.ts";
import type { ScheduleRef } from "../ports/catalogue.ts";

// The version in a key is raised whenever the shape of the cached value changes.

/** So many blocks of the list of concerts are cached: 12 MB. Those after them are loaded. */
const CACHED_BLOCKS = 64;

/** The keys of all cached blocks. They are evicted together. */
export const CONCERTS_KEYS: readonly string[] = Array.from(
  { length: CACHED_BLOCKS },
  (_, block) => `concerts:v3:${block}`,
);

/** The keys of all blocks of the programme. It ends with the last of them. */
export const PROGRAMME_KEYS: readonly string[] = Array.from(
  { length: CACHED_BLOCKS },
  (_, block) => `programme:v2:${block}`,
);

/** While this key has a value, no refund is unfinished: see `PendingWork`. */
export const REFUNDS_KEY = "refunds:v1";

export function schedulesKey(concertId: ConcertId): string {
  return `schedules:v2:${concertId}`;
}

export function seatStatusesKey({ concertId, scheduleId }: ScheduleRef): string {
  return `seat_statuses:v1:${concertId}:${scheduleId}`;
}

/** Of the whole schedule with `section` null. No section has an empty name. */
export function seatMapKey({ concertId, scheduleId }: ScheduleRef, section: string | null): string {
  return `seat_map:v1:${concertId}:${scheduleId}:${section ?? ""}`;
}

export function keySetKey(url: string): string {
  return `key_set:v1:${url}`;
}

export function roomKey(room: RoomId): string {
  return `room:v1:${room}`;
}

/** While this key has a value, no delivery to a webhook is due. */
export const DELIVERIES_KEY = "deliveries:v1";
