import type { FanId } from "../../domain/ids.ts";
import { recentlyCalled } from "../../domain/line_history.ts";
import { ticketOf } from "../../domain/queue.ts";
import type { LastPlace, PlaceView, QueueCounts, RoomOverview } from "../../ports/queue_store.ts";
import { lastProofMs } from "./ageing.ts";
import { lapse, liveOrder } from "./places.ts";
import type { Room } from "./room.ts";
import { frontOf } from "./standing.ts";

export function roomCounts(room: Room, nowMs: number): QueueCounts {
  return {
    gathered: room.lobby.gathered.size - room.undrawn,
    waiting: room.waiting.size + room.undrawn,
    admitted: room.inside,
    parked: room.parked,
    admittedLastMinute: room.speed.admittedLastMinute(nowMs),
    lastTickAtMs: room.lastTickAtMs,
    epoch: room.epoch,
    rules: room.rules.snapshot,
    rulesVersion: room.rules.current.version,
  };
}

export function roomOverview(room: Room, nowMs: number): RoomOverview {
  const { gathered, waiting, admitted, parked, lastTickAtMs } = roomCounts(room, nowMs);
  return {
    room: room.id,
    gathered,
    waiting,
    admitted,
    parked,
    joinedTotal: room.tickets - room.first,
    admittedTotal: room.speed.turns,
    missedTotal: room.missed,
    returnedTotal: room.returns,
    seatsAvailable: room.stock.available,
    lastTickAtMs,
    front: frontOf(room, nowMs),
    tickets: room.tickets,
    recentlyCalled: recentlyCalled(room.samples, nowMs),
  };
}

/** The fan's live place, without counting as a call of the fan. */
export function placeView(room: Room, fan: FanId, nowMs: number): PlaceView | null {
  lapse(room, fan, nowMs);
  const order = liveOrder(room, fan);
  if (order === null) return null;
  const { lobby, epoch, turns, admitted, waiting, lostMs, settings: { waitingTtlMs } } = room;
  const view = { epoch, order, ticket: null, ahead: null, expiresAtMs: null };
  if (order < 0) return { ...view, state: lobby.isDrawing ? "WAITING" : "GATHERED" };
  const ticket = ticketOf(order);
  const deadlineMs = turns.score(fan);
  const endsMs = deadlineMs === undefined ? admitted.score(fan) : deadlineMs + lostMs;
  if (endsMs !== undefined) return { ...view, state: "ADMITTED", ticket, expiresAtMs: endsMs };
  const issuedAtMs = room.issued.find((entry) => entry.ticket >= order)?.atMs ?? nowMs;
  const expiresAtMs = (lastProofMs(room, fan) || issuedAtMs) + waitingTtlMs;
  const rank = waiting.rank(fan);
  if (rank === undefined) return { ...view, state: "PARKED", ticket, expiresAtMs };
  const ahead = waiting.score(fan)! < 0 ? rank : rank - room.returnedWaiting;
  return { ...view, state: "WAITING", ticket, ahead, expiresAtMs };
}

export function lastPlace({ places }: Room, fan: FanId): LastPlace | null {
  const place = places.get(fan);
  if (place?.state !== "ENDED") return null;
  const { order } = place;
  const ticket = order < 0 ? null : ticketOf(order);
  return { order, ticket, endedBecause: place.cause, endedAtMs: place.atMs };
}
