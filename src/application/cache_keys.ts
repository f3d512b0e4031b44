import type { ConcertId, RoomId } from "../domain/ids.ts";

/** The version is raised whenever the shape of a cached value changes. */
export const CONCERTS_KEY = "concerts:v1";

/** Under this key is no value: see `PendingWork`. */
export const REFUNDS_KEY = "refunds:v1";

export function schedulesKey(concertId: ConcertId): string {
  return `schedules:v2:${concertId}`;
}

export function roomKey(room: RoomId): string {
  return `room:v1:${room}`;
}
