import type { FanId } from "../../domain/ids.ts";
import { ticketOf } from "../../domain/queue.ts";
import type { LastPlace, PlaceView, QueueCounts } from "../../ports/queue_store.ts";
import { provenUntilMs } from "./ageing.ts";
import { tokenOrder } from "./joining.ts";
import { lapse } from "./places.ts";
import type { Room } from "./room.ts";
import { positionOf } from "./standing.ts";

export function roomCounts(room: Room, nowMs: number): QueueCounts {
  return {
    gathered: room.lobby.gathered.size,
    waiting: room.waiting.size,
    admitted: room.inside,
    parked: room.parked,
    admittedLastMinute: room.speed.admittedLastMinute(nowMs),
    lastTickAtMs: room.lastTickAtMs,
    epoch: room.epoch,
    rules: room.rules.snapshot,
    rulesVersion: room.rules.current.version,
  };
}

/** The fan's live place, without counting as a call of the fan. */
export function placeView(room: Room, fan: FanId, nowMs: number): PlaceView | null {
  lapse(room, fan, nowMs);
  const order = tokenOrder(room, fan);
  if (order === null) return null;
  const { lobby, epoch, settings: { waitingTtlMs } } = room;
  const view = { epoch, order, ticket: order < 0 ? null : ticketOf(order), ahead: null };
  if (lobby.gathered.has(fan)) {
    if (!lobby.isDrawing) return { ...view, state: "GATHERED", expiresAtMs: null };
    const { ahead } = positionOf(room, fan, null, nowMs);
    return { ...view, state: "WAITING", ahead, expiresAtMs: null };
  }
  const deadlineMs = room.turns.score(fan);
  const turnEndsMs = deadlineMs === undefined ? undefined : deadlineMs + room.lostMs;
  const endsMs = room.admitted.score(fan) ?? turnEndsMs;
  if (endsMs !== undefined) return { ...view, state: "ADMITTED", expiresAtMs: endsMs };
  const expiresAtMs = Math.min(nowMs, provenUntilMs(room, fan, order)) + waitingTtlMs;
  if (room.places.get(fan)?.state === "PARKED") return { ...view, state: "PARKED", expiresAtMs };
  const { ahead } = positionOf(room, fan, order, nowMs);
  return { ...view, state: "WAITING", ahead, expiresAtMs };
}

export function lastPlace({ places }: Room, fan: FanId): LastPlace | null {
  const place = places.get(fan);
  if (place?.state !== "ENDED") return null;
  const ticket = place.order < 0 ? null : ticketOf(place.order);
  return { ticket, endedBecause: place.cause, endedAtMs: place.atMs };
}
