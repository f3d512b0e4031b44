import type { ConcertId, RoomId } from "../domain/ids.ts";

/** The version is raised whenever the shape of a cached value changes. */
export const CONCERTS_KEY = "concerts:v1";

export function schedulesKey(concertId: ConcertId): string {
  return `schedules:v2:${concertId}`;
}

export function keySetKey(url: string): string {
  return `key_set:v1:${url}`;
}

export function roomKey(room: RoomId): string {
  return `room:v1:${room}`;
}

/** While this key has a value, no delivery to a webhook is due. */
export const DELIVERIES_KEY = "deliveries:v1";
